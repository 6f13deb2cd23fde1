import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people on call note for whoever follows: never changed, as a log is. */
export class ShiftNotes1760000000029 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table shift_notes (
        id int generated always as identity primary key,
        schedule_id int not null references on_call_schedules,
        text text not null,
        by_name text not null,
        at timestamptz not null default now()
      );
      create index shift_notes_schedule on shift_notes (schedule_id, at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table shift_notes');
  }
}
