import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { groupBy } from '../domain/grouping.ts';
import { expire, foldAttempt, isInOrder, isSuspect, type Label } from '../domain/series-status.ts';
import { overdueAtMs } from '../domain/slots.ts';
import type { ChangePoint } from '../domain/timeline.ts';
import { Database } from '../platform/database.ts';
import { EventBus } from '../platform/events.ts';
import { LateResultsService, type LateSeries } from './late-results.service.ts';
import { ObservationStore } from './observation-store.ts';
import type { OwedObservation } from './owed-slots.ts';
import { SeriesStatusRepository, type SeriesStatusRow } from './series-status.repository.ts';
import { TimelinesService } from './timelines.service.ts';

/** The newest sight of a service in a batch. */
export interface ServiceSeen {
  serviceId: number;
  observedMs: number;
  latencyUs: number | null;
}

declare module '../platform/events.ts' {
  interface TransactionEvents {
    /** Published inside the transaction that stored observations. */
    'services.seen': { seen: readonly ServiceSeen[] };
  }
}

interface Folded {
  before: SeriesStatusRow;
  after: SeriesStatusRow;
  tail: ChangePoint<Label>[];
  late: OwedObservation[];
}

/** Stores owed observations and everything that follows from them: statuses, timelines, suspicions. */
@Injectable()
export class SeriesFoldService {
  constructor(
    readonly database: Database,
    readonly store: ObservationStore,
    readonly statuses: SeriesStatusRepository,
    readonly lateResults: LateResultsService,
    readonly timelines: TimelinesService,
    readonly events: EventBus,
    readonly clock: SteadyClock,
  ) {}

  /** Records observations that are owed. Locks statuses of series, then services, each in the order of ids. */
  async record(owed: readonly OwedObservation[]): Promise<void> {
    if (owed.length === 0) return;
    await this.database.transaction(async () => {
      const bySeries = groupBy(owed, ({ series }) => series);
      const locked = await this.statuses.lock([...bySeries.keys()]);
      const folded = [...bySeries].flatMap(([series, its]) => {
        const row = locked.get(series);
        return row ? [this.#fold(row, its)] : [];
      });
      const late = folded.flatMap((each) => each.late);
      const lateIsNew = await this.store.store(owed, new Set(late));
      if (lateIsNew) await this.#rebuild(folded.filter(({ late: its }) => its.length > 0));
      await this.#carryThrough(folded, new Map(owed.map(({ series, serviceId }) => [series, serviceId])));
      await this.events.publish('services.seen', { seen: seenServices(owed) });
    });
  }

  /** Folds what came in order; the rest is late. */
  #fold(before: SeriesStatusRow, observations: readonly OwedObservation[]): Folded {
    const tail: ChangePoint<Label>[] = [];
    const late: OwedObservation[] = [];
    let after = before;
    for (const each of observations.toSorted((a, b) => a.slotMs - b.slotMs || a.attempt - b.attempt)) {
      if (!isInOrder(after.status, each.slotMs, each.attempt)) {
        late.push(each);
        continue;
      }
      const { part, slotMs, attempt, verdict, reason, latencyUs, observedMs, timingsUs } = each;
      const { coversMs: everyMs, failures, successes } = part;
      const status = foldAttempt(
        after.status,
        { slotMs, attempt, atMs: observedMs, verdict, reason, everyMs, failures, successes },
        tail,
      );
      after = {
        series: before.series,
        status,
        last: { verdict, reason, latencyUs, observedMs, timingsUs },
        overdueAtMs: overdueAtMs(status.coveredUntilMs, part.timeoutMs),
      };
    }
    return { before, after: this.#expireIfOverdue(after, tail), tail, late };
  }

  /** A backlog tells of the past: what it leaves open is unknown at present, not as it was then. */
  #expireIfOverdue(row: SeriesStatusRow, tail: ChangePoint<Label>[]): SeriesStatusRow {
    if (!row.status || row.status.label === 'unknown' || row.overdueAtMs >= this.clock.now()) return row;
    return { ...row, status: expire(row.status, tail) };
  }

  async #rebuild(folded: readonly Folded[]): Promise<void> {
    const rebuilt = await this.lateResults.rebuild(folded.map(({ late }) => toLateSeries(late)));
    for (const each of folded) {
      const { series, part } = each.late[0]!;
      const { status, tail } = rebuilt.get(series)!;
      each.tail = tail;
      const overdue = overdueAtMs(status.coveredUntilMs, part.timeoutMs);
      each.after = this.#expireIfOverdue({ ...each.after, status, overdueAtMs: overdue }, tail);
    }
  }

  async #carryThrough(folded: readonly Folded[], serviceOf: ReadonlyMap<number, number>): Promise<void> {
    await this.statuses.write(folded.filter(({ before, after }) => before !== after).map(({ after }) => after));
    await this.applyTails(folded, serviceOf);
  }

  /** Carries change points and suspicions of series through to their services. */
  async applyTails(
    folded: readonly Pick<Folded, 'before' | 'after' | 'tail'>[],
    serviceOf: ReadonlyMap<number, number>,
  ): Promise<void> {
    const tails = new Map(folded.flatMap(({ before, tail }) => (tail.length > 0 ? [[before.series, tail]] : [])));
    const services = new Map<number, number | null>();
    for (const { before, after } of folded) {
      const changed =
        (before.status !== null && isSuspect(before.status)) !== (after.status !== null && isSuspect(after.status));
      const service = serviceOf.get(before.series);
      if (changed && service !== undefined) services.set(service, null);
    }
    const differing = tails.size > 0 ? await this.timelines.changeSeries(tails) : new Map<number, number>();
    for (const [series, fromMs] of differing) {
      const service = serviceOf.get(series);
      if (service !== undefined) services.set(service, Math.min(services.get(service) ?? Infinity, fromMs));
    }
    await this.timelines.changeServices(services);
  }
}

/** Late observations of one series. */
function toLateSeries(late: readonly OwedObservation[]): LateSeries {
  const { series, serviceId, part } = late[0]!;
  return { series, serviceId, everyMs: part.everyMs, lateMs: Math.min(...late.map(({ slotMs }) => slotMs)) };
}

/** One entry a service: its newest own run. */
function seenServices(owed: readonly OwedObservation[]): ServiceSeen[] {
  return [...groupBy(owed, ({ serviceId }) => serviceId)].map(([serviceId, its]) => {
    const newest = its.reduce((best, each) => (each.observedMs >= best.observedMs ? each : best));
    return { serviceId, observedMs: newest.observedMs, latencyUs: newest.latencyUs };
  });
}
