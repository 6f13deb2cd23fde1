import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Series, the dispatch lease, agents, status, timelines, observations' details, buckets, packed hours. */
export class Probing1760000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table series (
        id int generated always as identity primary key,
        probe_id int not null references probes on delete cascade,
        location_id int references locations,
        unique nulls not distinct (probe_id, location_id)
      );

      -- What a service was made of, and when: the parts with their schedule and confirmation as JSON.
      create table service_plans (
        service_id int not null references services on delete cascade,
        from_ms bigint not null,
        to_ms bigint,
        at_least smallint,
        parts jsonb not null,
        primary key (service_id, from_ms)
      );
      create unique index service_plans_open on service_plans (service_id) where to_ms is null;

      create table dispatch_lease (
        only_one boolean primary key default true check (only_one),
        holder text,
        epoch int not null default 0,
        expires_at timestamptz not null default '-infinity',
        -- All slots before this instant were handed out.
        dispatched_until_ms bigint not null default 0
      );
      insert into dispatch_lease default values;

      create table agents (
        id uuid primary key,
        location_id int not null references locations on delete cascade,
        version text not null,
        started_at timestamptz not null,
        last_seen_at timestamptz not null,
        -- When a batch of it came last, from whichever agent took them over.
        recorded_at timestamptz not null default now(),
        clock_offset_ms real not null default 0,
        in_flight int not null default 0,
        dropped_runs int not null default 0,
        unconfirmed_batches int not null default 0,
        -- Batches committed: all up to through, and those of beyond.
        through bigint not null default 0,
        beyond bigint[] not null default '{}'
      );
      create index agents_location on agents (location_id, last_seen_at);

      -- One row a series, rewritten with every observation: narrow, and with room on the page.
      create table series_status (
        series_id int primary key references series on delete cascade,
        last_slot_ms bigint not null,
        last_attempt smallint not null,
        covered_until_ms bigint not null,
        overdue_at_ms bigint not null,
        label smallint not null,
        stable smallint not null,
        pending jsonb,
        verdict smallint not null,
        reason smallint not null,
        latency_us int,
        observed_ms bigint not null,
        timings int[]
      ) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.5, autovacuum_vacuum_threshold = 1000);

      create table series_intervals (
        series_id int not null references series on delete cascade,
        from_ms bigint not null,
        to_ms bigint,
        state smallint not null,
        reason smallint not null,
        primary key (series_id, from_ms),
        exclude using gist (int4range(series_id, series_id, '[]') with &&, int8range(from_ms, to_ms) with &&)
          deferrable initially deferred
      );

      create table service_status (
        service_id int primary key references services on delete cascade,
        state smallint not null,
        since_ms bigint,
        reason smallint not null default 0,
        suspect boolean not null default false
      );

      -- Layers: 0 measured, 1 imported, 2 corrected; a higher layer wins where it exists.
      create table service_intervals (
        service_id int not null references services on delete cascade,
        layer smallint not null,
        from_ms bigint not null,
        to_ms bigint,
        state smallint not null,
        reason smallint not null,
        primary key (service_id, layer, from_ms),
        exclude using gist (
          int4range(service_id, service_id, '[]') with &&,
          int4range(layer, layer, '[]') with &&,
          int8range(from_ms, to_ms) with &&
        ) deferrable initially deferred
      );

      -- Text and phases of failures, changes and re-checks; attempt 0 is the slot's own run.
      create table observation_details (
        series_id int not null,
        slot_ms bigint not null,
        attempt smallint not null,
        verdict smallint not null,
        reason smallint not null,
        latency_us int,
        observed_ms bigint not null,
        timings int[],
        detail text,
        facts jsonb,
        primary key (series_id, slot_ms, attempt)
      ) partition by range (slot_ms);

      -- Days whose observations have a table of their own: observations_<day>, day in days since the epoch. A sealed
      -- day takes no more: it is being packed, or is packed and its table is gone.
      create table observation_days (
        day int primary key,
        sealed boolean not null default false
      );
      -- Buckets that no longer agree with what they are made of.
      create table dirty_buckets (
        width_ms int not null,
        from_ms bigint not null,
        primary key (width_ms, from_ms)
      );

      create table buckets (
        width_ms int not null,
        series_id int not null,
        from_ms bigint not null,
        up int not null,
        degraded int not null,
        down int not null,
        unknown int not null,
        -- DDSketch of the latencies of up and degraded observations: bucket index and count, pairwise.
        sketch_keys smallint[] not null,
        sketch_counts int[] not null,
        primary key (width_ms, series_id, from_ms)
      ) partition by list (width_ms);
      create table buckets_minute partition of buckets for values in (60000) partition by range (from_ms);
      create table buckets_hour partition of buckets for values in (3600000);
      create table buckets_day partition of buckets for values in (86400000);

      create table packed_hours (
        series_id int not null,
        from_ms bigint not null,
        observations bytea not null,
        primary key (series_id, from_ms)
      ) partition by range (from_ms);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    const days = (await runner.query('select day from observation_days')) as { day: number }[];
    for (const { day } of days) await runner.query(`drop table if exists observations_${day}`);
    await runner.query(`
      drop table packed_hours, buckets, dirty_buckets, observation_days, observation_details, service_intervals,
        service_status, series_intervals, series_status, agents, dispatch_lease, service_plans, series cascade
    `);
  }
}
