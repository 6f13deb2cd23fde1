import { Injectable } from '@nestjs/common';
import { CatalogService } from '../catalog/catalog.service.ts';
import { groupBy } from '../domain/grouping.ts';
import { plainSeverity } from '../domain/incident-severity.ts';
import { rootsOf, type ServiceOutage } from '../domain/outage-folding.ts';
import { AgreedMaintenanceService } from './agreed-maintenance.service.ts';
import { IncidentTermsService } from './incident-terms.service.ts';
import { ProbeIncidentsRepository, type NewProbeIncident, type ToldService } from './probe-incidents.repository.ts';
import { ProbeOutagesRepository, type NewOutage, type StoredOutage } from './probe-outages.repository.ts';
import { ProbeTellingService, type ProbeAct } from './probe-telling.service.ts';
import { placementOf, type Untold } from './untold-outage.ts';

/** An outage while it is folded. */
interface Folded extends ServiceOutage {
  readonly untold: Untold | null;
  readonly stored: StoredOutage | null;
}

/** Where an outage would be told. */
export interface OutagePlace {
  /** When agreed maintenance that covers it ends; null where none does. */
  readonly coveredUntilMs: number | null;
  /** What it comes from, and in whose incident it is told; null: it has its own. */
  readonly below: { readonly serviceId: number; readonly incidentId: number | null } | null;
}

/** Folds outages into incidents: one for the service at the root, which those that rest on it join. */
@Injectable()
export class OutageFoldingService {
  constructor(
    readonly outages: ProbeOutagesRepository,
    readonly probes: ProbeIncidentsRepository,
    readonly catalog: CatalogService,
    readonly maintenance: AgreedMaintenanceService,
    readonly terms: IncidentTermsService,
    readonly telling: ProbeTellingService,
  ) {}

  /** The caller holds folding alone. A handful of statements, whatever the number of outages. */
  async fold(untold: readonly Untold[], nowMs: number): Promise<void> {
    if (untold.length === 0) return;
    const named = await this.probes.services(untold.map(({ serviceId }) => serviceId));
    const services = new Map(named.map((service) => [service.id, service]));
    const covered = await this.#covered(untold, services);
    await this.#write(coveredRows(untold, covered));
    const told = untold.filter(({ serviceId }) => !covered.has(serviceId));
    if (told.length === 0) return;
    const roots = await this.#roots(told);
    const own = told.filter((one) => roots.get(one)!.untold === one);
    const made = await this.#tellOwn(own, services, nowMs);
    const incidentOf = (root: Folded): number | null =>
      (root.untold && made.get(root.untold)) ?? root.stored?.incidentId ?? null;
    await this.#join(told, roots, incidentOf, nowMs);
    await this.#mergeAbove(roots, incidentOf, nowMs);
  }

  /** Where an outage that begins at an instant would be told, as far as is known now. Changes nothing. */
  async placeOf(service: Pick<ToldService, 'id' | 'key'>, atMs: number): Promise<OutagePlace> {
    const supposed: Untold = { serviceId: service.id, fromMs: atMs, toMs: null, sinceMs: atMs, stored: null };
    const covered = await this.maintenance.coveredUntil([{ ...service, atMs }]);
    const root = (await this.#roots([supposed])).get(supposed)!;
    return {
      coveredUntilMs: covered.get(service.id) ?? null,
      below:
        root.untold === supposed ? null : { serviceId: root.serviceId, incidentId: root.stored?.incidentId ?? null },
    };
  }

  async #covered(untold: readonly Untold[], services: ReadonlyMap<number, ToldService>): Promise<Map<number, number>> {
    return this.maintenance.coveredUntil(
      untold.flatMap(({ serviceId, sinceMs }) => {
        const service = services.get(serviceId);
        return service ? [{ id: serviceId, key: service.key, atMs: sinceMs }] : [];
      }),
    );
  }

  /** What each comes from, among all that lasts and what below them was not over before they began. */
  async #roots(told: readonly Untold[]): Promise<Map<Untold | StoredOutage, Folded>> {
    const lasting = await this.outages.open();
    const ids = [...new Set([...told, ...lasting].map(({ serviceId }) => serviceId))];
    const below = groupBy(await this.catalog.upstreamOf(ids), ({ serviceId }) => serviceId);
    const under = told.flatMap(({ serviceId }) => (below.get(serviceId) ?? []).map(({ id }) => id));
    const firstMs = Math.min(...told.map(({ fromMs }) => fromMs));
    // What went on without its incident comes from nothing that is over.
    const over = told.every(({ stored }) => stored !== null) ? [] : await this.outages.ofServices(under, firstMs);
    const known = new Map([...lasting, ...over].map((stored) => [stored.id, stored]));
    for (const { stored } of told) if (stored) known.delete(stored.id);
    const all: Folded[] = [
      ...told.map((one): Folded => ({ ...bare(one), untold: one, stored: one.stored })),
      ...[...known.values()].map((stored): Folded => ({ ...bare(stored), untold: null, stored })),
    ];
    const roots = rootsOf(all, below);
    return new Map([...roots].map(([one, root]) => [(one.untold ?? one.stored)!, root]));
  }

  /** Opens an incident for each, or opens its last again; answers their ids. */
  async #tellOwn(
    own: readonly Untold[],
    services: ReadonlyMap<number, ToldService>,
    nowMs: number,
  ): Promise<Map<Untold, number>> {
    if (own.length === 0) return new Map();
    const last = new Map(
      (await this.probes.lastOf(own.map(({ serviceId }) => serviceId))).map((one) => [one.rootServiceId, one]),
    );
    const placed = own.map((one) => ({ one, placement: placementOf(one, last.get(one.serviceId)) }));
    const acts: ProbeAct[] = [];
    const ids = new Map<Untold, number>();
    const reopened = placed.flatMap(({ one, placement }) => {
      if (placement.to !== 'incident') return [];
      ids.set(one, placement.incident.id);
      return placement.isReopened ? [{ id: placement.incident.id, atMs: one.sinceMs }] : [];
    });
    if (reopened.length > 0) {
      await this.probes.reopen(reopened);
      await this.outages.keepRest(reopened.map(({ id }) => id));
      acts.push(...reopened.map((one): ProbeAct => ({ ...one, act: 'reopened' })));
    }
    const fresh = placed.flatMap(({ one, placement }) =>
      placement.to === 'new' ? [{ one, follows: placement.follows }] : [],
    );
    const made = fresh.length > 0 ? await this.probes.insert(await this.#drafts(fresh, services, nowMs)) : [];
    for (const [index, { one }] of fresh.entries()) {
      ids.set(one, made[index]!);
      acts.push({
        id: made[index]!,
        act: 'opened',
        atMs: nowMs,
        detail: { service: services.get(one.serviceId)!.key },
      });
    }
    await this.probes.addServices([...ids].map(([{ serviceId }, incidentId]) => ({ incidentId, serviceId })));
    await this.telling.tell(acts);
    return ids;
  }

  async #drafts(
    fresh: readonly { one: Untold; follows: number | null }[],
    services: ReadonlyMap<number, ToldService>,
    nowMs: number,
  ): Promise<NewProbeIncident[]> {
    const rated = fresh.map(({ one }) => {
      const { key, tier, name } = services.get(one.serviceId)!;
      // A service that is down cannot wait; how many that hurts its tier says.
      return { key, name, impact: Math.min(tier, 3), urgency: 1 };
    });
    const severities = await this.terms.severities(rated, nowMs);
    return fresh.map(({ one: { serviceId, sinceMs, toMs }, follows }, index) => ({
      title: `${rated[index]!.name} is down`,
      ...{ severity: severities[index] ?? plainSeverity, impact: rated[index]!.impact, urgency: 1 },
      ...{ rootServiceId: serviceId, locationId: null, follows, isLate: toMs !== null },
      startedMs: sinceMs,
      // What was learnt of after its end was never noticed while it lasted.
      detectedMs: toMs ?? Math.max(nowMs, sinceMs),
      ...{ resolvedMs: toMs, closedMs: toMs === null ? null : Math.max(nowMs, toMs) },
    }));
  }

  /** Keeps the outages with the incidents that they are told in; those that rest on others join them. */
  async #join(
    told: readonly Untold[],
    roots: ReadonlyMap<Untold | StoredOutage, Folded>,
    incidentOf: (root: Folded) => number | null,
    nowMs: number,
  ): Promise<void> {
    const placed = told.map((one) => {
      const root = roots.get(one)!;
      return { one, root, incidentId: incidentOf(root) };
    });
    await this.#write(
      placed.map(({ one, root, incidentId }) => ({
        one,
        row: { incidentId, reviewMs: incidentId === null ? (root.stored?.reviewMs ?? null) : null },
      })),
    );
    const joining = placed.flatMap(({ one, root, incidentId }) =>
      root.untold === one || incidentId === null
        ? []
        : [{ incidentId, serviceId: one.serviceId, isNew: one.stored?.incidentId !== incidentId }],
    );
    if (joining.length === 0) return;
    await this.probes.addServices(joining);
    const joined = await this.probes.find([...new Set(joining.map(({ incidentId }) => incidentId))]);
    // What joins an incident that is over has a little time to be well again.
    const over = joined.filter(({ resolvedMs }) => resolvedMs !== null).map(({ id }) => id);
    if (over.length > 0) await this.outages.reviewRest(over, nowMs);
    const fresh = groupBy(
      joining.filter(({ isNew }) => isNew),
      ({ incidentId }) => incidentId,
    );
    await this.telling.tell(
      [...fresh].map(([id, all]): ProbeAct => ({
        ...{ id, act: 'joined', atMs: nowMs, detail: { services: all.length } },
        serviceIds: all.map(({ serviceId }) => serviceId),
      })),
    );
  }

  /** Incidents of services that turn out to rest on what is down go on in that one. */
  async #mergeAbove(
    roots: ReadonlyMap<Untold | StoredOutage, Folded>,
    incidentOf: (root: Folded) => number | null,
    nowMs: number,
  ): Promise<void> {
    const candidates = [...roots].flatMap(([one, root]) => {
      if (!('incidentId' in one) || root.untold === null || one.incidentId === null) return [];
      const into = incidentOf(root);
      return into === null || into === one.incidentId ? [] : [{ from: one.incidentId, into, serviceId: one.serviceId }];
    });
    if (candidates.length === 0) return;
    const found = new Map((await this.probes.find(candidates.map(({ from }) => from))).map((one) => [one.id, one]));
    const merges = candidates
      .filter(({ from, serviceId }) => {
        const incident = found.get(from);
        return incident?.rootServiceId === serviceId && incident.resolvedMs === null;
      })
      .map(({ from, into }) => ({ from, into }));
    if (merges.length === 0) return;
    await this.probes.merge(merges, nowMs);
    await this.outages.move(merges);
    await this.telling.tell(
      merges.flatMap(({ from, into }): ProbeAct[] => [
        { id: from, act: 'merged', atMs: nowMs, detail: { into } },
        { id: into, act: 'joined', atMs: nowMs, detail: { incident: from } },
      ]),
    );
  }

  /** New outages are added, those that are stored find their new place. */
  async #write(placed: readonly { one: Untold; row: Pick<StoredOutage, 'incidentId' | 'reviewMs'> }[]): Promise<void> {
    const known = placed.flatMap(({ one: { stored }, row }) => (stored ? [{ id: stored.id, ...row }] : []));
    const added = placed.flatMap(({ one, row }): NewOutage[] => (one.stored ? [] : [{ ...bare(one), ...row }]));
    if (known.length > 0) await this.outages.place(known);
    if (added.length > 0) await this.outages.add(added);
  }
}

const bare = ({ serviceId, fromMs, toMs }: ServiceOutage): ServiceOutage => ({ serviceId, fromMs, toMs });

/** What is over needs no second look. */
const coveredRows = (untold: readonly Untold[], covered: ReadonlyMap<number, number>) =>
  untold.flatMap((one) => {
    const untilMs = covered.get(one.serviceId);
    if (untilMs === undefined) return [];
    return [{ one, row: { incidentId: null, reviewMs: one.toMs === null ? untilMs : null } }];
  });
