import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the page about Troth itself reads: since when the lease is held, how the database grows, which slots were missed. */
export class Upkeep1760000000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table dispatch_lease add gained_at timestamptz;
      -- The size of the database when a day began, day in days since the epoch.
      create table database_sizes (
        day int primary key,
        bytes bigint not null
      );
      -- Gaps by where they end: those of the last hours are found without a walk over all that ever were.
      create index series_intervals_missed on series_intervals (coalesce(to_ms, 9223372036854775807))
        where state = 3 and reason = 80;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index series_intervals_missed;
      drop table database_sizes;
      alter table dispatch_lease drop column gained_at;
    `);
  }
}
