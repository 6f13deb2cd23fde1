import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database.ts';

export interface AlertedService {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly team: string;
  readonly tier: number;
  readonly tags: readonly string[];
  /** Code of the reason for its state. */
  readonly reason: number | null;
}

export interface ServiceHistory {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly everyMs: number;
  /** In order; codes of states. */
  readonly intervals: readonly { readonly fromMs: number; readonly state: number }[];
}

/** A chain of dependencies that is longer is not followed to its end. */
const deepest = 50;
const mostNames = 10;

/** What alerts tell of the services that they are about, many in one statement. */
@Injectable()
export class AlertFactsRepository {
  constructor(readonly database: Database) {}

  services(ids: readonly number[]): Promise<AlertedService[]> {
    return this.database.query(
      `select s.id, s.key, s.name, t.key as team, s.tier, s.tags, st.reason
       from services s join teams t on t.id = s.owner_id left join service_status st on st.service_id = s.id
       where s.id = any($1)`,
      [ids],
    );
  }

  /** Null where there is no such service. */
  async idOf(key: string): Promise<number | null> {
    const [row] = await this.database.query<{ id: number }>(
      `select id from services where key = $1 and deleted_at is null`,
      [key],
    );
    return row?.id ?? null;
  }

  /** What services were of late: as far back as flapping looks, at their own shortest interval. */
  histories(ids: readonly number[], slots: number, nowMs: number): Promise<ServiceHistory[]> {
    return this.database.query(
      `select s.id, s.key, s.name, e.every_ms as "everyMs",
         (select coalesce(json_agg(json_build_object('fromMs', i.from_ms, 'state', i.state) order by i.from_ms), '[]')
          from service_intervals i
          where i.service_id = s.id and (i.to_ms is null or i.to_ms > $3 - $2 * e.every_ms)) as intervals
       from services s cross join lateral (
         select min(p.every_ms)::bigint as every_ms from probes p where p.service_id = s.id and p.deleted_at is null) e
       where s.id = any($1) and s.deleted_at is null and e.every_ms is not null`,
      [ids, slots, nowMs],
    );
  }

  /** What rests on services, directly or through others: some names, and how many. */
  async dependents(ids: readonly number[]): Promise<Map<number, { names: string[]; count: number }>> {
    const rows = await this.database.query<{ id: number; names: string[]; count: number }>(
      `with recursive above (root, id, depth) as (
         select d.upstream_id, d.service_id, 1 from service_dependencies d where d.upstream_id = any($1)
         union
         select above.root, d.service_id, above.depth + 1
         from above join service_dependencies d on d.upstream_id = above.id where above.depth < ${deepest})
       select a.root as id, (array_agg(distinct s.name order by s.name))[1:${mostNames}] as names,
         count(distinct s.id)::int as count
       from above a join services s on s.id = a.id and s.deleted_at is null group by a.root`,
      [ids],
    );
    return new Map(rows.map(({ id, ...one }) => [id, one]));
  }
}
