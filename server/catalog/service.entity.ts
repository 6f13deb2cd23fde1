import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, UpdateDateColumn } from 'typeorm';
import type { categories } from '../contract/catalog.ts';

/** What a team provides. Deleted services stay, with their history; their keys are free again. */
@Entity('services')
export class ServiceEntity {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS' }) id!: number;
  @Column('text') key!: string;
  @Column('text') name!: string;
  @Column('text') description!: string;
  @Column('text') category!: (typeof categories)[number];
  @Column('int', { name: 'owner_id' }) ownerId!: number;
  @Column('smallint') tier!: number;
  @Column('text', { array: true }) tags!: string[];
  @Column('boolean') paused!: boolean;
  @Column('smallint', { name: 'at_least', nullable: true }) atLeast!: number | null;
  @Column('text', { name: 'managed_by', nullable: true }) managedBy!: 'file' | null;
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' }) createdAt!: Date;
  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz' }) updatedAt!: Date;
  @Column('timestamptz', { name: 'deleted_at', nullable: true }) deletedAt!: Date | null;
}
