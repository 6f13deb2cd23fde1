import { Injectable } from '@nestjs/common';
import type { Schedule } from '../domain/recurrence.ts';
import type { Span } from '../domain/spans.ts';
import { Database } from '../platform/database.ts';

/** One state of a maintenance, as it was announced. */
export interface StoredNotice {
  id: number;
  maintenanceId: number;
  /** Of the maintenance as it is called now. */
  key: string;
  name: string;
  receivedMs: number;
  announcedMs: number | null;
  /** Null where it was deleted. */
  schedule: Schedule | null;
  serviceIds: readonly number[];
  dependents: boolean;
}

const selectNotices = `
  select n.id, n.maintenance_id as "maintenanceId", m.key, m.name, n.received_ms as "receivedMs",
    n.announced_ms as "announcedMs", n.schedule, n.service_ids as "serviceIds", n.dependents
  from maintenance_notices n join maintenance m on m.id = n.maintenance_id`;

/** What was announced of maintenance, and what of it was ended early. */
@Injectable()
export class MaintenanceNoticesRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** All notices of every maintenance that ever named one of the services, in order. */
  about(serviceIds: readonly number[]): Promise<StoredNotice[]> {
    return this.#database.query(
      `${selectNotices}
       where n.maintenance_id in (select maintenance_id from maintenance_notices where service_ids && $1::int[])
       order by n.maintenance_id, n.id`,
      [serviceIds],
    );
  }

  /** The newest two notices of the newest maintenance of each key, deleted ones too; the newest last. */
  newestOf(keys: readonly string[]): Promise<StoredNotice[]> {
    return this.#database.query(
      `select newest.* from unnest($1::text[]) as wanted(key)
       cross join lateral (
         select n.maintenance_id from maintenance_notices n join maintenance m on m.id = n.maintenance_id
         where m.key = wanted.key order by n.id desc limit 1) latest
       cross join lateral (
         ${selectNotices} where n.maintenance_id = latest.maintenance_id order by n.id desc limit 2) newest
       order by newest."maintenanceId", newest.id`,
      [keys],
    );
  }

  /** What rests on what, directly or through others: of each service itself and all that it rests on. */
  async upstreamOf(serviceIds: readonly number[]): Promise<Map<number, Set<number>>> {
    const rows = await this.#database.query<{ service: number; upstream: number }>(
      `with recursive chain (service, upstream) as (
         select id, id from unnest($1::int[]) as wanted(id)
         union
         select c.service, d.upstream_id from chain c join service_dependencies d on d.service_id = c.upstream
           join services s on s.id = d.service_id and s.deleted_at is null)
       select service, upstream from chain`,
      [serviceIds],
    );
    const chains = new Map<number, Set<number>>();
    for (const { service, upstream } of rows) chains.set(service, (chains.get(service) ?? new Set()).add(upstream));
    return chains;
  }

  /** The services themselves and all that rest on them, directly or through others. */
  async downstreamOf(serviceIds: readonly number[]): Promise<number[]> {
    const rows = await this.#database.query<{ id: number }>(
      `with recursive reached (id) as (
         select id from unnest($1::int[]) as wanted(id)
         union
         select d.service_id from reached r join service_dependencies d on d.upstream_id = r.id)
       select id from reached order by id`,
      [serviceIds],
    );
    return rows.map(({ id }) => id);
  }

  /** Of each maintenance the spans in which it was ended early. */
  async ends(maintenanceIds: readonly number[]): Promise<Map<number, Span[]>> {
    const rows = await this.#database.query<{ id: number; fromMs: number; toMs: number }>(
      `select maintenance_id as id, ended_ms as "fromMs", to_ms as "toMs" from maintenance_ends
       where maintenance_id = any($1) order by ended_ms`,
      [maintenanceIds],
    );
    const ends = new Map<number, Span[]>();
    for (const { id, fromMs, toMs } of rows) ends.set(id, [...(ends.get(id) ?? []), { fromMs, toMs }]);
    return ends;
  }

  /** Ends a window early. */
  async end(maintenanceId: number, { fromMs, toMs }: Span, endedMs: number, by: string): Promise<void> {
    await this.#database.query(
      `insert into maintenance_ends (maintenance_id, from_ms, ended_ms, to_ms, ended_by) values ($1, $2, $3, $4, $5)`,
      [maintenanceId, fromMs, endedMs, toMs, by],
    );
  }
}
