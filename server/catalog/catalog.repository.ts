import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../platform/database.ts';
import type { CatalogChange } from './catalog-difference.ts';
import { kindsInOrder, type CatalogKind, type CatalogState, type DraftOf, type StoredOf } from './catalog-kinds.ts';
import { probeKey } from './definitions.ts';
import type { ProbesRepository } from './probes.repository.ts';
import type { ServicesRepository } from './services.repository.ts';

/** What the storage of every kind can do; each of it takes a handful of statements, however many the things. */
export interface KindRepository<Kind extends CatalogKind> {
  insert(drafts: readonly DraftOf<Kind>[]): Promise<void>;
  update(drafts: readonly (DraftOf<Kind> & { id: number })[]): Promise<void>;
  delete(ids: readonly number[]): Promise<void>;
  /** Brings back the thing of a key that was deleted last. Answers whether there was one. */
  restore(key: string): Promise<boolean>;
}
type Listing<Kind extends CatalogKind> = KindRepository<Kind> & { all(): Promise<StoredOf<Kind>[]> };

export type KindRepositories = {
  [Kind in Exclude<CatalogKind, 'service' | 'probe'>]: Listing<Kind>;
} & { service: ServicesRepository; probe: ProbesRepository };
/** Nest's token for the storage of all kinds. */
export const KIND_REPOSITORIES = Symbol('kind-repositories');

/** The catalog as a whole. */
@Injectable()
export class CatalogRepository {
  readonly #database: Database;
  readonly #kinds: KindRepositories;

  constructor(database: Database, @Inject(KIND_REPOSITORIES) kinds: KindRepositories) {
    this.#database = database;
    this.#kinds = kinds;
  }

  /** One writer of the catalog at a time, in a transaction: what was checked still holds when it is written. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.#database.transaction(async () => {
      await this.#database.query('select pg_advisory_xact_lock(7217085)');
      return work();
    });
  }

  /** Everything, or with the probes of the named services alone. */
  async state(probesOf: readonly string[] | 'all'): Promise<CatalogState> {
    const services = await this.#kinds.service.find();
    const ids =
      probesOf === 'all' ? undefined : services.filter(({ key }) => probesOf.includes(key)).map(({ id }) => id);
    const probes = ids?.length === 0 ? [] : await this.#kinds.probe.find(ids);
    return {
      teams: byKey(await this.#kinds.team.all()),
      locations: byKey(await this.#kinds.location.all()),
      calendars: byKey(await this.#kinds.calendar.all()),
      services: byKey(services),
      probes: new Map(probes.map((probe) => [probeKey(probe), probe])),
      maintenance: byKey(await this.#kinds.maintenance.all()),
    };
  }

  /**
   * Deletes first, what may be referred to last; then writes, what may be referred to first. A handful of statements
   * however many the changes. Answers the ids of the services that are now different.
   */
  async write(changes: readonly CatalogChange[]): Promise<number[]> {
    for (const kind of kindsInOrder.toReversed()) {
      const ids = ofKind(changes, kind).flatMap(({ stored, draft }) => (stored && !draft ? [stored.id] : []));
      if (ids.length > 0) await this.#kinds[kind].delete(ids);
    }
    for (const kind of kindsInOrder) await this.#save(kind, ofKind(changes, kind));
    return this.#kinds.service.affectedBy(changes);
  }

  /** Brings back the thing of a key that was deleted last, a service with its probes. Answers whether there was one. */
  restore(kind: CatalogKind, key: string): Promise<boolean> {
    return this.#kinds[kind].restore(key);
  }

  async #save(kind: CatalogKind, changes: readonly CatalogChange[]): Promise<void> {
    const repository = this.#kinds[kind] as KindRepository<CatalogKind>;
    const created = changes.flatMap(({ stored, draft }) => (draft && !stored ? [draft] : []));
    const updated = changes.flatMap(({ stored, draft }) => (draft && stored ? [{ ...draft, id: stored.id }] : []));
    if (created.length > 0) await repository.insert(created);
    if (updated.length > 0) await repository.update(updated);
  }
}

const ofKind = (changes: readonly CatalogChange[], kind: CatalogKind): CatalogChange[] =>
  changes.filter((change) => change.kind === kind);

const byKey = <Thing extends { key: string }>(things: readonly Thing[]): Map<string, Thing> =>
  new Map(things.map((thing) => [thing.key, thing]));
