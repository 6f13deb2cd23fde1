import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts, sessions, API tokens, the setup link, counted sign-ins and the append-only audit trail. */
export class Access1760000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table users (
        id int generated always as identity primary key,
        name text not null,
        display_name text not null,
        password_hash text not null,
        role text not null,
        disabled boolean not null default false,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      );
      create unique index users_name on users (lower(name));
      create table user_teams (
        user_id int not null references users on delete cascade,
        team_id int not null references teams on delete cascade,
        primary key (user_id, team_id)
      );
      create table sessions (
        token_hash bytea primary key,
        user_id int not null references users on delete cascade,
        created_at timestamptz not null default now(),
        last_used_at timestamptz not null default now(),
        expires_at timestamptz not null,
        address text,
        user_agent text
      );
      create index sessions_user on sessions (user_id);
      create table api_tokens (
        id int generated always as identity primary key,
        name text not null,
        token_hash bytea not null unique,
        scopes text[] not null,
        created_by int references users on delete set null,
        created_at timestamptz not null default now(),
        last_used_at timestamptz,
        expires_at timestamptz,
        revoked_at timestamptz
      );
      create table setup_links (
        only_one boolean primary key default true check (only_one),
        token_hash bytea not null,
        used_at timestamptz
      );
      create table sign_in_attempts (
        key bytea primary key,
        attempts int not null,
        ends_at timestamptz not null
      );
      create index sign_in_attempts_ends on sign_in_attempts (ends_at);
      create table audit_trail (
        id bigint generated always as identity primary key,
        at timestamptz not null default now(),
        actor_kind text not null,
        actor text not null,
        action text not null,
        subject_kind text not null,
        subject text not null,
        detail jsonb,
        address text
      );
      create index audit_trail_subject on audit_trail (subject_kind, subject, id desc);
      create function audit_trail_is_append_only() returns trigger language plpgsql as $$
      begin
        raise exception 'the audit trail is append-only';
      end $$;
      create trigger audit_trail_append_only before update or delete on audit_trail
        for each row execute function audit_trail_is_append_only();
      create trigger audit_trail_no_truncate before truncate on audit_trail
        for each statement execute function audit_trail_is_append_only();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table audit_trail, sign_in_attempts, setup_links, api_tokens, sessions, user_teams, users cascade',
    );
    await runner.query('drop function audit_trail_is_append_only');
  }
}
