import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { minuteMs } from '../domain/durations.ts';
import { outagesIn, wellAfter, type ServiceOutage } from '../domain/outage-folding.ts';
import { Database } from '../platform/database.ts';
import { EventBus } from '../platform/events.ts';
import type { ServiceChange } from '../probing/timelines.service.ts';
import { OutageFoldingService } from './outage-folding.service.ts';
import { ProbeIncidentsRepository } from './probe-incidents.repository.ts';
import { ProbeOutagesRepository, type StoredOutage } from './probe-outages.repository.ts';
import { ProbeTellingService, type ProbeAct } from './probe-telling.service.ts';
import type { Untold } from './untold-outage.ts';

/** What became of outages in a transaction. */
interface Reconciled {
  readonly untold: readonly Untold[];
  readonly ended: readonly { readonly outage: StoredOutage; readonly toMs: number }[];
}

/** Confirmed outages open incidents and recoveries resolve them, in the transaction that learns of them. */
@Injectable()
export class ProbeIncidentsService {
  constructor(
    readonly database: Database,
    readonly outages: ProbeOutagesRepository,
    readonly probes: ProbeIncidentsRepository,
    readonly folding: OutageFoldingService,
    readonly telling: ProbeTellingService,
    readonly clock: SteadyClock,
    events: EventBus,
  ) {
    // Folding takes a lock that every server wants: at the end, and before the numbers of live events are given out.
    const settle = (parts: readonly (readonly ServiceChange[])[]): Promise<void> => this.#settle(parts.flat());
    events.on('services.changed', ({ changes }) => {
      const telltale = changes.filter(mayTell);
      return telltale.length > 0 ? database.earlyBeforeCommit(settle, telltale) : undefined;
    });
    const review = async (parts: readonly (readonly number[])[]): Promise<void> => {
      await outages.holdAlone();
      await outages.reviewCovered(parts.flat(), this.#nowMs());
    };
    const forget = (parts: readonly (readonly number[])[]): Promise<void> => this.#endDeleted(parts.flat());
    events.on('catalog.changed', ({ serviceIds }) => database.earlyBeforeCommit(forget, serviceIds));
    events.on('maintenance.changed', ({ serviceIds }) => database.earlyBeforeCommit(review, serviceIds));
  }

  /** Looks again at outages that maintenance covered, or whose incidents went without them; answers how many. */
  review(): Promise<number> {
    return this.database.transaction(async () => {
      await this.outages.holdAlone();
      const nowMs = this.#nowMs();
      const due = await this.outages.due(nowMs);
      await this.folding.fold(
        due.map((stored): Untold => {
          const { serviceId, fromMs, toMs, incidentId, reviewMs } = stored;
          return {
            serviceId,
            fromMs,
            toMs,
            stored,
            sinceMs: incidentId === null ? Math.max(fromMs, reviewMs!) : fromMs,
          };
        }),
        nowMs,
      );
      return due.length;
    });
  }

  async #settle(told: readonly ServiceChange[]): Promise<void> {
    const changes = await this.#withPast(told);
    const sinceMs = Math.min(...changes.map(({ fromMs }) => fromMs!)) - minuteMs;
    const stored = await this.outages.ofServices(
      changes.map(({ serviceId }) => serviceId),
      sinceMs,
    );
    const { untold, ended } = reconciled(changes, stored);
    if (untold.length === 0 && ended.length === 0) return;
    await this.outages.holdAlone();
    const nowMs = this.#nowMs();
    await this.#end(ended, nowMs);
    await this.folding.fold(untold, nowMs);
  }

  /** What late results had left open is told once it is known how it went on: what was before the unknown belongs to that. */
  async #withPast(changes: readonly ServiceChange[]): Promise<ServiceChange[]> {
    const asked = changes.flatMap(({ serviceId, before: { state }, timeline: [first] }) =>
      first && (state === 'unknown' || state === 'unmonitored') ? [{ serviceId, beforeMs: first.fromMs }] : [],
    );
    const past = asked.length > 0 ? await this.outages.unwellBefore(asked) : new Map<number, never>();
    return changes.map((change) => {
      const earlier = past.get(change.serviceId) ?? [];
      const [first] = earlier;
      return first ? { ...change, fromMs: first.fromMs, timeline: [...earlier, ...change.timeline] } : change;
    });
  }

  /** Nobody will ever see a service well again that was deleted: nobody is to be called for it any more. */
  async #endDeleted(serviceIds: readonly number[]): Promise<void> {
    if ((await this.outages.openOfDeleted(serviceIds)).length === 0) return;
    await this.outages.holdAlone();
    const nowMs = this.#nowMs();
    const gone = await this.outages.openOfDeleted(serviceIds);
    await this.#end(
      gone.map((outage) => ({ outage, toMs: nowMs })),
      nowMs,
      { isDeleted: true },
    );
  }

  /** A service that recovers ends its outage; the incident that it is the root of is resolved. */
  async #end(ended: Reconciled['ended'], nowMs: number, detail: NonNullable<ProbeAct['detail']> = {}): Promise<void> {
    if (ended.length === 0) return;
    await this.outages.end(ended.map(({ outage: { id }, toMs }) => ({ id, toMs })));
    const ids = [...new Set(ended.flatMap(({ outage: { incidentId } }) => incidentId ?? []))];
    const roots = new Map((await this.probes.find(ids)).map(({ id, rootServiceId }) => [id, rootServiceId]));
    const recovered = ended.flatMap(({ outage: { incidentId, serviceId }, toMs }) =>
      incidentId !== null && roots.get(incidentId) === serviceId ? [{ id: incidentId, atMs: toMs }] : [],
    );
    if (recovered.length === 0) return;
    const resolved = await this.probes.resolve(recovered);
    await this.outages.reviewRest(
      resolved.map(({ id }) => id),
      nowMs,
    );
    await this.telling.tell(resolved.map((one) => ({ ...one, act: 'resolved' as const, detail })));
  }

  #nowMs(): number {
    return Math.floor(this.clock.now());
  }
}

/** Most changes are of services that are well and were: they tell nothing. */
const mayTell = ({ fromMs, before, timeline }: ServiceChange): boolean =>
  fromMs !== null &&
  ((before.state !== 'up' && before.state !== 'degraded') || timeline.some(({ state }) => state === 'down'));

/** Outages that timelines show and nobody was told of, and those that are over by them. */
function reconciled(changes: readonly ServiceChange[], stored: readonly StoredOutage[]): Reconciled {
  const untold: Untold[] = [];
  const ended: { outage: StoredOutage; toMs: number }[] = [];
  for (const [serviceId, change] of new Map(changes.map((one) => [one.serviceId, one]))) {
    const known = stored.filter((outage) => outage.serviceId === serviceId);
    const seen = outagesIn(serviceId, change.timeline, change.fromMs!);
    const open = known.find(({ toMs }) => toMs === null);
    const goesOn = open && seen.find((outage) => overlaps(outage, open));
    if (open) {
      const toMs = goesOn ? goesOn.toMs : wellAfter(change.timeline, open.fromMs);
      if (toMs !== null) ended.push({ outage: open, toMs });
    }
    for (const outage of seen) {
      // What late results leave open may be over long ago: it is told once it is known how that goes on.
      if (outage === goesOn || (outage.toMs === null && change.after.state !== 'down')) continue;
      const told = known.filter((one) => overlaps(outage, one));
      if (told.length === 0) untold.push({ ...outage, sinceMs: outage.fromMs, stored: null });
      else if (outage.toMs === null) {
        // Told as over, with its service deleted or by a result that another has taken back, and yet it goes on.
        const fromMs = Math.max(change.timeline.at(-1)!.fromMs, ...told.map(({ toMs }) => toMs ?? 0));
        untold.push({ ...outage, fromMs, sinceMs: fromMs, stored: null });
      }
    }
  }
  return { untold, ended };
}

const overlaps = (a: ServiceOutage, b: ServiceOutage): boolean =>
  a.fromMs < (b.toMs ?? Infinity) && b.fromMs < (a.toMs ?? Infinity);
