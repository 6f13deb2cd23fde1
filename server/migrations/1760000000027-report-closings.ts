import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Parties that say that everything of a period is in: with both it is frozen before it has settled. */
export class ReportClosings1760000000027 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table report_closings (
        agreement_id int not null references agreements,
        period text not null,
        party text not null check (party in ('provider', 'customer')),
        -- The account, or the program, and how people read it.
        by_user text not null,
        by_name text not null,
        at timestamptz not null default now(),
        primary key (agreement_id, period, party)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table report_closings');
  }
}
