import { Injectable } from '@nestjs/common';
import { AuditService, type AuditRecord } from '../access/audit.service.ts';
import { toldChanges, type Fields } from '../domain/differences.ts';
import { EventBus } from '../platform/events.ts';
import { isMaterial, type CatalogChange } from './catalog-difference.ts';
import { catalogKinds } from './catalog-kinds.ts';
import { CatalogRepository } from './catalog.repository.ts';
import { CatalogService } from './catalog.service.ts';
import { concernsWindows, MaintenanceWindows } from './maintenance-windows.service.ts';

/** Carries out changes that were found valid. */
@Injectable()
export class CatalogWriter {
  readonly #repository: CatalogRepository;
  readonly #catalog: CatalogService;
  readonly #audit: AuditService;
  readonly #events: EventBus;
  readonly #maintenance: MaintenanceWindows;

  constructor(
    repository: CatalogRepository,
    catalog: CatalogService,
    audit: AuditService,
    events: EventBus,
    maintenance: MaintenanceWindows,
  ) {
    this.#repository = repository;
    this.#catalog = catalog;
    this.#audit = audit;
    this.#events = events;
    this.#maintenance = maintenance;
  }

  /** Runs one writer at a time, in a transaction: reads of the catalog inside still hold when they are written. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.#repository.exclusively(work);
  }

  /** Writes, records and publishes; call it inside `exclusively`. */
  async write(changes: readonly CatalogChange[]): Promise<void> {
    if (changes.length === 0) return;
    const serviceIds = await this.#repository.write(changes.map((change) => this.#sealed(change)));
    await this.#audit.recordAll(changes.map(toRecord));
    const locationsChanged = changes.some((change) => change.kind === 'location' && isMaterial(change));
    await this.#events.publish('catalog.changed', { serviceIds, locationsChanged });
    const calendars = changes.filter((change) => change.kind === 'calendar' && isMaterial(change));
    if (calendars.length > 0)
      await this.#events.publish('calendars.changed', { keys: calendars.map(({ key }) => key) });
    await this.#maintenance.publish(changes.filter(concernsWindows).map(({ key }) => key));
  }

  #sealed(change: CatalogChange): CatalogChange {
    if (change.kind !== 'probe' || !change.draft) return change;
    return { ...change, draft: { ...change.draft, config: this.#catalog.sealConfig(change.draft) } };
  }
}

const verbs = { create: 'created', update: 'changed', adopt: 'adopted', delete: 'deleted' } as const;

function toRecord(change: CatalogChange): AuditRecord {
  const { kind, key, action, fields } = change;
  const detail = action === 'create' ? shownFields(change) : changedFields(fields);
  return { action: `${kind}.${verbs[action]}`, subjectKind: kind, subject: key, ...(detail ? { detail } : {}) };
}

const changedFields = (fields: CatalogChange['fields']) =>
  fields.length > 0 ? { fields: toldChanges(fields) } : undefined;

/** The fields of a new thing, secrets hidden. */
function shownFields({ kind, draft }: CatalogChange): Fields | undefined {
  return draft && (catalogKinds[kind].fieldsOf as (thing: typeof draft) => Fields)(draft);
}
