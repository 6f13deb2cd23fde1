import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { probeKind } from '../../probes/registry.ts';
import { CatalogService, type ServiceDefinition, type StoredProbe } from '../catalog/catalog.service.ts';
import { Database } from '../platform/database.ts';
import { EventBus } from '../platform/events.ts';
import { PlanningRepository, type PlannedPart, type StoredPlan } from './planning.repository.ts';
import { SeriesDirectory } from './series-directory.ts';
import { TimelinesService } from './timelines.service.ts';

/** Servers that keep the plan in memory read it again when this is told. */
export const planChannel = 'troth_plan';

/**
 * Keeps with the catalog what each service is made of and when, and which series exist. A change takes effect on the
 * timeline at its own instant, in the transaction that makes it.
 */
@Injectable()
export class PlanningService {
  constructor(
    readonly planning: PlanningRepository,
    readonly timelines: TimelinesService,
    readonly catalog: CatalogService,
    readonly directory: SeriesDirectory,
    readonly database: Database,
    readonly clock: SteadyClock,
    events: EventBus,
  ) {
    events.on('catalog.changed', ({ serviceIds }) => this.#follow(serviceIds));
  }

  /** Reads the plan and keeps it in memory from then on. */
  async load(): Promise<void> {
    this.clock.notBefore(await this.planning.newestSlotMs());
    await this.directory.load();
    this.database.listen(
      planChannel,
      () => this.directory.reload(),
      () => this.directory.reload(),
    );
  }

  async #follow(serviceIds: readonly number[]): Promise<void> {
    const atMs = Math.floor(this.clock.now());
    const definitions = serviceIds.length > 0 ? await this.catalog.definitions([...serviceIds]) : [];
    const series = await this.planning.ensureSeries(definitions.flatMap(({ probes }) => probes.flatMap(pairsOf)));
    const wanted = definitions.map((service) => planOf(service, series, atMs));
    const held = new Map((await this.planning.openPlans(serviceIds)).map((plan) => [plan.serviceId, plan]));
    const opened = wanted.filter((plan) => !isSamePlan(held.get(plan.serviceId), plan));
    const gone = [...held.keys()].filter((id) => !wanted.some(({ serviceId }) => serviceId === id));
    const touched = [...opened.map(({ serviceId }) => serviceId), ...gone];
    if (touched.length > 0) {
      await this.planning.closePlans(touched, atMs);
      await this.planning.openPlan(opened);
      await this.timelines.changeServices(new Map(touched.map((id) => [id, atMs])));
    }
    // Always, since a changed config alters what is run and not what the service is made of.
    await this.database.notify(planChannel);
  }
}

const pairsOf = (probe: StoredProbe): { probeId: number; locationId: number | null }[] =>
  isPush(probe)
    ? [{ probeId: probe.id, locationId: null }]
    : probe.locationIds.map((locationId) => ({ probeId: probe.id, locationId }));

const isPush = ({ kind }: StoredProbe): boolean => probeKind(kind).mode === 'push';

function planOf(service: ServiceDefinition, series: ReadonlyMap<string, number>, fromMs: number): StoredPlan {
  const probes = service.paused ? [] : service.probes.filter(({ paused }) => !paused);
  return {
    serviceId: service.id,
    fromMs,
    toMs: null,
    atLeast: service.atLeast,
    parts: probes.map((probe) => partOf(probe, series)),
  };
}

function partOf(probe: StoredProbe, series: ReadonlyMap<string, number>): PlannedPart {
  const push = isPush(probe);
  const graceMs = push ? Number(probe.config['graceMs'] ?? 0) : 0;
  return {
    probeId: probe.id,
    role: probe.role,
    quorum: probe.quorum,
    everyMs: probe.everyMs,
    offsetMs: probe.offsetMs,
    timeoutMs: probe.timeoutMs,
    // The grace is a heartbeat's confirmation.
    failures: push ? 1 : probe.confirm.failures,
    successes: probe.confirm.successes,
    coversMs: probe.everyMs + graceMs,
    push,
    series: pairsOf(probe).map(({ locationId }) => series.get(`${probe.id}/${locationId}`)!),
    locations: push ? [null] : probe.locations,
  };
}

const isSamePlan = (held: StoredPlan | undefined, plan: StoredPlan): boolean =>
  held !== undefined && held.atLeast === plan.atLeast && isDeepStrictEqual(held.parts, plan.parts);
