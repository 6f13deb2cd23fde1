import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which evaluation running figures are of, and how often there was one of late. */
export class RunningRevisions1760000000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What was told before has another form: it is evaluated anew.
      delete from running_agreements;
      create sequence running_revisions;
      alter table running_agreements
        -- Another one for every evaluation.
        add column revision bigint not null default nextval('running_revisions'),
        add column evaluated_ms bigint not null default 0,
        -- What the limit of evaluations answered last.
        add column due_ms bigint not null default 0;
      alter sequence running_revisions owned by running_agreements.revision;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'alter table running_agreements drop column revision, drop column evaluated_ms, drop column due_ms',
    );
  }
}
