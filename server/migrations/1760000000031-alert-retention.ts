import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Resolved alerts are found by when they ended, to be forgotten long after. */
export class AlertRetention1760000000031 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create index alerts_resolved on alerts (resolved_ms) where resolved_ms is not null');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index alerts_resolved');
  }
}
