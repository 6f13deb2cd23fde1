import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Incidents that probes open and fold, what is known and done about them, and where other systems tell of theirs. */
export class IncidentsWhole1760000000024 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table incidents
        add column severity_reason text,
        add column attribution text,
        add column cause text not null default '',
        add column impact_text text not null default '',
        add column root_service_id int references services on delete set null,
        add column location_id int references locations on delete set null,
        add column follows_id int references incidents on delete set null,
        add column merged_into_id int references incidents on delete set null,
        -- Learnt of after its end: nobody could have answered it.
        add column is_late boolean not null default false,
        add column assigned_user_id int references users on delete set null,
        add column assigned_team_id int references teams on delete set null,
        add column told_ms bigint;
      create index incidents_merged on incidents (merged_into_id) where merged_into_id is not null;
      create index incidents_follows on incidents (follows_id) where follows_id is not null;
      create index incidents_root on incidents (root_service_id, started_ms desc) where root_service_id is not null;
      create index incidents_location on incidents (location_id, started_ms desc) where location_id is not null;
      -- What nobody sees while a location is silent is listed, and judged as if nothing were.
      alter table incident_services add column is_hidden boolean not null default false;
      alter table incident_pauses
        add column resume_by_ms bigint,
        add column disputed_ms bigint,
        add column disputed_by text,
        add column dispute text;
      create index incident_pauses_resuming on incident_pauses (resume_by_ms) where to_ms is null;

      -- Outages of services as they are told: in which incident, or in none while agreed maintenance covers them.
      create table incident_outages (
        id int generated always as identity primary key,
        service_id int not null references services on delete cascade,
        incident_id int references incidents on delete set null,
        from_ms bigint not null,
        to_ms bigint,
        -- When it is looked at again whether it has to be told of.
        review_ms bigint
      );
      create unique index incident_outages_open on incident_outages (service_id) where to_ms is null;
      create index incident_outages_service on incident_outages (service_id, from_ms desc);
      create index incident_outages_incident on incident_outages (incident_id);
      create index incident_outages_review on incident_outages (review_ms) where to_ms is null;

      -- Breaches that a change of severity would have undone.
      create table incident_breaches (
        incident_id int not null references incidents on delete cascade,
        agreement_id int not null references agreements on delete cascade,
        clock text not null,
        severity smallint not null,
        due_ms bigint not null,
        recorded_at timestamptz not null default now(),
        primary key (incident_id, agreement_id, clock, severity)
      );

      create table incident_acts (
        id int generated always as identity primary key,
        incident_id int not null references incidents on delete cascade,
        act text not null,
        at_ms bigint not null,
        by_kind text not null,
        by_name text not null,
        note text not null default '',
        to_customer boolean not null default false,
        detail jsonb not null default '{}',
        recorded_at timestamptz not null default now()
      );
      create index incident_acts_incident on incident_acts (incident_id, at_ms, id);
      create function incident_acts_are_append_only() returns trigger language plpgsql as $$
      begin
        raise exception 'what was done with incidents is append-only';
      end $$;
      create trigger incident_acts_append_only before update on incident_acts
        for each row execute function incident_acts_are_append_only();

      create table incident_follow_ups (
        id int generated always as identity primary key,
        incident_id int not null references incidents on delete cascade,
        what text not null,
        owner_user_id int references users on delete set null,
        owner_team_id int references teams on delete set null,
        due_on date,
        done_ms bigint
      );
      create index incident_follow_ups_incident on incident_follow_ups (incident_id);

      create table incident_hooks (
        id int generated always as identity primary key,
        key text not null unique,
        name text not null,
        kind text not null,
        mapping jsonb not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      );
      create table incident_hook_calls (
        hook_id int not null references incident_hooks on delete cascade,
        digest text not null,
        received_at timestamptz not null default now(),
        primary key (hook_id, digest)
      );
      create index incident_hook_calls_received on incident_hook_calls (received_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table incident_hook_calls, incident_hooks, incident_follow_ups, incident_acts, incident_breaches,
        incident_outages;
      drop function incident_acts_are_append_only();
      alter table incident_pauses
        drop column resume_by_ms, drop column disputed_ms, drop column disputed_by, drop column dispute;
      alter table incident_services drop column is_hidden;
      alter table incidents
        drop column severity_reason, drop column attribution, drop column cause, drop column impact_text,
        drop column root_service_id, drop column location_id, drop column follows_id, drop column merged_into_id,
        drop column is_late, drop column assigned_user_id, drop column assigned_team_id, drop column told_ms;
    `);
  }
}
