import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Alerts with their life, routes and silences, how urgent rules are, and by which channels people are reached. */
export class Alerts1760000000028 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table alerts (
        id int generated always as identity primary key,
        -- What it is about: one alert of it lives at a time.
        fingerprint text not null,
        rule text not null,
        urgency text not null check (urgency in ('page', 'notify', 'ticket')),
        title text not null,
        reason text,
        service_id int references services on delete set null,
        agreement_id int references agreements on delete set null,
        -- Service and agreement by key and name, as people read them.
        about jsonb not null,
        objective text,
        incident_id int references incidents on delete set null,
        -- What routes and silences match, as it was when it fired: service, team, agreements, tags, tier.
        labels jsonb not null,
        -- What is told together.
        group_key text not null,
        is_once boolean not null default false,
        since_ms bigint not null,
        fired_ms bigint not null,
        last_ms bigint not null,
        repeats int not null default 0,
        acknowledged_ms bigint,
        acknowledged_by text,
        resolved_ms bigint,
        assigned_user text,
        assigned_team text,
        -- When something is to be done about it next: it is told, told again, or looked at anew.
        due_ms bigint,
        muted text,
        told_ms bigint,
        told_in int references alerts on delete set null,
        -- The escalation policy that it follows, since when, and when its last step was told.
        policy text,
        escalated_ms bigint,
        stepped_ms bigint,
        -- How often something was told of it.
        tellings int not null default 0
      );
      create unique index alerts_living on alerts (fingerprint) where resolved_ms is null;
      create index alerts_due on alerts (due_ms) where due_ms is not null;
      create index alerts_incident on alerts (incident_id) where incident_id is not null;
      create index alerts_group on alerts (group_key, told_ms);
      create index alerts_told_in on alerts (told_in) where told_in is not null;
      create index alerts_service on alerts (service_id, id) where service_id is not null;
      create index alerts_agreement on alerts (agreement_id) where agreement_id is not null;
      create index deliveries_of_alert on deliveries (alert_id, id) where alert_id > 0;

      create table alert_routes (
        id int generated always as identity primary key,
        key text not null,
        managed_by text check (managed_by = 'file'),
        -- What people wrote, as the contract has it. Names other things by their keys.
        definition jsonb not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        deleted_at timestamptz
      );
      create unique index alert_routes_key on alert_routes (key) where deleted_at is null;

      create table silences (
        id int generated always as identity primary key,
        match jsonb not null,
        fingerprint text,
        reason text not null,
        author text not null,
        from_ms bigint not null,
        to_ms bigint not null check (to_ms >= from_ms),
        -- Its end was told.
        is_announced boolean not null default false,
        created_at timestamptz not null default now()
      );
      create index silences_end on silences (to_ms) where not is_announced;

      create table alert_rule_settings (
        rule text not null,
        scope text not null check (scope in ('service', 'agreement')),
        key text not null,
        urgency text not null check (urgency in ('page', 'notify', 'ticket', 'off')),
        hold_ms int not null,
        primary key (rule, scope, key)
      );

      -- What is looked at when its time comes, and how it stood when it was looked at last.
      create table alert_watches (
        kind text not null,
        -- The id of the agreement, incident or service.
        subject int not null,
        due_ms bigint,
        state jsonb not null default '{}',
        agreement_id int generated always as (case kind when 'promises' then subject end) stored
          references agreements on delete cascade,
        incident_id int generated always as (case kind when 'clocks' then subject end) stored
          references incidents on delete cascade,
        service_id int generated always as (case kind when 'flapping' then subject end) stored
          references services on delete cascade,
        primary key (kind, subject)
      );
      create index alert_watches_agreement on alert_watches (agreement_id) where agreement_id is not null;
      create index alert_watches_incident on alert_watches (incident_id) where incident_id is not null;
      create index alert_watches_service on alert_watches (service_id) where service_id is not null;
      create index alert_watches_due on alert_watches (due_ms) where due_ms is not null;
      insert into alert_watches (kind, subject, due_ms) select 'promises', id, 0 from agreements where deleted_at is null;

      create table contacts (
        user_id int not null references users on delete cascade,
        place smallint not null,
        channel text not null,
        primary key (user_id, place)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index deliveries_of_alert;
      drop table contacts, alert_watches, alert_rule_settings, silences, alert_routes, alerts;
    `);
  }
}
