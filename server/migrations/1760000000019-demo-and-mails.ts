import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The demo organisation: how far it is loaded, and what belongs to it; and mails about frozen reports. */
export class DemoAndMails1760000000019 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table demo (
        only_one boolean primary key default true check (only_one),
        -- Of whoever loads it: what was taken over by somebody else has another.
        token uuid not null,
        state text not null check (state in ('loading', 'loaded', 'failed')),
        step text not null,
        done int not null default 0,
        steps int not null default 0,
        loaded_at timestamptz,
        -- When whoever loads it was last seen to go on.
        seen_at timestamptz not null default now()
      );
      -- Ids of what was made, by kind: what people make meanwhile is not among it, whatever it is called.
      create table demo_things (
        kind text not null,
        id int not null,
        primary key (kind, id)
      );

      -- Who is told of a frozen report: each of its revisions once.
      create table report_mails (
        id int generated always as identity primary key,
        report_id int not null references reports,
        party text not null check (party in ('provider', 'customer')),
        recipient text not null,
        state text not null default 'queued' check (state in ('queued', 'sent', 'failed')),
        attempts int not null default 0,
        -- When it is tried next; a worker that has it keeps others from it until busy_until.
        next_at timestamptz not null default now(),
        busy_until timestamptz,
        -- What the mail server said when it was tried last.
        error text,
        changed_at timestamptz not null default now(),
        unique (report_id, recipient)
      );
      create index report_mails_due on report_mails (next_at) where state = 'queued';
      create index report_mails_failed on report_mails (changed_at) where state = 'failed';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table report_mails, demo_things, demo');
  }
}
