import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How agreements stand now and as long as nothing happens, and marks of what has happened. */
export class RunningFigures1760000000018 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table running_agreements (
        agreement_id int primary key references agreements,
        -- What is told of its objectives whatever the instant.
        told json not null,
        -- What the figures rest on: service:7, agreement:payroll, calendar:office, metric:leads.
        rests_on text[] not null,
        -- Something that they rest on has changed since.
        doubtful boolean not null default false,
        -- They are evaluated anew from here on, before they run out.
        refresh_ms bigint not null,
        -- As they were last told to displays.
        verdicts text not null
      );
      create index running_agreements_due on running_agreements (refresh_ms);
      create index running_agreements_rests_on on running_agreements using gin (rests_on);

      -- One row for each stretch of time in which the figures of an objective grow evenly.
      create table running_figures (
        agreement_id int not null references running_agreements on delete cascade,
        -- Places of the version in the period and of the objective in the version.
        part smallint not null,
        place smallint not null,
        from_ms bigint not null,
        until_ms bigint not null check (until_ms > from_ms),
        course json not null,
        primary key (agreement_id, part, place, from_ms)
      );

      -- A mark for every transaction that changes something, so that none leans on the mark of another.
      create table figure_marks (subject text not null);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table figure_marks, running_figures, running_agreements');
  }
}
