import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Teams, locations, services with their dependencies, probes. */
export class Catalog1760000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table teams (
        id int generated always as identity primary key,
        key text not null,
        name text not null,
        email text,
        description text not null default '',
        managed_by text,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        deleted_at timestamptz
      );
      create unique index teams_key on teams (key) where deleted_at is null;
      create table locations (
        id int generated always as identity primary key,
        key text not null,
        name text not null,
        description text not null default '',
        managed_by text,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        deleted_at timestamptz
      );
      create unique index locations_key on locations (key) where deleted_at is null;
      create table services (
        id int generated always as identity primary key,
        key text not null,
        name text not null,
        description text not null default '',
        category text not null,
        owner_id int not null references teams,
        tier smallint not null,
        tags text[] not null default '{}',
        paused boolean not null default false,
        at_least smallint,
        managed_by text,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        deleted_at timestamptz
      );
      create unique index services_key on services (key) where deleted_at is null;
      create index services_owner on services (owner_id);
      create table service_dependencies (
        service_id int not null references services on delete cascade,
        upstream_id int not null references services on delete cascade,
        primary key (service_id, upstream_id),
        check (service_id <> upstream_id)
      );
      create index service_dependencies_upstream on service_dependencies (upstream_id);
      create table probes (
        id int generated always as identity primary key,
        key text not null,
        name text not null default '',
        service_id int not null references services,
        kind text not null,
        config jsonb not null,
        every_ms int not null,
        offset_ms int not null,
        timeout_ms int not null,
        role text not null,
        confirm_failures smallint not null,
        recheck_after_ms int not null,
        confirm_successes smallint not null,
        degraded_above_ms int,
        quorum smallint,
        paused boolean not null default false,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        deleted_at timestamptz
      );
      create unique index probes_key on probes (service_id, key) where deleted_at is null;
      create table probe_locations (
        probe_id int not null references probes on delete cascade,
        location_id int not null references locations,
        primary key (probe_id, location_id)
      );
      create index probe_locations_location on probe_locations (location_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table probe_locations, probes, service_dependencies, services, locations, teams cascade');
  }
}
