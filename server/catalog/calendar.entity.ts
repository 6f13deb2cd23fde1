import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, UpdateDateColumn } from 'typeorm';
import type { CalendarDraft } from './definitions.ts';

/** Service hours. Deleted ones stay for what was judged by them; their keys are free again. */
@Entity('calendars')
export class CalendarEntity {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS' }) id!: number;
  @Column('text') key!: string;
  @Column('text') name!: string;
  @Column('text', { name: 'time_zone' }) timeZone!: string;
  @Column('jsonb') week!: CalendarDraft['week'];
  @Column('jsonb', { nullable: true }) holidays!: CalendarDraft['holidays'];
  @Column('jsonb') exceptions!: CalendarDraft['exceptions'];
  @Column('text', { name: 'managed_by', nullable: true }) managedBy!: 'file' | null;
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' }) createdAt!: Date;
  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz' }) updatedAt!: Date;
  @Column('timestamptz', { name: 'deleted_at', nullable: true }) deletedAt!: Date | null;
}
