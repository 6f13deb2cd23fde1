import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Service hours. */
export class Calendars1760000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table calendars (
        id int generated always as identity primary key,
        key text not null,
        name text not null default '',
        time_zone text not null,
        week jsonb not null,
        holidays jsonb,
        exceptions jsonb not null,
        managed_by text,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        deleted_at timestamptz
      );
      create unique index calendars_key on calendars (key) where deleted_at is null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table calendars');
  }
}
