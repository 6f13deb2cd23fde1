import { Injectable } from '@nestjs/common';
import { isSuspect, type Label } from '../domain/series-status.ts';
import { judgeService, type ServiceState } from '../domain/service-state.ts';
import { replaceTail, type ChangePoint, type Interval } from '../domain/timeline.ts';
import { EventBus } from '../platform/events.ts';
import { PlanningRepository, type StoredPlan } from './planning.repository.ts';
import { SeriesStatusRepository } from './series-status.repository.ts';
import { ServiceStatusRepository, type ServiceStatus } from './service-status.repository.ts';
import { seriesShelf, serviceShelf, TimelinesRepository } from './timelines.repository.ts';

/** What became of one service in a transaction. */
export interface ServiceChange {
  serviceId: number;
  before: ServiceStatus;
  after: ServiceStatus;
  /** From here on the timeline is another than it was; null when only the suspicion or the reason changed. */
  fromMs: number | null;
  timeline: readonly Interval<ServiceState>[];
}

declare module '../platform/events.ts' {
  interface TransactionEvents {
    /** Published inside the transaction that changed timelines or suspicions. */
    'services.changed': { changes: readonly ServiceChange[] };
  }
}

/** A service's timeline, from when on it is another than it was, and why it is now as it is. */
interface Composed {
  fromMs: number | null;
  timeline: Interval<ServiceState>[];
  reason: number;
}

/** Carries changes of series through to the timelines and the status of their services. */
@Injectable()
export class TimelinesService {
  constructor(
    readonly timelines: TimelinesRepository,
    readonly statuses: ServiceStatusRepository,
    readonly series: SeriesStatusRepository,
    readonly planning: PlanningRepository,
    readonly events: EventBus,
  ) {}

  /** Replaces the ends of series' timelines; answers from when on each one really differs, reasons included. */
  async changeSeries(tails: ReadonlyMap<number, readonly ChangePoint<Label>[]>): Promise<Map<number, number>> {
    const asked = new Map([...tails].map(([series, tail]) => [series, tail[0]!.fromMs]));
    const stored = await this.timelines.since(seriesShelf, asked);
    const changes = [...tails].map(([owner, tail]) => {
      const before = stored.get(owner)!;
      return { owner, before, after: replaceTail(before, tail) };
    });
    await this.timelines.write(seriesShelf, changes);
    return new Map(
      changes.flatMap(({ owner, before, after }) => {
        const fromMs = firstDifference(before, after, isSameReason);
        return fromMs === null ? [] : [[owner, fromMs] as const];
      }),
    );
  }

  /**
   * Composes services anew, each from an instant on, and tells the listeners what changed. Instants of null ask for
   * the suspicion alone. Callers have locked the statuses of the series before.
   */
  async changeServices(fromMs: ReadonlyMap<number, number | null>): Promise<readonly ServiceChange[]> {
    if (fromMs.size === 0) return [];
    const ids = [...fromMs.keys()];
    const before = await this.statuses.lock(ids);
    const composed = await this.#compose(new Map([...fromMs].flatMap(([id, at]) => (at === null ? [] : [[id, at]]))));
    const open = new Map((await this.planning.openPlans(ids)).map((plan) => [plan.serviceId, plan]));
    const suspects = await this.#suspects(open.values());
    const changes = ids.map((serviceId): ServiceChange => {
      const status = before.get(serviceId)!;
      const line = composed.get(serviceId);
      const last = line?.timeline.at(-1);
      const now = line && last ? { state: last.state, sinceMs: last.fromMs, reason: line.reason } : {};
      const after = { ...status, ...now, suspect: suspects.has(serviceId) };
      return { serviceId, before: status, after, fromMs: line?.fromMs ?? null, timeline: line?.timeline ?? [] };
    });
    const changed = changes.filter((change) => change.fromMs !== null || !isSameStatus(change.before, change.after));
    if (changed.length === 0) return [];
    await this.statuses.write(changed.map(({ after }) => after));
    await this.events.publish('services.changed', { changes: changed });
    return changed;
  }

  /** Services of which a series has a failure that is not confirmed. */
  async #suspects(plans: Iterable<StoredPlan>): Promise<Set<number>> {
    const serviceOf = new Map(
      [...plans].flatMap(({ serviceId, parts }) =>
        parts.flatMap((part) => part.series.map((id) => [id, serviceId] as const)),
      ),
    );
    const rows = await this.series.of([...serviceOf.keys()]);
    const suspect = [...rows.values()].filter(({ status }) => status !== null && isSuspect(status));
    return new Set(suspect.map(({ series }) => serviceOf.get(series)!));
  }

  /** Writes the new ends of service timelines. */
  async #compose(fromMs: ReadonlyMap<number, number>): Promise<Map<number, Composed>> {
    const result = new Map<number, Composed>();
    if (fromMs.size === 0) return result;
    const plans = await this.planning.plansSince([...fromMs.keys()], Math.min(...fromMs.values()));
    const series = await this.timelines.since(seriesShelf, seriesSince(plans, fromMs));
    const stored = await this.timelines.since(serviceShelf, fromMs);
    const changes = [...fromMs].map(([owner, at]) => {
      const held = plans.get(owner)!.filter(({ toMs }) => toMs === null || toMs > at);
      const own = new Map(
        held.flatMap(({ parts }) => parts.flatMap((part) => part.series)).map((id) => [id, series.get(id) ?? []]),
      );
      const before = stored.get(owner)!;
      const judged = held.length > 0 ? judgeService(held, own, at) : ended(before, at);
      return { owner, before, after: replaceTail(before, judged), reason: judged.at(-1)?.reason ?? 0 };
    });
    await this.timelines.write(serviceShelf, changes);
    for (const { owner, before, after, reason } of changes)
      result.set(owner, { fromMs: firstDifference(before, after), timeline: after, reason });
    return result;
  }
}

/** A service without a plan any more is unmonitored from then on; one that never had a timeline stays without. */
const ended = (before: readonly Interval<ServiceState>[], atMs: number): ChangePoint<ServiceState>[] =>
  before.length > 0 ? [{ fromMs: atMs, state: 'unmonitored', reason: 0 }] : [];

function seriesSince(plans: ReadonlyMap<number, readonly StoredPlan[]>, fromMs: ReadonlyMap<number, number>) {
  const since = new Map<number, number>();
  for (const [service, held] of plans) {
    for (const id of held.flatMap(({ parts }) => parts.flatMap(({ series }) => series))) {
      since.set(id, Math.min(since.get(id) ?? Infinity, fromMs.get(service)!));
    }
  }
  return since;
}

/** The first instant at which two ends of a timeline show different states, or differ in what is asked; null without. */
function firstDifference<State>(
  before: readonly Interval<State>[],
  after: readonly Interval<State>[],
  isSame: (a: Interval<State>, b: Interval<State>) => boolean = () => true,
): number | null {
  for (let index = 0; index < Math.max(before.length, after.length); index += 1) {
    const [a, b] = [before[index], after[index]];
    if (!a || !b || a.fromMs !== b.fromMs) return Math.min(a?.fromMs ?? Infinity, b?.fromMs ?? Infinity);
    if (a.state !== b.state || !isSame(a, b)) return a.fromMs;
    if (a.toMs !== b.toMs) return Math.min(a.toMs ?? Infinity, b.toMs ?? Infinity);
  }
  return null;
}

const isSameReason = (a: Interval<Label>, b: Interval<Label>): boolean => a.reason === b.reason;

const isSameStatus = (a: ServiceStatus, b: ServiceStatus): boolean =>
  a.state === b.state && a.sinceMs === b.sinceMs && a.suspect === b.suspect && a.reason === b.reason;
