import { Injectable } from '@nestjs/common';
import { AccessService } from '../access/access.service.ts';
import { AuditService } from '../access/audit.service.ts';
import { EventBus } from '../platform/events.ts';
import { Problem } from '../platform/problem.ts';
import { catalogKinds, draftsOf, storedOf, type CatalogState } from './catalog-kinds.ts';
import type { Edited } from './catalog-editor.service.ts';
import { catalogIssues } from './catalog-rules.ts';
import { CatalogRepository } from './catalog.repository.ts';
import type { StoredProbe, StoredService } from './definitions.ts';
import { MaintenanceWindows } from './maintenance-windows.service.ts';
import { notFound } from './not-found.ts';

/** Takes deletions back: the same thing with the same history, not one like it. */
@Injectable()
export class CatalogRestorer {
  readonly #repository: CatalogRepository;
  readonly #access: AccessService;
  readonly #audit: AuditService;
  readonly #events: EventBus;
  readonly #maintenance: MaintenanceWindows;

  constructor(
    repository: CatalogRepository,
    access: AccessService,
    audit: AuditService,
    events: EventBus,
    maintenance: MaintenanceWindows,
  ) {
    this.#repository = repository;
    this.#access = access;
    this.#audit = audit;
    this.#events = events;
    this.#maintenance = maintenance;
  }

  /** @throws Problem not-found, conflict */
  restore(edited: Edited): Promise<void> {
    return this.#repository.exclusively(async () => {
      const { kind, key } = edited;
      const before = storedOf(await this.#repository.state('all'), kind);
      if (before.has(key)) throw new Problem('conflict', `There is a ${kind} "${key}"`);
      if (!(await this.#repository.restore(kind, key))) throw notFound(kind, key, [...before.keys()]);
      // Looked at as it would be: a refusal from here on undoes the transaction.
      const state = await this.#repository.state('all');
      this.#assertFits(edited, state);
      await this.#audit.record({ action: `${kind}.restored`, subjectKind: kind, subject: key });
      await this.#events.publish('catalog.changed', {
        serviceIds: touchedServices(edited, state),
        locationsChanged: kind === 'location',
      });
      if (kind === 'calendar') await this.#events.publish('calendars.changed', { keys: [key] });
      if (kind === 'maintenance') await this.#maintenance.publish([key]);
    });
  }

  #assertFits(edited: Edited, state: CatalogState): void {
    const { owners, managedBy } = catalogKinds[edited.kind];
    for (const owner of owners(state, edited.key)) this.#access.assertMayChange(owner);
    if (managedBy(state, edited.key) === 'file') {
      throw new Problem(
        'managed-by-file',
        `The config file managed ${edited.kind} "${edited.key}": bring it back there`,
      );
    }
    const faults = catalogIssues(state, { drafts: draftsOf(broughtBack(edited, state)) }, () => []);
    if (faults.length > 0) throw new Problem('conflict', faults.map(({ message }) => message).join('; '));
  }
}

function broughtBack({ kind, key }: Edited, { services, probes, maintenance }: CatalogState) {
  const isOfIt = (probe: StoredProbe, name: string) => (kind === 'service' ? probe.service === key : name === key);
  const service = kind === 'service' ? services.get(key) : undefined;
  const own = kind === 'service' || kind === 'probe' ? [...probes].filter(([name, probe]) => isOfIt(probe, name)) : [];
  const work = kind === 'maintenance' ? maintenance.get(key) : undefined;
  return {
    services: service ? [service] : [],
    probes: own.map(([, probe]) => probe),
    maintenance: work ? [work] : [],
  };
}

/** The services that are different now: the one that is back or whose probe is, and those that rest on it. */
function touchedServices({ kind, key }: Edited, { services }: CatalogState): number[] {
  if (kind !== 'service' && kind !== 'probe') return [];
  const service = services.get(key.split('.')[0]!)!;
  const dependents = kind === 'service' ? service.dependents.map((one) => services.get(one)!) : [];
  return [service, ...dependents].map(({ id }: StoredService) => id);
}
