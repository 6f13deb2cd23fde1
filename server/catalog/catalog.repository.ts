import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database.ts';
import type { CatalogChange, CatalogState, ChangeOf } from './catalog-difference.ts';
import { probeKey } from './definitions.ts';
import { LocationsRepository } from './locations.repository.ts';
import { ProbesRepository } from './probes.repository.ts';
import { ServicesRepository } from './services.repository.ts';
import { TeamsRepository } from './teams.repository.ts';

/** The catalog as a whole. */
@Injectable()
export class CatalogRepository {
  readonly #database: Database;
  readonly #teams: TeamsRepository;
  readonly #locations: LocationsRepository;
  readonly #services: ServicesRepository;
  readonly #probes: ProbesRepository;

  constructor(
    database: Database,
    teams: TeamsRepository,
    locations: LocationsRepository,
    services: ServicesRepository,
    probes: ProbesRepository,
  ) {
    this.#database = database;
    this.#teams = teams;
    this.#locations = locations;
    this.#services = services;
    this.#probes = probes;
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
    const teams = await this.#teams.all();
    const locations = await this.#locations.all();
    const services = await this.#services.find();
    const ids =
      probesOf === 'all' ? undefined : services.filter(({ key }) => probesOf.includes(key)).map(({ id }) => id);
    const probes = ids?.length === 0 ? [] : await this.#probes.find(ids);
    return {
      teams: byKey(teams),
      locations: byKey(locations),
      services: byKey(services),
      probes: new Map(probes.map((probe) => [probeKey(probe), probe])),
    };
  }

  /** A handful of statements however many the changes. Answers the ids of the services that are now different. */
  async write(changes: readonly CatalogChange[]): Promise<number[]> {
    const teams = sorted(changes.filter((change) => change.kind === 'team'));
    const locations = sorted(changes.filter((change) => change.kind === 'location'));
    const services = sorted(changes.filter((change) => change.kind === 'service'));
    const probes = sorted(changes.filter((change) => change.kind === 'probe'));
    await this.#save(this.#teams, teams);
    await this.#save(this.#locations, locations);
    if (probes.deleted.length > 0) await this.#probes.delete(probes.deleted);
    if (services.deleted.length > 0) await this.#services.delete(services.deleted);
    await this.#save(this.#services, services);
    await this.#save(this.#probes, probes);
    if (locations.deleted.length > 0) await this.#locations.delete(locations.deleted);
    if (teams.deleted.length > 0) await this.#teams.delete(teams.deleted);
    return this.#services.affectedBy(changes);
  }

  /** Brings back the thing of a key that was deleted last, a service with its probes. Answers whether there was one. */
  restore(kind: CatalogChange['kind'], key: string): Promise<boolean> {
    const [service = '', probe = ''] = key.split('.');
    switch (kind) {
      case 'team':
        return this.#teams.restore(key);
      case 'location':
        return this.#locations.restore(key);
      case 'service':
        return this.#services.restore(key);
      case 'probe':
        return this.#probes.restore({ service, key: probe });
    }
  }

  async #save<Draft>(
    repository: {
      insert(drafts: readonly Draft[]): Promise<void>;
      update(drafts: readonly (Draft & { id: number })[]): Promise<void>;
    },
    { created, updated }: Sorted<Draft>,
  ): Promise<void> {
    if (created.length > 0) await repository.insert(created);
    if (updated.length > 0) await repository.update(updated);
  }
}

interface Sorted<Draft> {
  created: Draft[];
  updated: (Draft & { id: number })[];
  deleted: number[];
}

function sorted<Stored extends { id: number }, Draft>(
  changes: readonly ChangeOf<unknown, Stored, Draft>[],
): Sorted<Draft> {
  return {
    created: changes.flatMap(({ stored, draft }) => (draft && !stored ? [draft] : [])),
    updated: changes.flatMap(({ stored, draft }) => (draft && stored ? [{ ...draft, id: stored.id }] : [])),
    deleted: changes.flatMap(({ stored, draft }) => (stored && !draft ? [stored.id] : [])),
  };
}

const byKey = <Thing extends { key: string }>(things: readonly Thing[]): Map<string, Thing> =>
  new Map(things.map((thing) => [thing.key, thing]));
