import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What parties propose to count otherwise, and what became of that: only ever added to. */
export class Corrections1760000000016 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table corrections (
        id int generated always as identity primary key,
        agreement_id int not null references agreements,
        service_id int not null references services,
        -- The only objective that it holds for; null: all of the agreement.
        objective text,
        from_ms bigint not null,
        to_ms bigint not null,
        counts_as text not null
          check (counts_as in ('excluded', 'up', 'degraded', 'down', 'unknown', 'measured')),
        ground text,
        reason text not null,
        link text,
        party text not null check (party in ('provider', 'customer')),
        proposer_kind text not null,
        proposer text not null,
        proposed_ms bigint not null,
        due_ms bigint not null,
        -- Verdicts before and after, as they were shown to those who proposed and to those who decide.
        effects jsonb not null,
        check (from_ms < to_ms and to_ms <= proposed_ms),
        check ((counts_as = 'excluded') = (ground is not null))
      );
      create index corrections_agreement on corrections (agreement_id, to_ms);
      -- At most one of each.
      create table correction_decisions (
        correction_id int primary key references corrections,
        outcome text not null check (outcome in ('approved', 'rejected', 'withdrawn')),
        party text not null check (party in ('provider', 'customer', 'arbiter')),
        decider_kind text not null,
        decider text not null,
        decided_ms bigint not null,
        reason text not null
      );
      create function corrections_are_append_only() returns trigger language plpgsql as $$
      begin
        raise exception 'corrections are append-only';
      end $$;
      create trigger corrections_append_only before update or delete on corrections
        for each row execute function corrections_are_append_only();
      create trigger corrections_no_truncate before truncate on corrections
        for each statement execute function corrections_are_append_only();
      create trigger correction_decisions_append_only before update or delete on correction_decisions
        for each row execute function corrections_are_append_only();
      create trigger correction_decisions_no_truncate before truncate on correction_decisions
        for each statement execute function corrections_are_append_only();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table correction_decisions, corrections; drop function corrections_are_append_only');
  }
}
