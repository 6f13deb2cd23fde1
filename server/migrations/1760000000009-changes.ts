import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The newest changes of all services, found without reading their whole timelines. */
export class Changes1760000000009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'create index service_intervals_from on service_intervals (from_ms, service_id) where layer = 0',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index service_intervals_from');
  }
}
