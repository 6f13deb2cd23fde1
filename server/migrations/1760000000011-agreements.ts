import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Agreements: a draft that people edit, and versions that were in force. */
export class Agreements1760000000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table agreements (
        id int generated always as identity primary key,
        key text not null,
        managed_by text check (managed_by = 'file'),
        -- As people write it, checked by the schema of the contract; null where all of it is in force as it stands.
        draft jsonb,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        deleted_at timestamptz
      );
      create unique index agreements_key on agreements (key) where deleted_at is null;

      create table agreement_versions (
        id int generated always as identity primary key,
        agreement_id int not null references agreements on delete cascade,
        number int not null,
        state text not null check (state in ('declared', 'replaced')),
        document jsonb not null,
        -- Local days of the agreement's time zone; the last is the first on which it no longer holds.
        effective_from date not null,
        effective_to date check (effective_to > effective_from),
        created_at timestamptz not null default now(),
        unique (agreement_id, number),
        -- On each day one version at most is in force.
        exclude using gist (
          int4range(agreement_id, agreement_id, '[]') with &&,
          daterange(effective_from, effective_to) with &&
        ) where (state <> 'replaced') deferrable initially deferred
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table agreement_versions, agreements`);
  }
}
