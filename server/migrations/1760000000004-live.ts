import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The stream of what changed: numbered inside the transaction that changed it, kept for minutes. */
export class Live1760000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table live_sequence (
        only_one boolean primary key default true check (only_one),
        seq bigint not null default 0
      );
      insert into live_sequence default values;
      create table live_events (
        seq bigint primary key,
        at timestamptz not null default now(),
        event jsonb not null
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table live_events, live_sequence');
  }
}
