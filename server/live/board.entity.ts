import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, UpdateDateColumn } from 'typeorm';
import type { BoardLayoutSettings, BoardSelection } from '../contract/boards.ts';

/** A saved selection of services with the way it is shown. */
@Entity('boards')
export class BoardEntity {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS' }) id!: number;
  @Column('text', { unique: true }) key!: string;
  @Column('text') name!: string;
  @Column('jsonb') selection!: BoardSelection;
  @Column('jsonb') layout!: BoardLayoutSettings;
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' }) createdAt!: Date;
  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz' }) updatedAt!: Date;
}
