import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, UpdateDateColumn } from 'typeorm';

/** A vantage point that agents run at. Deleted ones stay with what was measured there; their keys are free again. */
@Entity('locations')
export class LocationEntity {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS' }) id!: number;
  @Column('text') key!: string;
  @Column('text') name!: string;
  @Column('text') description!: string;
  @Column('text', { name: 'managed_by', nullable: true }) managedBy!: 'file' | null;
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' }) createdAt!: Date;
  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz' }) updatedAt!: Date;
  @Column('timestamptz', { name: 'deleted_at', nullable: true }) deletedAt!: Date | null;
}
