import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files with history from other systems on their way in, and what became of replaced values of metrics. */
export class HistoryImports1760000000021 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table history_imports (
        id int generated always as identity primary key,
        kind text not null,
        format text not null,
        name text not null,
        -- What rows are of that do not say it themselves, and the zone of their times.
        settings jsonb not null,
        state text not null default 'receiving',
        bytes bigint not null,
        received_bytes bigint not null default 0,
        checked_bytes bigint not null default 0,
        row_count bigint not null default 0,
        applied_rows bigint not null default 0,
        faults jsonb not null default '[]',
        has_more_faults boolean not null default false,
        preview jsonb not null default '{"columns": [], "rows": []}',
        subjects jsonb not null default '[]',
        subject_count int not null default 0,
        created_at timestamptz not null default now(),
        touched_at timestamptz not null default now(),
        created_by jsonb not null,
        confirmed_by jsonb,
        applied_at timestamptz,
        -- Who checks holds it until then; each attempt puts an end to those before.
        attempt int not null default 0,
        held_until timestamptz not null default '-infinity'
      );
      create index history_imports_open on history_imports (state) where state in ('checking', 'applying');

      create table import_chunks (
        import_id int not null references history_imports on delete cascade,
        from_byte bigint not null,
        content bytea not null,
        primary key (import_id, from_byte)
      );
      alter table import_chunks alter column content set storage external;

      -- Rows that were read and are right, each by itself, until all are taken over at once.
      create table import_rows (
        import_id int not null references history_imports on delete cascade,
        subject text collate "C" not null,
        at_ms bigint not null,
        row int not null,
        to_ms bigint,
        code smallint,
        reason smallint,
        amount numeric(21, 6),
        primary key (import_id, subject, at_ms, row)
      );

      -- Values that gave way to others, or to nothing; never changed.
      create table metric_changes (
        id bigint generated always as identity primary key,
        metric text not null,
        at_ms bigint not null,
        before numeric(21, 6) not null,
        after numeric(21, 6),
        reason text,
        by_kind text not null,
        by_name text not null,
        changed_at timestamptz not null default now()
      );
      create index metric_changes_metric on metric_changes (metric, id desc);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table metric_changes, import_rows, import_chunks, history_imports');
  }
}
