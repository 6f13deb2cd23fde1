/** From the labels of series to the state of a probe, and from those to the state and the timeline of a service. */
import { reasons, type Verdict } from '../../probes/contract.ts';
import type { ChangePoint, Interval } from './timeline.ts';

/** A state's place in this list is its stored code; the first four are those of the verdicts. */
export const serviceStates = ['up', 'degraded', 'down', 'unknown', 'unmonitored'] as const;
export type ServiceState = (typeof serviceStates)[number];

/** A probe as a part of its service. */
export interface Part {
  probeId: number;
  role: 'critical' | 'supporting';
  /** Locations that must say down; null: a majority of those with fresh results. */
  quorum: number | null;
  series: readonly number[];
}

/** What a service was made of during [fromMs, toMs). No parts: nothing to measure, or paused. */
export interface ServicePlan<P extends Part = Part> {
  fromMs: number;
  toMs: number | null;
  /** For redundant parts: up while this many critical probes are; null: while all are. */
  atLeast: number | null;
  parts: readonly P[];
}

/** A state with the reason code that explains it. */
export interface Judged<State> {
  state: State;
  reason: number;
}

const ok: Judged<'up'> = { state: 'up', reason: reasons.ok.code };
const notObserved: Judged<'unknown'> = { state: 'unknown', reason: reasons['not-observed'].code };
const unmonitored: Judged<'unmonitored'> = { state: 'unmonitored', reason: reasons.ok.code };

/** The state of a probe over its locations. One location that fails where others do not is not an outage. */
export function probeState(labels: readonly Judged<Verdict>[], quorum: number | null): Judged<Verdict> {
  const first = (state: Verdict) => labels.find((label) => label.state === state);
  const count = (state: Verdict) => labels.filter((label) => label.state === state).length;
  const down = count('down');
  const unknown = count('unknown');
  const known = labels.length - unknown;
  if (known === 0) return first('unknown') ?? notObserved;
  const needed = quorum ?? Math.floor(known / 2) + 1;
  if (down >= needed) return first('down')!;
  if (quorum !== null && down > 0 && down + unknown >= quorum) return first('unknown')!;
  const impaired = down + count('degraded');
  return impaired >= Math.min(needed, known) ? { ...(first('degraded') ?? first('down')!), state: 'degraded' } : ok;
}

/** The state of a service from the states of its probes. */
export function serviceState(
  probes: readonly { role: Part['role']; judged: Judged<Verdict> }[],
  atLeast: number | null,
): Judged<ServiceState> {
  if (probes.length === 0) return unmonitored;
  const critical = probes.filter(({ role }) => role === 'critical').map(({ judged }) => judged);
  const blame = (state: Verdict) => critical.find((judged) => judged.state === state)!;
  const has = (state: Verdict) => critical.some((judged) => judged.state === state);
  if (atLeast === null) {
    if (has('down')) return blame('down');
    if (has('unknown')) return blame('unknown');
  } else {
    const working = critical.filter(({ state }) => state === 'up' || state === 'degraded').length;
    const needed = Math.min(atLeast, critical.length);
    const perhaps = critical.filter(({ state }) => state === 'unknown').length;
    if (working + perhaps < needed) return blame('down');
    if (working < needed) return blame('unknown');
  }
  const impaired = probes.find(({ judged }) => judged.state !== 'up');
  return impaired ? { state: 'degraded', reason: impaired.judged.reason } : ok;
}

/**
 * What a service is from `fromMs` on, at every instant at which anything of it changes, out of the timelines of its series:
 * also where its state stays and only the reason is another. Plans are sorted and do not overlap; where none holds, the
 * service is unmonitored.
 */
export function judgeService(
  plans: readonly ServicePlan[],
  timelines: ReadonlyMap<number, readonly Interval<Verdict>[]>,
  fromMs: number,
): ChangePoint<ServiceState>[] {
  const birthMs = plans[0]?.fromMs ?? Infinity;
  if (birthMs === Infinity) return [];
  const startMs = Math.max(fromMs, birthMs);
  const instants = new Set([startMs]);
  const add = (atMs: number | null) => atMs !== null && atMs > startMs && instants.add(atMs);
  for (const { fromMs: begin, toMs: end } of plans) [begin, end].forEach(add);
  for (const timeline of timelines.values())
    timeline.forEach((interval) => [interval.fromMs, interval.toMs].forEach(add));
  const cursors = new Map([...timelines].map(([series, timeline]) => [series, cursor(timeline)]));
  const planAt = cursor(plans);
  return [...instants]
    .sort((a, b) => a - b)
    .map((atMs) => {
      const plan = planAt(atMs);
      const judged = plan ? judge(plan, (series) => cursors.get(series)?.(atMs) ?? notObserved) : unmonitored;
      return { fromMs: atMs, state: judged.state, reason: judged.reason };
    });
}

function judge(plan: ServicePlan, labelOf: (series: number) => Judged<Verdict>): Judged<ServiceState> {
  const probes = plan.parts.map(({ role, quorum, series }) => ({
    role,
    judged: probeState(series.map(labelOf), quorum),
  }));
  return serviceState(probes, plan.atLeast);
}

/** Looks up sorted intervals at instants that only rise, in one pass. */
function cursor<I extends { fromMs: number; toMs: number | null }>(
  intervals: readonly I[],
): (atMs: number) => I | undefined {
  let index = 0;
  return (atMs) => {
    while (index + 1 < intervals.length && intervals[index + 1]!.fromMs <= atMs) index += 1;
    const interval = intervals[index];
    return interval && interval.fromMs <= atMs && (interval.toMs === null || interval.toMs > atMs)
      ? interval
      : undefined;
  };
}
