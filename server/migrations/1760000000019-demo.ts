import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The demo organisation: how far it is loaded, and what belongs to it. */
export class Demo1760000000019 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table demo (
        only_one boolean primary key default true check (only_one),
        state text not null check (state in ('loading', 'loaded', 'failed')),
        step text not null,
        done int not null default 0,
        steps int not null default 0,
        loaded_at timestamptz,
        -- When whoever loads it was last seen to go on.
        seen_at timestamptz not null default now()
      );
      -- Ids of what was made, by kind: what people make meanwhile is not among it, whatever it is called.
      create table demo_things (
        kind text not null,
        id int not null,
        primary key (kind, id)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table demo_things, demo');
  }
}
