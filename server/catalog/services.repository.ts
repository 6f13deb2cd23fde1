import { Injectable } from '@nestjs/common';
import type { ServiceListQuery } from '../contract/catalog.ts';
import { Database } from '../platform/database.ts';
import { isMaterial, type CatalogChange } from './catalog-difference.ts';
import type { CatalogKind } from './catalog-kinds.ts';
import type { ServiceDraft, StoredService } from './definitions.ts';
import { cursorKey, pageOfRows, pattern, type Rows } from './paging.ts';

const selectServices = `
  select s.id, s.key, s.name, s.description, s.category, s.owner_id as "ownerId", t.key as owner, s.tier, s.tags,
    s.paused, s.at_least as "atLeast", s.managed_by as "managedBy", s.created_at as "createdAt", s.updated_at as "updatedAt"
  from services s join teams t on t.id = s.owner_id
  where s.deleted_at is null`;

/** A chain of dependencies that is longer is not followed to its end. */
const deepest = 50;

export interface ServiceRef {
  id: number;
  key: string;
  name: string;
  createdAt: Date;
}

/** A service that another one rests on. */
export interface UpstreamRef {
  serviceId: number;
  id: number;
  key: string;
  /** Steps between the two, the longest way. */
  depth: number;
  /** Interval and confirmation of its slowest critical probe: so long its failure may go unseen. */
  leadMs: number;
}

type ServiceRow = Omit<StoredService, 'dependsOn' | 'upstreamIds' | 'dependents'>;

interface Link {
  serviceId: number;
  serviceKey: string;
  upstreamId: number;
  upstreamKey: string;
}

const recordset = `jsonb_to_recordset($1) as r(id int, key text, name text, description text, category text, owner text,
  tier smallint, tags text[], paused boolean, "atLeast" smallint, "managedBy" text, "dependsOn" text[])`;

@Injectable()
export class ServicesRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** All services, or those of the given ids; in order of key. */
  find(ids?: readonly number[]): Promise<StoredService[]> {
    return this.#select(`and ($1::int[] is null or s.id = any($1)) order by s.key collate "C"`, [ids ?? null]);
  }

  async findByKey(key: string): Promise<StoredService | undefined> {
    const [service] = await this.#select('and s.key = $1', [key]);
    return service;
  }

  async #select(rest: string, parameters: unknown[]): Promise<StoredService[]> {
    const rows = await this.#database.query<ServiceRow>(`${selectServices} ${rest}`, parameters);
    if (rows.length === 0) return [];
    // A query of its own: as an array for each row it would be planned blindly while rows are new in a transaction.
    const links = await this.#database.query<Link>(
      `select s.id as "serviceId", s.key as "serviceKey", u.id as "upstreamId", u.key as "upstreamKey"
       from service_dependencies d
       join services s on s.id = d.service_id and s.deleted_at is null
       join services u on u.id = d.upstream_id and u.deleted_at is null
       where d.service_id = any($1) or d.upstream_id = any($1)
       order by u.key collate "C", s.key collate "C"`,
      [rows.map(({ id }) => id)],
    );
    return linked(rows, links);
  }

  /** Ids and keys of services by key, those that were deleted too; in order of key. */
  refs(keys: readonly string[]): Promise<ServiceRef[]> {
    return this.#database.query(
      `select distinct on (key collate "C") id, key, name, created_at as "createdAt" from services
       where key = any($1) order by key collate "C", deleted_at desc nulls first`,
      [keys],
    );
  }

  /** All that services rest on, directly or through others, farthest first. */
  async upstream(ids: readonly number[]): Promise<UpstreamRef[]> {
    return this.#database.query(
      `with recursive below (service_id, id, depth) as (
         select d.service_id, d.upstream_id, 1 from service_dependencies d where d.service_id = any($1)
         union
         select below.service_id, d.upstream_id, below.depth + 1
         from below join service_dependencies d on d.service_id = below.id where below.depth < ${deepest}
       )
       select b.service_id as "serviceId", u.id, u.key, max(b.depth) as depth,
         coalesce((
           select max(p.every_ms + (p.confirm_failures - 1) * p.recheck_after_ms) from probes p
           where p.service_id = u.id and p.deleted_at is null and p.role = 'critical'), 0) as "leadMs"
       from below b join services u on u.id = b.id and u.deleted_at is null
       group by b.service_id, u.id, u.key
       order by b.service_id, max(b.depth) desc, u.key collate "C"`,
      [ids],
    );
  }

  async page(query: ServiceListQuery): Promise<Rows<StoredService>> {
    const rows = await this.#select(
      `and ($1::text is null or s.key ilike $1 or s.name ilike $1)
         and ($2::text is null or t.key = $2)
         and ($3::text is null or s.category = $3)
         and ($4::text is null or $4 = any(s.tags))
         and ($5::text is null or s.key collate "C" > $5)
       order by s.key collate "C" limit $6`,
      [
        pattern(query.text),
        query.team ?? null,
        query.category ?? null,
        query.tag ?? null,
        cursorKey(query.cursor),
        query.limit + 1,
      ],
    );
    return pageOfRows(rows, query.limit, ({ key }) => key);
  }

  /**
   * Ids of the services that are different after these changes were written: their own definition or probes, the name
   * of their team, or a service they rested on that is gone.
   */
  async affectedBy(changes: readonly CatalogChange[]): Promise<number[]> {
    const material = changes.filter(isMaterial);
    const keysOf = (kind: CatalogKind) => material.filter((one) => one.kind === kind).map(({ key }) => key);
    const ids = material.flatMap((change) => {
      if (change.kind === 'probe') return change.stored ? [change.stored.serviceId] : [];
      return change.kind === 'service' && change.stored ? [change.stored.id] : [];
    });
    const newProbesOf = material.flatMap((change) =>
      change.kind === 'probe' && change.draft ? [change.draft.service] : [],
    );
    const rows = await this.#database.query<{ id: number }>(
      `select s.id from services s join teams t on t.id = s.owner_id
       where s.id = any($1) or s.deleted_at is null and (
         s.key = any($2) or t.key = any($3)
         or exists (select from service_dependencies d where d.service_id = s.id and d.upstream_id = any($1)
           and exists (select from services u where u.id = d.upstream_id and u.deleted_at is not null)))
       order by s.id`,
      [ids, [...new Set([...keysOf('service'), ...newProbesOf])], keysOf('team')],
    );
    return rows.map(({ id }) => id);
  }

  /** Owners and upstream services must exist, if only among the same drafts. */
  async insert(services: readonly ServiceDraft[]): Promise<void> {
    await this.#database.query(
      `insert into services (key, name, description, category, owner_id, tier, tags, paused, at_least, managed_by)
       select r.key, r.name, r.description, r.category, t.id, r.tier, r.tags, r.paused, r."atLeast", r."managedBy"
       from ${recordset} join teams t on t.key = r.owner and t.deleted_at is null`,
      [JSON.stringify(services)],
    );
    await this.#setDependencies(services);
  }

  async update(services: readonly (ServiceDraft & { id: number })[]): Promise<void> {
    await this.#database.query(
      `update services s set name = r.name, description = r.description, category = r.category, owner_id = t.id,
         tier = r.tier, tags = r.tags, paused = r.paused, at_least = r."atLeast", managed_by = r."managedBy",
         updated_at = now()
       from ${recordset} join teams t on t.key = r.owner and t.deleted_at is null
       where s.id = r.id`,
      [JSON.stringify(services)],
    );
    await this.#setDependencies(services);
  }

  async #setDependencies(services: readonly ServiceDraft[]): Promise<void> {
    const wanted = `select s.id as service_id, u.id as upstream_id
      from ${recordset} join services s on s.key = r.key and s.deleted_at is null
      cross join unnest(r."dependsOn") as wanted(key)
      join services u on u.key = wanted.key and u.deleted_at is null`;
    const parameters = [JSON.stringify(services)];
    await this.#database.query(
      `delete from service_dependencies d using ${recordset} join services s on s.key = r.key and s.deleted_at is null
       where d.service_id = s.id and (d.service_id, d.upstream_id) not in (${wanted})`,
      parameters,
    );
    await this.#database.query(
      `insert into service_dependencies (service_id, upstream_id) ${wanted} on conflict do nothing`,
      parameters,
    );
  }

  /** Deletes services and their probes; both stay with their history. */
  async delete(ids: readonly number[]): Promise<void> {
    await this.#database.query(
      'update probes set deleted_at = now() where service_id = any($1) and deleted_at is null',
      [ids],
    );
    await this.#database.query('update services set deleted_at = now() where id = any($1)', [ids]);
  }

  /** Brings back the service of a key that was deleted last, with the probes that went with it. */
  async restore(key: string): Promise<boolean> {
    const rows = await this.#database.query(
      `with gone as (
         select id, deleted_at from services where key = $1 and deleted_at is not null order by deleted_at desc limit 1),
       parts as (update probes p set deleted_at = null from gone
         where p.service_id = gone.id and p.deleted_at = gone.deleted_at),
       back as (update services s set deleted_at = null from gone where s.id = gone.id returning s.id)
       select id from back`,
      [key],
    );
    return rows.length > 0;
  }
}

/** Services with what they rest on and what rests on them; `links` are in order of upstream key, then of service key. */
function linked(rows: readonly ServiceRow[], links: readonly Link[]): StoredService[] {
  const services = new Map(
    rows.map((row) => [
      row.id,
      { ...row, dependsOn: [] as string[], upstreamIds: [] as number[], dependents: [] as string[] },
    ]),
  );
  for (const { serviceId, serviceKey, upstreamId, upstreamKey } of links) {
    const service = services.get(serviceId);
    service?.dependsOn.push(upstreamKey);
    service?.upstreamIds.push(upstreamId);
    services.get(upstreamId)?.dependents.push(serviceKey);
  }
  return [...services.values()];
}
