import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import type { ListQuery } from '../contract/catalog.ts';
import { Database } from '../platform/database.ts';
import { restoreNewest } from '../platform/restored-row.ts';
import type { MaintenanceDraft, StoredMaintenance } from './definitions.ts';
import { cursorKey, pageOfRows, pattern, type Rows } from './paging.ts';

const selectMaintenance = `
  select m.id, m.key, m.name, m.note, m.dependents, m.start_local as start, m.time_zone as "timeZone",
    m.duration_ms as "durationMs", m.repeat, m.except_dates as "except", m.announced_at as "announcedAt",
    m.managed_by as "managedBy", m.updated_at as "updatedAt", coalesce(parts.keys, '{}') as services,
    coalesce(parts.ids, '{}') as "serviceIds", coalesce(parts.owners, '{}') as owners
  from maintenance m
  left join lateral (
    select array_agg(s.key order by s.key collate "C") as keys, array_agg(s.id order by s.key collate "C") as ids,
      array_agg(distinct t.key) as owners
    from maintenance_services x join services s on s.id = x.service_id and s.deleted_at is null
      join teams t on t.id = s.owner_id
    where x.maintenance_id = m.id
  ) parts on true
  where m.deleted_at is null`;

const recordset = `jsonb_to_recordset($1) as r(id int, key text, name text, note text, dependents boolean, start text,
  "timeZone" text, "durationMs" int, repeat text, "except" text[], "announcedAt" timestamptz, "managedBy" text,
  services text[])`;

/** Every write of when or for whom leaves a notice, with the instant of the server's receipt. */
@Injectable()
export class MaintenanceRepository {
  readonly #database: Database;
  readonly #clock: SteadyClock;

  constructor(database: Database, clock: SteadyClock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** In order of key. */
  all(): Promise<StoredMaintenance[]> {
    return this.#database.query(`${selectMaintenance} order by m.key collate "C"`);
  }

  async findByKey(key: string): Promise<StoredMaintenance | undefined> {
    const [one] = await this.#database.query<StoredMaintenance>(`${selectMaintenance} and m.key = $1`, [key]);
    return one;
  }

  async page({ text, limit, cursor }: ListQuery): Promise<Rows<StoredMaintenance>> {
    const rows = await this.#database.query<StoredMaintenance>(
      `${selectMaintenance}
         and ($1::text is null or m.key ilike $1 or m.name ilike $1)
         and ($2::text is null or m.key collate "C" > $2)
       order by m.key collate "C" limit $3`,
      [pattern(text), cursorKey(cursor), limit + 1],
    );
    return pageOfRows(rows, limit, ({ key }) => key);
  }

  async insert(maintenance: readonly MaintenanceDraft[]): Promise<void> {
    const rows = await this.#database.query<{ id: number }>(
      `insert into maintenance (key, name, note, dependents, start_local, time_zone, duration_ms, repeat, except_dates,
         announced_at, managed_by)
       select r.key, r.name, r.note, r.dependents, r.start, r."timeZone", r."durationMs", r.repeat, r."except",
         r."announcedAt", r."managedBy"
       from ${recordset} returning id`,
      [JSON.stringify(maintenance)],
    );
    await this.#setServices(maintenance);
    await this.#notice(rows.map(({ id }) => id));
  }

  async update(maintenance: readonly (MaintenanceDraft & { id: number })[]): Promise<void> {
    await this.#database.query(
      `update maintenance m set name = r.name, note = r.note, dependents = r.dependents, start_local = r.start,
         time_zone = r."timeZone", duration_ms = r."durationMs", repeat = r.repeat, except_dates = r."except",
         announced_at = r."announcedAt", managed_by = r."managedBy", updated_at = now()
       from ${recordset} where m.id = r.id`,
      [JSON.stringify(maintenance)],
    );
    await this.#setServices(maintenance);
    await this.#notice(maintenance.map(({ id }) => id));
  }

  async delete(ids: readonly number[]): Promise<void> {
    await this.#database.query('update maintenance set deleted_at = now() where id = any($1)', [ids]);
    await this.#notice(ids);
  }

  /** Brings back the one of a key that was deleted last; its windows are announced anew. Answers whether there was one. */
  async restore(key: string): Promise<boolean> {
    const id = await restoreNewest(this.#database, 'maintenance', key);
    await this.#notice(id === null ? [] : [id]);
    return id !== null;
  }

  async #setServices(maintenance: readonly MaintenanceDraft[]): Promise<void> {
    const wanted = `select m.id as maintenance_id, s.id as service_id
      from ${recordset} join maintenance m on m.key = r.key and m.deleted_at is null
      cross join unnest(r.services) as wanted(key) join services s on s.key = wanted.key and s.deleted_at is null`;
    const parameters = [JSON.stringify(maintenance)];
    await this.#database.query(
      `delete from maintenance_services x using ${recordset} join maintenance m on m.key = r.key and m.deleted_at is null
       where x.maintenance_id = m.id and (x.maintenance_id, x.service_id) not in (${wanted})`,
      parameters,
    );
    await this.#database.query(
      `insert into maintenance_services (maintenance_id, service_id) ${wanted} on conflict do nothing`,
      parameters,
    );
  }

  /** Notes the state of each that is another than the newest notice says. */
  async #notice(ids: readonly number[]): Promise<void> {
    await this.#database.query(
      `with state as (
         select m.id, (extract(epoch from m.announced_at) * 1000)::bigint as announced_ms,
           case when m.deleted_at is null then jsonb_build_object('start', m.start_local, 'timeZone', m.time_zone,
             'durationMs', m.duration_ms, 'repeat', m.repeat, 'except', m.except_dates) end as schedule,
           coalesce((select array_agg(x.service_id order by x.service_id) from maintenance_services x
             where x.maintenance_id = m.id), '{}') as service_ids, m.dependents
         from maintenance m where m.id = any($1))
       insert into maintenance_notices (maintenance_id, received_ms, announced_ms, schedule, service_ids, dependents)
       select s.id, $2, s.announced_ms, s.schedule, s.service_ids, s.dependents
       from state s left join lateral (
         select * from maintenance_notices n where n.maintenance_id = s.id order by n.id desc limit 1) n on true
       where (s.announced_ms, s.schedule, s.service_ids, s.dependents)
         is distinct from (n.announced_ms, n.schedule, n.service_ids, n.dependents)`,
      [ids, Math.floor(this.#clock.now())],
    );
  }
}
