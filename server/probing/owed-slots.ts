import { Injectable } from '@nestjs/common';
import { reasonOf, reasons, verdictOf, type Verdict, type WireObservation } from '../../probes/contract.ts';
import { SteadyClock } from '../../probes/support/clock.ts';
import { storableFacts, storableText } from '../../probes/support/storable.ts';
import { dayMs } from '../domain/durations.ts';
import { isSlot } from '../domain/slots.ts';
import { renewEveryMs } from './dispatch-lease.ts';
import { LeaseRepository } from './lease.repository.ts';
import { PlanningRepository, type PlannedPart, type StoredPlan } from './planning.repository.ts';
import { SeriesDirectory, type OwedSeries } from './series-directory.ts';

/** An observation that is owed, with the part of the plan that owes it. */
export interface OwedObservation {
  series: number;
  serviceId: number;
  part: PlannedPart;
  slotMs: number;
  attempt: number;
  verdict: Verdict;
  reason: number;
  latencyUs: number | null;
  observedMs: number;
  timingsUs: readonly (number | null)[] | null;
  detail: string | null;
  facts: Record<string, string | number | boolean> | null;
}

/** Why an observation is not taken. */
export type Refusal = 'not-owed-here' | 'future' | 'off-schedule' | 'too-old';

/** Clocks of agents may run ahead of ours by this. */
const aheadMs = 2_000;
const oldestMs = 31 * dayMs;

/** Which observations are owed: their series belongs to the location, and their slot to its plan at that time. */
@Injectable()
export class OwedSlots {
  constructor(
    readonly directory: SeriesDirectory,
    readonly planning: PlanningRepository,
    readonly leases: LeaseRepository,
    readonly clock: SteadyClock,
  ) {}

  /** Sorts what an agent of a location sent into what is owed and what is refused, and why. */
  async sort(location: string, wire: readonly WireObservation[]) {
    const owed: OwedObservation[] = [];
    const refused = new Map<Refusal, number>();
    const history = await this.#history(wire);
    const nowMs = await this.#nowFor(wire);
    for (const observation of wire) {
      const found = this.#find(observation, location, history, nowMs);
      if (typeof found === 'string') refused.set(found, (refused.get(found) ?? 0) + 1);
      else owed.push(found);
    }
    return { owed, refused };
  }

  #find(
    wire: WireObservation,
    location: string,
    history: ReadonlyMap<number, StoredPlan[]>,
    nowMs: number,
  ): OwedObservation | Refusal {
    const [series, slotMs] = wire;
    if (slotMs > nowMs + aheadMs) return 'future';
    if (slotMs < nowMs - oldestMs) return 'too-old';
    const now = this.directory.get(series);
    const [serviceId, part] = isOwedNow(now, slotMs)
      ? [now.serviceId, now.part]
      : (partAt(history, series, slotMs) ?? []);
    if (serviceId === undefined || part === undefined) return 'not-owed-here';
    if (part.push || part.locations[part.series.indexOf(series)] !== location) return 'not-owed-here';
    return isSlot(slotMs, part) ? toOwed(wire, serviceId, part, nowMs) : 'off-schedule';
  }

  /** Our time; what seems to be of the future may have been handed out by a server whose clock is ahead of ours. */
  async #nowFor(wire: readonly WireObservation[]): Promise<number> {
    const nowMs = this.clock.now();
    const newestMs = wire.reduce((newest, [, slotMs]) => Math.max(newest, slotMs), -Infinity);
    if (newestMs <= nowMs + aheadMs) return nowMs;
    return Math.max(nowMs, (await this.leases.dispatchedUntilMs()) + renewEveryMs);
  }

  /** Earlier plans of the services whose observations are older than the plan in force. */
  async #history(wire: readonly WireObservation[]): Promise<Map<number, StoredPlan[]>> {
    const old = wire.filter(([series, slotMs]) => !isOwedNow(this.directory.get(series), slotMs));
    if (old.length === 0) return new Map();
    const services = await this.planning.servicesOfSeries([...new Set(old.map(([series]) => series))]);
    const fromMs = old.reduce((least, [, slotMs]) => Math.min(least, slotMs), Infinity);
    return this.planning.plansSince([...new Set(services.values())], fromMs);
  }
}

/** Whether the plan in force says all about a slot: of those under way when it began, the earlier one may own some. */
const isOwedNow = (now: OwedSeries | undefined, slotMs: number): now is OwedSeries =>
  now !== undefined && (slotMs >= now.sinceMs || (slotMs > now.sinceMs - now.everyMs && isSlot(slotMs, now.part)));

/** The part that owed a slot. A slot that was under way when its plan began is owed by that plan, if it is one of its. */
export function partAt(
  plans: ReadonlyMap<number, readonly StoredPlan[]>,
  series: number,
  slotMs: number,
): [serviceId: number, part: PlannedPart] | undefined {
  const held = [...plans].flatMap(([serviceId, its]) =>
    its.toReversed().flatMap(({ fromMs, toMs, parts }): [number, PlannedPart][] => {
      const part = parts.find((each) => each.series.includes(series));
      const holds = part && slotMs > fromMs - part.everyMs && (toMs === null || slotMs < toMs);
      return holds ? [[serviceId, part]] : [];
    }),
  );
  return held.find(([, part]) => isSlot(slotMs, part)) ?? held[0];
}

function toOwed(wire: WireObservation, serviceId: number, part: PlannedPart, nowMs: number): OwedObservation {
  const [series, slotMs, attempt, verdict, reason, latencyUs, observedMs, timingsUs, detail, facts] = wire;
  // A reason of a newer agent that this server does not know is still a reason of our own making.
  const known = reasons[reasonOf(reason)].code;
  return {
    series,
    serviceId,
    part,
    slotMs,
    attempt,
    verdict: verdictOf(verdict),
    reason: known,
    latencyUs,
    // Whatever an agent's clock says, a slot is run within its time and not after now.
    observedMs: Math.max(slotMs, Math.min(observedMs, Math.ceil(nowMs) + aheadMs)),
    timingsUs,
    detail: detail && storableText(detail),
    facts: facts && storableFacts(facts),
  };
}
