import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Service hours, planned maintenance, and what was announced of it. */
export class Calendars1760000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table calendars (
        id int generated always as identity primary key,
        key text not null,
        name text not null default '',
        time_zone text not null,
        week jsonb not null,
        holidays jsonb,
        exceptions jsonb not null,
        managed_by text,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        deleted_at timestamptz
      );
      create unique index calendars_key on calendars (key) where deleted_at is null;
      create table maintenance (
        id int generated always as identity primary key,
        key text not null,
        name text not null default '',
        note text not null default '',
        dependents boolean not null,
        start_local text not null,
        time_zone text not null,
        duration_ms int not null,
        repeat text,
        except_dates text[] not null default '{}',
        announced_at timestamptz,
        managed_by text,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        deleted_at timestamptz
      );
      create unique index maintenance_key on maintenance (key) where deleted_at is null;
      create table maintenance_services (
        maintenance_id int not null references maintenance on delete cascade,
        service_id int not null references services on delete cascade,
        primary key (maintenance_id, service_id)
      );
      create index maintenance_services_service on maintenance_services (service_id);
      -- Each state of when and for whom, with the instant at which the server learnt of it; never changed.
      create table maintenance_notices (
        id int generated always as identity primary key,
        maintenance_id int not null references maintenance on delete cascade,
        received_ms bigint not null,
        announced_ms bigint,
        -- Null: it was deleted.
        schedule jsonb,
        service_ids int[] not null,
        dependents boolean not null
      );
      create index maintenance_notices_maintenance on maintenance_notices (maintenance_id, id);
      create index maintenance_notices_services on maintenance_notices using gin (service_ids);
      -- Windows that were ended early: from ended_ms to to_ms nothing is excused.
      create table maintenance_ends (
        id int generated always as identity primary key,
        maintenance_id int not null references maintenance on delete cascade,
        from_ms bigint not null,
        ended_ms bigint not null,
        to_ms bigint not null,
        ended_by text not null,
        check (from_ms <= ended_ms and ended_ms < to_ms)
      );
      create index maintenance_ends_maintenance on maintenance_ends (maintenance_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table maintenance_ends, maintenance_notices, maintenance_services, maintenance, calendars',
    );
  }
}
