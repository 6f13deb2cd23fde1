import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A mark of a dirty bucket for every transaction that dirties it, so that none leans on the mark of another. */
export class DirtyMarks1760000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table dirty_buckets drop constraint dirty_buckets_pkey;
      create index dirty_buckets_bucket on dirty_buckets (width_ms, from_ms);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index dirty_buckets_bucket;
      delete from dirty_buckets d using dirty_buckets twin
        where (twin.width_ms, twin.from_ms) = (d.width_ms, d.from_ms) and twin.ctid < d.ctid;
      alter table dirty_buckets add primary key (width_ms, from_ms);
    `);
  }
}
