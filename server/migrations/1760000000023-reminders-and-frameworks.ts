import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who is reminded of what they owe, by the one outbox of mails; and the terms that many agreements share. */
export class RemindersAndFrameworks1760000000023 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(reminders);
    await runner.query(outbox);
    await runner.query(frameworks);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table framework_versions, frameworks;
      drop function framework_version_stays;
      delete from mails where report_id is null;
      alter table mails drop column reminder_id, drop column is_once, drop column handed_at;
      alter table mails drop constraint report_mails_party_check, drop constraint report_mails_state_check;
      alter table mails alter column report_id set not null,
        add constraint report_mails_party_check check (party in ('provider', 'customer')),
        add constraint report_mails_state_check check (state in ('queued', 'sent', 'failed'));
      alter table mails rename to report_mails;
      drop table reminders, reminder_rules;
    `);
  }
}

const reminders = `
  -- When people are reminded, where that is not as it comes.
  create table reminder_rules (
    kind text primary key,
    is_on boolean not null,
    days int[] not null,
    changed_at timestamptz not null default now()
  );
  create table reminders (
    id int generated always as identity primary key,
    agreement_id int not null references agreements,
    kind text not null,
    -- What is owed and by whom: the same for as long as it is.
    step text not null,
    -- Which of the stated times it was: days after it was owed first, or before it is too late as negative ones.
    stage int not null,
    party text not null check (party in ('provider', 'customer', 'arbiter')),
    what text not null,
    at timestamptz not null default now(),
    unique (agreement_id, step, stage)
  );
`;

const outbox = `
  alter table report_mails rename to mails;
  alter table mails drop constraint report_mails_party_check, drop constraint report_mails_state_check;
  alter table mails
    alter column report_id drop not null,
    add column reminder_id int references reminders,
    -- It must not be sent twice, even where it is not known whether it was.
    add column is_once boolean not null default false,
    -- From then on the mail server may have it.
    add column handed_at timestamptz,
    add constraint report_mails_party_check check (party in ('provider', 'customer', 'arbiter')),
    add constraint report_mails_state_check check (state in ('queued', 'sent', 'failed', 'dropped')),
    add constraint mails_about_one_thing check (num_nonnulls(report_id, reminder_id) = 1),
    add constraint mails_once_a_reminder unique (reminder_id, recipient);
`;

const frameworks = `
  create table frameworks (
    id int generated always as identity primary key,
    key text not null,
    managed_by text check (managed_by = 'file'),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz
  );
  create unique index frameworks_key on frameworks (key) where deleted_at is null;
  create table framework_versions (
    framework_id int not null references frameworks,
    number int not null,
    title text not null,
    texts json not null,
    actor_kind text not null,
    actor text not null,
    at timestamptz not null default now(),
    primary key (framework_id, number)
  );
  create function framework_version_stays() returns trigger language plpgsql as $$
  begin
    raise exception 'a version of framework terms stays as it is: it is the next one that is otherwise';
  end $$;
  create trigger framework_versions_stay before update or delete on framework_versions
    for each row execute function framework_version_stays();
`;
