import { Injectable } from '@nestjs/common';
import { reasons, verdictCode } from '../../probes/contract.ts';
import type { StoragePart, SystemLocation } from '../contract/system.ts';
import { dayMs, hourMs } from '../domain/durations.ts';
import { agentSilenceMs } from '../domain/liveness.ts';
import { Database } from '../platform/database.ts';

const endless = '9223372036854775807';

/** Figures about the database and what it holds; nothing here walks over a table that grows. */
@Injectable()
export class SystemRepository {
  constructor(readonly database: Database) {}

  /** Every location, with what it owes and what of that nobody observed, up to an instant. */
  async locations(nowMs: number): Promise<SystemLocation[]> {
    // An interval of a series without observations is as many slots as fit into it.
    const missedSince = (from: string) =>
      `floor(sum(greatest(0, least(to_ms, $1) - greatest(from_ms, ${from}))::numeric / every_ms))::int`;
    return this.database.query<SystemLocation>(
      `with owed as (
         select s.id, s.location_id, p.every_ms, st.last_slot_ms < 0 as unseen, sp.from_ms as planned_ms
         from probes p join services v on v.id = p.service_id and v.deleted_at is null and not v.paused
           join probe_locations pl on pl.probe_id = p.id
           join series s on s.probe_id = p.id and s.location_id = pl.location_id
           join series_status st on st.series_id = s.id
           join service_plans sp on sp.service_id = v.id and sp.to_ms is null
         where p.deleted_at is null and not p.paused
       ), sums as (
         select location_id, count(*)::int as probes, count(*) filter (where unseen)::int as never,
           round(sum(${hourMs}::numeric / every_ms))::int as per_hour
         from owed group by location_id
       ), missed as (
         select location_id, ${missedSince(`$1 - ${hourMs}`)} as hour, ${missedSince(`$1 - ${dayMs}`)} as day
         from (
           select o.location_id, o.every_ms, i.from_ms, coalesce(i.to_ms, $1) as to_ms
           from series_intervals i join owed o on o.id = i.series_id
           where i.state = ${verdictCode('unknown')} and i.reason = ${reasons['not-observed'].code}
             and coalesce(i.to_ms, ${endless}) > $1 - ${dayMs}
           union all
           -- A series that was never observed has no interval: all that it owed since it is planned is missed.
           select location_id, every_ms, planned_ms, $1 from owed where unseen
         ) gaps group by location_id
       ), alive as (
         select location_id, count(*)::int as agents from agents
         where last_seen_at > now() - interval '${agentSilenceMs} milliseconds' group by location_id
       )
       select l.key, l.name, coalesce(a.agents, 0) as agents, coalesce(s.probes, 0) as probes,
         coalesce(s.never, 0) as "neverObserved", coalesce(s.per_hour, 0) as "owedPerHour",
         coalesce(m.hour, 0) as "missedLastHour", coalesce(m.day, 0) as "missedLastDay"
       from locations l left join sums s on s.location_id = l.id left join missed m on m.location_id = l.id
         left join alive a on a.location_id = l.id
       where l.deleted_at is null order by l.key collate "C"`,
      [Math.floor(nowMs)],
    );
  }

  /** Rows are what the database's own statistics say. */
  async storage(): Promise<{ part: StoragePart; rows: number; bytes: number; tables: number }[]> {
    return this.database.query(
      `select case
           when n.nspname = 'bullmq' then 'queues'
           when c.relname ~ '^observations_[0-9]+$' then 'fresh'
           when c.relname ~ '^packed_hours' then 'packed'
           when c.relname ~ '^observation_details' then 'details'
           when c.relname ~ '^buckets' then 'buckets'
           when c.relname ~ '^(series|service)_intervals$' then 'timelines'
           when c.relname = 'audit_trail' then 'audit'
           else 'other' end as part,
         sum(greatest(c.reltuples, pg_stat_get_live_tuples(c.oid), 0))::bigint as rows,
         sum(pg_total_relation_size(c.oid))::bigint as bytes, count(*)::int as tables
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind = 'r' and n.nspname in (current_schema(), 'bullmq') group by 1 order by bytes desc`,
    );
  }

  async size(): Promise<{ bytes: number; version: string; connections: number; mostConnections: number }> {
    const [row] = await this.database.query<{
      bytes: number;
      version: string;
      connections: number;
      mostConnections: number;
    }>(
      `select pg_database_size(current_database()) as bytes, current_setting('server_version') as version,
         (select count(*)::int from pg_stat_activity where datname = current_database()) as connections,
         current_setting('max_connections')::int as "mostConnections"`,
    );
    return row!;
  }

  /** Writes down how large the database is when a day begins, once, and forgets what is older than a year. */
  async noteSize(day: number): Promise<void> {
    await this.database.query(
      `insert into database_sizes (day, bytes)
       select $1, pg_database_size(current_database()) where not exists (select from database_sizes where day = $1)
       on conflict do nothing`,
      [day],
    );
    await this.database.query('delete from database_sizes where day < $1', [day - 366]);
  }

  /** The first and the last size of the days from one on; null before a second one is known. */
  async growthSince(day: number): Promise<{ days: number; bytes: number } | null> {
    const [row] = await this.database.query<{ days: number | null; bytes: number | null }>(
      `select max(day) - min(day) as days,
         (array_agg(bytes order by day desc))[1] - (array_agg(bytes order by day))[1] as bytes
       from database_sizes where day >= $1`,
      [day],
    );
    return row?.days ? { days: row.days, bytes: row.bytes! } : null;
  }
}
