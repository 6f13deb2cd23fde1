import type { MigrationInterface, QueryRunner } from 'typeorm';

/** On-call schedules with their overrides and calendar feeds, and escalation policies. */
export class OnCall1760000000026 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(definitions('on_call_schedules'));
    await runner.query(definitions('escalation_policies'));
    await runner.query(`
      create table on_call_overrides (
        id int generated always as identity primary key,
        schedule_id int not null references on_call_schedules,
        -- By the name of the account: it stays when the account is gone, and is then shown as a gap.
        member text not null,
        from_at timestamptz not null,
        to_at timestamptz not null check (to_at > from_at),
        reason text not null,
        actor text not null,
        created_at timestamptz not null default now()
      );
      create index on_call_overrides_end on on_call_overrides (schedule_id, to_at);
      create table on_call_feeds (
        id int generated always as identity primary key,
        schedule_id int not null references on_call_schedules,
        name text not null,
        token_hash bytea not null unique,
        -- Whose it is: it ends with the account. Null where a token of the API made it.
        user_id int references users on delete cascade,
        actor text not null,
        created_at timestamptz not null default now(),
        last_used_at timestamptz
      );
      create index on_call_feeds_schedule on on_call_feeds (schedule_id, id);
      create index on_call_feeds_user on on_call_feeds (user_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table on_call_feeds, on_call_overrides, on_call_schedules, escalation_policies');
  }
}

const definitions = (table: string): string => `
  create table ${table} (
    id int generated always as identity primary key,
    key text not null,
    managed_by text check (managed_by = 'file'),
    -- What people wrote, as the contract has it. Names other things by their keys.
    definition jsonb not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz
  );
  create unique index ${table}_key on ${table} (key) where deleted_at is null;
`;
