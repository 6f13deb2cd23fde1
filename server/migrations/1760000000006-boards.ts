import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Boards, and tokens that open one of them alone. */
export class Boards1760000000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table boards (
        id int generated always as identity primary key,
        key text not null unique,
        name text not null,
        selection jsonb not null,
        layout jsonb not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      );
      -- The board that a kiosk token opens; null for a token of the API. The board of everything has no row.
      alter table api_tokens add column board_key text;
      create index api_tokens_board on api_tokens (board_key, id desc) where board_key is not null;
      -- The figures of a month and the changes of the last minutes are read by the ends of intervals.
      create index service_intervals_end on service_intervals (to_ms);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index service_intervals_end;
      delete from api_tokens where board_key is not null;
      alter table api_tokens drop column board_key;
      drop table boards;
    `);
  }
}
