import { createHash } from 'node:crypto';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { SeriesSpec } from '../../probes/contract.ts';
import { secretPaths } from '../../probes/registry.ts';
import { CatalogService, type StoredProbe } from '../catalog/catalog.service.ts';
import type { PlannedSeries } from '../domain/plan.ts';
import { LOGGER, type Logger } from '../platform/logger.ts';
import { isSealed, Keyring, KEYRING, mapPaths, seal, unseal } from '../platform/secrets.ts';
import { PlanningRepository, type PlannedPart, type StoredPlan } from './planning.repository.ts';

/** A series that is owed now. */
export interface OwedSeries extends PlannedSeries {
  serviceId: number;
  probeId: number;
  part: PlannedPart;
  /** When its service's plan began, epoch ms. */
  sinceMs: number;
  /** What the agent needs; null for push probes, which no agent runs. */
  spec: SeriesSpec | null;
}

type Listener = () => void;

/** All series that are owed now, in memory on every server, read again when the plan changes. */
@Injectable()
export class SeriesDirectory implements BeforeApplicationShutdown {
  #series = new Map<number, OwedSeries>();
  readonly #listeners: Listener[] = [];
  #loading: Promise<void> | null = null;
  #again = false;
  #stopped = false;
  readonly #keys = new Map<string, Buffer>();

  constructor(
    readonly planning: PlanningRepository,
    readonly catalog: CatalogService,
    @Inject(KEYRING) readonly keyring: Keyring,
    @Inject(LOGGER) readonly log: Logger,
  ) {}

  get(series: number): OwedSeries | undefined {
    return this.#series.get(series);
  }

  get all(): Iterable<OwedSeries> {
    return this.#series.values();
  }

  get size(): number {
    return this.#series.size;
  }

  ofServices(serviceIds: ReadonlySet<number>): OwedSeries[] {
    return [...this.#series.values()].filter(({ serviceId }) => serviceIds.has(serviceId));
  }

  /** Calls back after every load. */
  onChange(listener: Listener): void {
    this.#listeners.push(listener);
  }

  beforeApplicationShutdown(): void {
    this.#stopped = true;
  }

  /** Reads again soon; many calls at once are one reading, and none is lost. */
  reload(): void {
    if (this.#stopped) return;
    this.load().catch((err: unknown) => {
      if (this.#stopped) return;
      this.log.warn({ err }, 'the plan could not be read, trying again');
      setTimeout(() => this.reload(), 1_000);
    });
  }

  async load(): Promise<void> {
    this.#again = true;
    this.#loading ??= this.#readWhileAsked();
    return this.#loading;
  }

  async #readWhileAsked(): Promise<void> {
    try {
      while (this.#again) {
        this.#again = false;
        await this.#read();
      }
    } finally {
      // In the same breath as the last look at what was asked: nobody can ask in between and be forgotten.
      this.#loading = null;
    }
  }

  async #read(): Promise<void> {
    const [plans, definitions] = [await this.planning.openPlans(), await this.catalog.definitions()];
    const probes = new Map(definitions.flatMap((service) => service.probes.map((probe) => [probe.id, probe] as const)));
    this.#series = new Map(plans.flatMap((plan) => this.#owed(plan, probes)).map((owed) => [owed.series, owed]));
    for (const listener of this.#listeners) listener();
  }

  #owed(plan: StoredPlan, probes: ReadonlyMap<number, StoredProbe>): OwedSeries[] {
    return plan.parts.flatMap((part) => {
      const probe = probes.get(part.probeId);
      if (!probe) return [];
      return part.series.map((series, index): OwedSeries => {
        const location = part.locations[index] ?? '';
        return {
          series,
          location,
          everyMs: part.everyMs,
          offsetMs: part.offsetMs,
          serviceId: plan.serviceId,
          probeId: part.probeId,
          part,
          sinceMs: plan.fromMs,
          spec: part.push ? null : this.#spec(series, location, probe),
        };
      });
    });
  }

  #spec(series: number, location: string, probe: StoredProbe): SeriesSpec {
    const version = createHash('sha1')
      .update(JSON.stringify([probe.kind, probe.config]))
      .digest('base64url')
      .slice(0, 12);
    const known = this.#series.get(series)?.spec;
    return {
      series,
      kind: probe.kind,
      version,
      config: known?.version === version ? known.config : this.sealFor(location, probe.kind, probe.config),
      everyMs: probe.everyMs,
      timeoutMs: probe.timeoutMs,
      degradedAboveMs: probe.degradedAboveMs,
      confirmFailures: probe.confirm.failures,
      recheckAfterMs: probe.confirm.recheckAfterMs,
    };
  }

  /** A config whose secrets, sealed at rest or in the clear, only agents of the location can open. */
  sealFor(location: string, kind: string, config: unknown): unknown {
    const key = this.#keys.get(location) ?? this.keyring.location(location);
    this.#keys.set(location, key);
    const again = (text: string) => seal(key, isSealed(text) ? unseal(this.keyring.atRest, text) : text);
    return mapPaths(config, secretPaths(kind), again);
  }
}
