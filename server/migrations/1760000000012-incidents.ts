import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Incidents, requests and drills, the services they are about, and what their clocks waited for. */
export class Incidents1760000000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table incidents (
        id int generated always as identity primary key,
        kind text not null,
        title text not null,
        description text not null default '',
        severity smallint not null,
        impact smallint,
        urgency smallint,
        source text not null default '',
        reference text unique,
        started_ms bigint not null,
        detected_ms bigint,
        reported_ms bigint,
        acknowledged_ms bigint,
        responded_ms bigint,
        resolved_ms bigint,
        closed_ms bigint,
        -- Clocks run from detection or report, whichever came first.
        clocked_ms bigint not null generated always as (least(detected_ms, reported_ms)) stored,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      );
      create index incidents_started on incidents (started_ms desc, id desc);
      -- Those that were not over at an instant: few, whatever there was before it.
      create index incidents_resolved on incidents (coalesce(resolved_ms, 9223372036854775807));
      create table incident_services (
        incident_id int not null references incidents on delete cascade,
        service_id int not null references services on delete cascade,
        primary key (incident_id, service_id)
      );
      create index incident_services_service on incident_services (service_id);
      create table incident_pauses (
        id int generated always as identity primary key,
        incident_id int not null references incidents on delete cascade,
        reason text not null,
        note text not null default '',
        from_ms bigint not null,
        to_ms bigint,
        exclude using gist (int4range(incident_id, incident_id, '[]') with &&, int8range(from_ms, to_ms) with &&)
      );
      create unique index incident_pauses_open on incident_pauses (incident_id) where to_ms is null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table incident_pauses, incident_services, incidents');
  }
}
