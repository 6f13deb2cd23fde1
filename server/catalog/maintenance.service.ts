import { Injectable } from '@nestjs/common';
import type { ListQuery, Page, PutQuery } from '../contract/catalog.ts';
import {
  mostWindows,
  type Maintenance,
  type MaintenancePreview,
  type Occurrences,
  type ServiceMaintenance,
} from '../contract/maintenance.ts';
import { horizonMs, Recurrence } from '../domain/recurrence.ts';
import { subtract, unionOf, type Span, type Spans } from '../domain/spans.ts';
import { invalidInput } from '../platform/input.pipe.ts';
import { CatalogEditor, type Edited } from './catalog-editor.service.ts';
import { CatalogRestorer } from './catalog-restorer.service.ts';
import { maintenanceView } from './catalog-views.service.ts';
import type { StoredMaintenance } from './definitions.ts';
import { mapReading, readMaintenance } from './draft-parser.ts';
import { MaintenanceNoticesRepository } from './maintenance-notices.repository.ts';
import { nextWindows, previewOf, windowView } from './maintenance-preview.ts';
import { MaintenanceRepository } from './maintenance.repository.ts';
import { MaintenanceWindows, type ServiceWindow } from './maintenance-windows.service.ts';
import { found } from './not-found.ts';
import { toPage } from './paging.ts';
import { ServicesRepository } from './services.repository.ts';

export type { ServiceWindow };

const edited = (key: string): Edited => ({ kind: 'maintenance', key });
const iso = (atMs: number): string => new Date(atMs).toISOString();

/** Planned maintenance: when work is done, on what, and who was told. */
@Injectable()
export class MaintenanceService {
  readonly #maintenance: MaintenanceRepository;
  readonly #notices: MaintenanceNoticesRepository;
  readonly #windows: MaintenanceWindows;
  readonly #services: ServicesRepository;
  readonly #editor: CatalogEditor;
  readonly #restorer: CatalogRestorer;

  constructor(
    maintenance: MaintenanceRepository,
    notices: MaintenanceNoticesRepository,
    windows: MaintenanceWindows,
    services: ServicesRepository,
    editor: CatalogEditor,
    restorer: CatalogRestorer,
  ) {
    this.#maintenance = maintenance;
    this.#notices = notices;
    this.#windows = windows;
    this.#services = services;
    this.#editor = editor;
    this.#restorer = restorer;
  }

  async page(query: ListQuery): Promise<Page<Maintenance>> {
    const page = await this.#maintenance.page(query);
    const ends = await this.#notices.ends(page.rows.map(({ id }) => id));
    return toPage(page, (one) => this.#view(one, ends.get(one.id)));
  }

  async get(key: string): Promise<Maintenance> {
    const one = await this.#found(key);
    return this.#view(one, (await this.#notices.ends([one.id])).get(one.id));
  }

  /** Answers whether the maintenance is new. */
  put(key: string, input: unknown, { expect }: PutQuery): Promise<boolean> {
    return this.#editor.put({
      ...edited(key),
      expect,
      read: (_state, managedBy) =>
        mapReading(readMaintenance(input, key, [], managedBy), (draft) => ({ maintenance: [draft] })),
    });
  }

  delete(key: string): Promise<void> {
    return this.#editor.delete(edited(key));
  }

  /** Takes the last deletion back. */
  restore(key: string): Promise<void> {
    return this.#restorer.restore(edited(key));
  }

  /** The windows of a maintenance as it stands that touch [fromMs, toMs), the oldest first; no more than one answer holds. */
  async occurrences(key: string, fromMs: number, toMs: number): Promise<Occurrences> {
    const one = await this.#found(key);
    const endMs = horizonMs(one, this.#windows.nowMs());
    const ended = unionOf((await this.#notices.ends([one.id])).get(one.id) ?? []);
    const windows = subtract(new Recurrence(one).windows(fromMs, toMs, endMs), ended);
    const touching = windows.filter((window) => window.toMs > fromMs && window.fromMs < toMs);
    return { windows: touching.slice(0, mostWindows).map(windowView) };
  }

  /** What a maintenance that is being written would do next. @throws Problem invalid-input */
  preview(input: unknown): MaintenancePreview {
    const { draft, issues } = readMaintenance(input, 'preview', [], null);
    if (draft === undefined) throw invalidInput(issues);
    return previewOf(draft, this.#windows.nowMs());
  }

  /** Ends the window that runs now: the rest of it excuses nothing. @throws Problem conflict where none runs */
  end(key: string): Promise<void> {
    return this.#editor.act(edited(key), async (stored) => {
      await this.#windows.end(stored as StoredMaintenance);
    });
  }

  /**
   * Of each service the windows of maintenance that touch [fromMs, toMs), in order; those that hold through a service that
   * it rests on too, and what was ended early left out. A window begins where it really does, also where that is
   * before the span; one that was widened falls into parts that were received at different times.
   */
  windows(serviceIds: readonly number[], fromMs: number, toMs: number): Promise<Map<number, ServiceWindow[]>> {
    return this.#windows.of(serviceIds, fromMs, toMs);
  }

  /** The windows of one service over a span. */
  async ofService(key: string, fromMs: number, toMs: number): Promise<ServiceMaintenance> {
    const { id } = found('service', key, await this.#services.findByKey(key));
    const windows = (await this.#windows.of([id], fromMs, toMs)).get(id) ?? [];
    return {
      windows: windows.slice(0, mostWindows).map((window) => ({
        ...windowView(window),
        key: window.key,
        name: window.name || window.key,
        receivedAt: iso(window.receivedMs),
        declaredAt: window.declaredMs === null ? null : iso(window.declaredMs),
      })),
    };
  }

  #view(one: StoredMaintenance, ended: Span[] = []): Maintenance {
    const spans: Spans = unionOf(ended);
    return { ...maintenanceView(one), ...nextWindows(one, spans, this.#windows.nowMs()) };
  }

  async #found(key: string): Promise<StoredMaintenance> {
    return found('maintenance', key, await this.#maintenance.findByKey(key));
  }
}
