import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, UpdateDateColumn } from 'typeorm';
import type { probeRoles } from '../contract/catalog.ts';

/** A definition of one synthetic check of a service. Secrets in `config` are sealed. */
@Entity('probes')
export class ProbeEntity {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS' }) id!: number;
  @Column('text') key!: string;
  @Column('text') name!: string;
  @Column('int', { name: 'service_id' }) serviceId!: number;
  @Column('text') kind!: string;
  @Column('jsonb') config!: Record<string, unknown>;
  @Column('int', { name: 'every_ms' }) everyMs!: number;
  /** Set once, when the probe is made or its interval changes: spreads slots evenly over the interval. */
  @Column('int', { name: 'offset_ms' }) offsetMs!: number;
  @Column('int', { name: 'timeout_ms' }) timeoutMs!: number;
  @Column('text') role!: (typeof probeRoles)[number];
  @Column('smallint', { name: 'confirm_failures' }) confirmFailures!: number;
  @Column('int', { name: 'recheck_after_ms' }) recheckAfterMs!: number;
  @Column('smallint', { name: 'confirm_successes' }) confirmSuccesses!: number;
  @Column('int', { name: 'degraded_above_ms', nullable: true }) degradedAboveMs!: number | null;
  @Column('smallint', { nullable: true }) quorum!: number | null;
  @Column('boolean') paused!: boolean;
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' }) createdAt!: Date;
  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz' }) updatedAt!: Date;
  @Column('timestamptz', { name: 'deleted_at', nullable: true }) deletedAt!: Date | null;
}
