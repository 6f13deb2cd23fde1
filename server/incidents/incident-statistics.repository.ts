import { Injectable } from '@nestjs/common';
import type { StatisticsQuery } from '../contract/incident-statistics.ts';
import type { Span } from '../domain/spans.ts';
import { Database } from '../platform/database.ts';

export interface StatisticsRow {
  /** Null: over all groups. */
  readonly key: string | null;
  readonly name: string | null;
  readonly count: number;
  readonly open: number;
  readonly reopened: number;
  readonly meanAcknowledgeMs: number | null;
  readonly meanRestoreMs: number | null;
  /** Time of the services concerned in the span, and how much of it incidents took. */
  readonly spanMs: number;
  readonly hurtMs: number;
}

const groups: Readonly<Record<StatisticsQuery['by'], readonly [key: string, name: string]>> = {
  service: ['s.key', 's.name'],
  team: ['t.key', 't.name'],
  severity: ['i.severity::text', "'Severity ' || i.severity"],
  month: [
    "to_char(to_timestamp(i.started_ms / 1000.0) at time zone 'UTC', 'YYYY-MM')",
    "to_char(to_timestamp(i.started_ms / 1000.0) at time zone 'UTC', 'YYYY-MM')",
  ],
};

/** What incidents come to, in one statement. */
@Injectable()
export class IncidentStatisticsRepository {
  constructor(readonly database: Database) {}

  /** By group in order of key, and over all of them last. An incident of several services counts once in each group. */
  read({ by, kind }: Pick<StatisticsQuery, 'by' | 'kind'>, { fromMs, toMs }: Span, nowMs: number) {
    const [key, name] = groups[by];
    return this.database.query<StatisticsRow>(
      `with concerned as (
         select i.id, m.service_id, ${key} as key, ${name} as name, i.started_ms, i.acknowledged_ms, i.resolved_ms,
           i.clocked_ms, i.is_late
         from incidents i join incident_services m on m.incident_id = i.id and not m.is_hidden
         join services s on s.id = m.service_id join teams t on t.id = s.owner_id
         where i.kind = $1 and i.merged_into_id is null and i.started_ms >= $2 and i.started_ms < $3),
       -- Once by group, and once over all of them: those have no key.
       told as (
         select key, name, id, service_id, started_ms, acknowledged_ms, resolved_ms, clocked_ms, is_late from concerned
         union all
         select null, null, id, service_id, started_ms, acknowledged_ms, resolved_ms, clocked_ms, is_late from concerned),
       hurt as (
         select key, sum(upper(hurting) - lower(hurting))::bigint as ms from (
           select key, unnest(range_agg(int8range(started_ms,
             greatest(least(coalesce(resolved_ms, $4), $3), started_ms)))) as hurting
           from told group by key, service_id) runs
         group by key),
       spans as (
         select key, count(distinct service_id) * case when $5 and key is not null
             then least($3, (extract(epoch from to_timestamp(key, 'YYYY-MM') + interval '1 month') * 1000)::bigint)
               - greatest($2, (extract(epoch from to_timestamp(key, 'YYYY-MM')) * 1000)::bigint)
             else $3::bigint - $2::bigint end as ms
         from told group by key),
       single as (select distinct on (key, id) * from told order by key, id)
       select g.key, min(g.name) as name, count(*)::int as count,
         count(*) filter (where g.resolved_ms is null)::int as open,
         count(*) filter (where exists (select from incident_pauses p
           where p.incident_id = g.id and p.reason = 'resolved'))::int as reopened,
         (avg(g.acknowledged_ms - g.clocked_ms) filter (where not g.is_late))::float8 as "meanAcknowledgeMs",
         avg(g.resolved_ms - g.started_ms)::float8 as "meanRestoreMs",
         min(s.ms)::bigint as "spanMs", coalesce(min(h.ms), 0)::bigint as "hurtMs"
       from single g join spans s on s.key is not distinct from g.key left join hurt h on h.key is not distinct from g.key
       group by g.key order by g.key nulls last`,
      [kind, fromMs, toMs, nowMs, by === 'month'],
    );
  }
}
