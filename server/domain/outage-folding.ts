/** Which outages are told together: those of services that rest on one that is down itself. */
import type { ServiceState } from './service-state.ts';
import type { Interval } from './timeline.ts';

export interface ServiceOutage {
  readonly serviceId: number;
  /** The first failing slot, epoch ms. */
  readonly fromMs: number;
  /** Null while it lasts. */
  readonly toMs: number | null;
}

/** A service that another one rests on, directly or through others. */
export interface ServiceBelow {
  readonly id: number;
  /** So long its failure may go unseen. */
  readonly leadMs: number;
}

/**
 * What each outage comes from: the outage at the root of it, itself where nothing below was down. Of several that were
 * the farthest has it. `below` names what a service rests on, farthest first. It does not matter in which order they are given.
 */
export function rootsOf<Outage extends ServiceOutage>(
  outages: readonly Outage[],
  below: ReadonlyMap<number, readonly ServiceBelow[]>,
): Map<Outage, Outage> {
  const ofService = new Map<number, Outage[]>();
  for (const outage of outages) ofService.set(outage.serviceId, [...(ofService.get(outage.serviceId) ?? []), outage]);
  const causeOf = (outage: Outage): Outage | undefined => {
    for (const { id, leadMs } of below.get(outage.serviceId) ?? []) {
      const cause = ofService.get(id)?.find((other) => explains(other, leadMs, outage));
      if (cause) return cause;
    }
    return undefined;
  };
  return new Map(
    outages.map((outage) => {
      const seen = new Set([outage]);
      let root = outage;
      for (let cause = causeOf(root); cause && !seen.has(cause); cause = causeOf(root)) {
        seen.add(cause);
        root = cause;
      }
      return [outage, root];
    }),
  );
}

/** A failure may show above before it is seen below, by the lead; it does not come from what was over before it began. */
const explains = (below: ServiceOutage, leadMs: number, above: ServiceOutage): boolean =>
  below.fromMs - leadMs <= above.fromMs && above.fromMs <= (below.toMs ?? Infinity);

/** Outages of a timeline that reach beyond an instant. Of what is not known in between nobody says that it was over. */
export function outagesIn(
  serviceId: number,
  timeline: readonly Interval<ServiceState>[],
  fromMs: number,
): ServiceOutage[] {
  const found: ServiceOutage[] = [];
  let beganMs: number | null = null;
  for (const { state, fromMs: atMs } of timeline) {
    if (state === 'down') beganMs ??= atMs;
    else if (isGood(state) && beganMs !== null) {
      found.push({ serviceId, fromMs: beganMs, toMs: atMs });
      beganMs = null;
    }
  }
  if (beganMs !== null) found.push({ serviceId, fromMs: beganMs, toMs: null });
  return found.filter(({ toMs }) => toMs === null || toMs > fromMs);
}

const isGood = (state: ServiceState): boolean => state === 'up' || state === 'degraded';

/** The first instant after another one at which a service was well; null where it was not. */
export const wellAfter = (timeline: readonly Interval<ServiceState>[], afterMs: number): number | null => {
  const well = timeline.find(({ state, toMs }) => isGood(state) && (toMs === null || toMs > afterMs));
  return well ? Math.max(well.fromMs, afterMs) : null;
};
