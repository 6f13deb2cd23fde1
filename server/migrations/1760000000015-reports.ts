import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Frozen reports: a chain for each agreement, which nothing changes or takes apart. */
export class Reports1760000000015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table reports (
        id int generated always as identity primary key,
        agreement_id int not null references agreements,
        -- Place in the chain of the agreement, from 1.
        sequence int not null,
        period text not null,
        from_ms bigint not null,
        to_ms bigint not null check (to_ms > from_ms),
        revision int not null,
        -- Canonical JSON: the text itself is what the hash is over.
        content text not null,
        -- What a list shows of it, as the content says it too.
        gist json not null,
        previous_hash text,
        hash text not null,
        frozen_at timestamptz not null default now(),
        unique (agreement_id, sequence),
        unique (agreement_id, period, revision),
        check ((sequence = 1) = (previous_hash is null))
      );
      create index reports_newest on reports (agreement_id, from_ms desc, revision desc);
      create index reports_span on reports using gist (int8range(from_ms, to_ms));

      -- Frozen periods that rest on something that has changed since: they are derived anew, and revised where it matters.
      create table reports_in_doubt (
        agreement_id int not null references agreements,
        period text not null,
        reason text not null,
        primary key (agreement_id, period)
      );

      create function keep_reports() returns trigger language plpgsql as $$
        begin
          raise exception 'a frozen report is never changed or deleted';
        end $$;
      create trigger reports_are_kept before update or delete on reports
        for each row execute function keep_reports();
      create trigger reports_are_not_emptied before truncate on reports
        for each statement execute function keep_reports();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table reports_in_doubt, reports;
      drop function keep_reports();
    `);
  }
}
