import { Injectable } from '@nestjs/common';
import type { ProbeListQuery } from '../contract/catalog.ts';
import { spreadOffsetMs } from '../domain/slots.ts';
import { Database } from '../platform/database.ts';
import type { ProbeDraft, StoredProbe } from './definitions.ts';
import { cursorKey, pageOfRows, pattern, type Rows } from './paging.ts';

const selectProbes = `
  select p.id, p.key, p.name, p.service_id as "serviceId", s.key as service, t.key as owner, s.managed_by as "managedBy", p.updated_at as "updatedAt",
    p.kind, p.config,
    p.every_ms as "everyMs", p.offset_ms as "offsetMs", p.timeout_ms as "timeoutMs", p.role,
    json_build_object('failures', p.confirm_failures, 'recheckAfterMs', p.recheck_after_ms,
      'successes', p.confirm_successes) as confirm,
    p.degraded_above_ms as "degradedAboveMs", p.quorum, p.paused,
    coalesce(places.keys, '{}') as locations, coalesce(places.ids, '{}') as "locationIds"
  from probes p join services s on s.id = p.service_id join teams t on t.id = s.owner_id
  left join lateral (
    select array_agg(l.key order by l.key collate "C") as keys, array_agg(l.id order by l.key collate "C") as ids
    from probe_locations x join locations l on l.id = x.location_id where x.probe_id = p.id
  ) places on true
  where p.deleted_at is null and s.deleted_at is null`;

const recordset = `jsonb_to_recordset($1) as r(id int, service text, key text, name text, kind text, config jsonb,
  "everyMs" int, "offsetMs" int, "timeoutMs" int, locations text[], role text, confirm jsonb, "degradedAboveMs" int,
  quorum smallint, paused boolean)`;

const confirmation = `(r.confirm->>'failures')::smallint, (r.confirm->>'recheckAfterMs')::int,
  (r.confirm->>'successes')::smallint`;

/** Secrets in configs are sealed by the caller. */
@Injectable()
export class ProbesRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** All probes, or those of the given services; in order of service and key. */
  find(serviceIds?: readonly number[]): Promise<StoredProbe[]> {
    return this.#database.query(
      `${selectProbes} and ($1::int[] is null or p.service_id = any($1))
       order by s.key collate "C", p.key collate "C"`,
      [serviceIds ?? null],
    );
  }

  async findByName({ service, key }: { service: string; key: string }): Promise<StoredProbe | undefined> {
    const [probe] = await this.#database.query<StoredProbe>(`${selectProbes} and s.key = $1 and p.key = $2`, [
      service,
      key,
    ]);
    return probe;
  }

  async page(query: ProbeListQuery): Promise<Rows<StoredProbe>> {
    const [service, key] = cursorKey(query.cursor)?.split('.', 2) ?? [];
    const rows = await this.#database.query<StoredProbe>(
      `${selectProbes}
         and ($1::text is null or p.key ilike $1 or p.name ilike $1 or s.key ilike $1)
         and ($2::text is null or s.key = $2)
         and ($3::text is null or p.kind = $3)
         and ($4::text is null or exists (select from probe_locations x join locations l on l.id = x.location_id
           where x.probe_id = p.id and l.key = $4))
         and ($5::text is null or (s.key collate "C", p.key collate "C") > ($5, $6))
       order by s.key collate "C", p.key collate "C" limit $7`,
      [
        pattern(query.text),
        query.service ?? null,
        query.kind ?? null,
        query.location ?? null,
        service ?? null,
        key ?? '',
        query.limit + 1,
      ],
    );
    return pageOfRows(rows, query.limit, (probe) => `${probe.service}.${probe.key}`);
  }

  /** Services must exist. Ids come first, for the place of a probe's slots follows from its id. */
  async insert(probes: readonly ProbeDraft[]): Promise<void> {
    const ids = await this.#database.query<{ id: number }>(
      `select nextval(pg_get_serial_sequence('probes', 'id'))::int as id from generate_series(1, $1)`,
      [probes.length],
    );
    const rows = probes.map((probe, index) => {
      const { id } = ids[index]!;
      return { ...probe, id, offsetMs: spreadOffsetMs(id, probe.everyMs) };
    });
    await this.#database.query(
      `insert into probes (id, key, name, service_id, kind, config, every_ms, offset_ms, timeout_ms, role,
         confirm_failures, recheck_after_ms, confirm_successes, degraded_above_ms, quorum, paused)
       overriding system value
       select r.id, r.key, r.name, s.id, r.kind, r.config, r."everyMs", r."offsetMs", r."timeoutMs", r.role,
         ${confirmation}, r."degradedAboveMs", r.quorum, r.paused
       from ${recordset} join services s on s.key = r.service and s.deleted_at is null`,
      [JSON.stringify(rows)],
    );
    await this.#setLocations(rows);
  }

  /** The offset stays as long as the interval does. */
  async update(probes: readonly (ProbeDraft & Pick<StoredProbe, 'id'>)[]): Promise<void> {
    const rows = probes.map((probe) => ({ ...probe, offsetMs: spreadOffsetMs(probe.id, probe.everyMs) }));
    await this.#database.query(
      `update probes p set name = r.name, kind = r.kind, config = r.config,
         offset_ms = case when p.every_ms = r."everyMs" then p.offset_ms else r."offsetMs" end,
         every_ms = r."everyMs", timeout_ms = r."timeoutMs", role = r.role,
         (confirm_failures, recheck_after_ms, confirm_successes) = row(${confirmation}),
         degraded_above_ms = r."degradedAboveMs", quorum = r.quorum, paused = r.paused, updated_at = now()
       from ${recordset} where p.id = r.id`,
      [JSON.stringify(rows)],
    );
    await this.#setLocations(rows);
  }

  async #setLocations(probes: readonly { id: number; locations: readonly string[] }[]): Promise<void> {
    const parameters = [JSON.stringify(probes.map(({ id, locations }) => ({ id, locations })))];
    const wanted = `select r.id as probe_id, l.id as location_id
      from ${recordset} cross join unnest(r.locations) as wanted(key)
      join locations l on l.key = wanted.key and l.deleted_at is null`;
    await this.#database.query(
      `delete from probe_locations x using ${recordset}
       where x.probe_id = r.id and (x.probe_id, x.location_id) not in (${wanted})`,
      parameters,
    );
    await this.#database.query(
      `insert into probe_locations (probe_id, location_id) ${wanted} on conflict do nothing`,
      parameters,
    );
  }

  async delete(ids: readonly number[]): Promise<void> {
    await this.#database.query('update probes set deleted_at = now() where id = any($1)', [ids]);
  }

  /** Brings back the probe of a name that was deleted last. Answers whether there was one. */
  async restore(name: string): Promise<boolean> {
    const rows = await this.#database.query(
      `with back as (update probes set deleted_at = null where id = (
         select p.id from probes p join services s on s.id = p.service_id and s.deleted_at is null
         where s.key = $1 and p.key = $2 and p.deleted_at is not null order by p.deleted_at desc limit 1) returning id)
       select id from back`,
      name.split('.'),
    );
    return rows.length > 0;
  }
}
