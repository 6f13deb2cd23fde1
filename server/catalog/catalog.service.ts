import { Inject, Injectable } from '@nestjs/common';
import { KEYRING, type Keyring } from '../platform/secrets.ts';
import type { CatalogState } from './catalog-kinds.ts';
import { namesOf, type CatalogNames } from './catalog-names.ts';
import { CatalogRepository } from './catalog.repository.ts';
import {
  withProbes,
  type ProbeDraft,
  type ServiceDefinition,
  type StoredLocation,
  type StoredProbe,
} from './definitions.ts';
import { LocationsRepository } from './locations.repository.ts';
import { ProbesRepository } from './probes.repository.ts';
import { openConfig, sealConfig } from './probe-secrets.ts';
import { ServicesRepository, type ServiceRef, type UpstreamRef } from './services.repository.ts';

export type { CatalogNames, ServiceRef, UpstreamRef, ServiceDefinition, StoredLocation, StoredProbe };

/** What other features read of the catalog: many things in few queries. */
@Injectable()
export class CatalogService {
  readonly #repository: CatalogRepository;
  readonly #locations: LocationsRepository;
  readonly #services: ServicesRepository;
  readonly #probes: ProbesRepository;
  readonly #key: Buffer;

  constructor(
    repository: CatalogRepository,
    locations: LocationsRepository,
    services: ServicesRepository,
    probes: ProbesRepository,
    @Inject(KEYRING) keyring: Keyring,
  ) {
    this.#repository = repository;
    this.#locations = locations;
    this.#services = services;
    this.#probes = probes;
    this.#key = keyring.atRest;
  }

  /** Services with their probes, in order of key: those of the given ids that exist, or all. Secrets are sealed. */
  async definitions(serviceIds?: readonly number[]): Promise<ServiceDefinition[]> {
    return withProbes(await this.#services.find(serviceIds), await this.#probes.find(serviceIds));
  }

  /** Ids and names of services by key, those that were deleted too. */
  serviceRefs(keys: readonly string[]): Promise<ServiceRef[]> {
    return this.#services.refs(keys);
  }

  /** All that services rest on, directly or through others, farthest first. */
  upstreamOf(serviceIds: readonly number[]): Promise<UpstreamRef[]> {
    return this.#services.upstream(serviceIds);
  }

  locations(): Promise<StoredLocation[]> {
    return this.#locations.all();
  }

  /** The whole catalog, or with the probes of the named services alone. */
  state(probesOf: readonly string[] | 'all'): Promise<CatalogState> {
    return this.#repository.state(probesOf);
  }

  /** What may be referred to by key. */
  async names(): Promise<CatalogNames> {
    return namesOf(await this.state('all'));
  }

  /** One writer of the catalog, and of what refers to it, at a time, in a transaction. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.#repository.exclusively(work);
  }

  /** The config of a probe with its secrets in the clear: for those who run it, never for an answer. */
  openConfig({ kind, config }: Pick<StoredProbe, 'kind' | 'config'>): ProbeDraft['config'] {
    return openConfig(this.#key, kind, config);
  }

  sealConfig({ kind, config }: Pick<ProbeDraft, 'kind' | 'config'>): StoredProbe['config'] {
    return sealConfig(this.#key, kind, config);
  }
}
