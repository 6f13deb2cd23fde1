import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, UpdateDateColumn } from 'typeorm';

/** Planned maintenance as it stands now; what was announced of it when is in its notices. Keys of deleted ones are free again. */
@Entity('maintenance')
export class MaintenanceEntity {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS' }) id!: number;
  @Column('text') key!: string;
  @Column('text') name!: string;
  @Column('text') note!: string;
  @Column('boolean') dependents!: boolean;
  @Column('text', { name: 'start_local' }) startLocal!: string;
  @Column('text', { name: 'time_zone' }) timeZone!: string;
  @Column('int', { name: 'duration_ms' }) durationMs!: number;
  @Column('text', { nullable: true }) repeat!: string | null;
  @Column('text', { name: 'except_dates', array: true }) exceptDates!: string[];
  @Column('timestamptz', { name: 'announced_at', nullable: true }) announcedAt!: Date | null;
  @Column('text', { name: 'managed_by', nullable: true }) managedBy!: 'file' | null;
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' }) createdAt!: Date;
  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz' }) updatedAt!: Date;
  @Column('timestamptz', { name: 'deleted_at', nullable: true }) deletedAt!: Date | null;
}
