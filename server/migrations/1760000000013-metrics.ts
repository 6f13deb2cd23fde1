import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Numbers that teams push, by the instant that they are of. */
export class Metrics1760000000013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table metrics (
        id int generated always as identity primary key,
        key text not null unique
      );
      create table metric_values (
        metric_id int not null references metrics on delete cascade,
        at_ms bigint not null,
        value numeric(21, 6) not null,
        received_at timestamptz not null default now(),
        primary key (metric_id, at_ms)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table metric_values, metrics');
  }
}
