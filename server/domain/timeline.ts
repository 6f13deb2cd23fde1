/** Timelines: contiguous half-open intervals of states, in epoch milliseconds; the last is open (`toMs: null`). */

export interface Interval<State> {
  fromMs: number;
  toMs: number | null;
  state: State;
  /** Code of the reason with which the interval began. */
  reason: number;
}

/** "From here on, this state": a list of these, rising in time, replaces what a timeline holds from the first on. */
export interface ChangePoint<State> {
  fromMs: number;
  state: State;
  reason: number;
}

/** Adds a change point to a tail: it overrules all at or after its instant, and says nothing where the state goes on. */
export function paint<State>(tail: ChangePoint<State>[], point: ChangePoint<State>): void {
  while (tail.length > 0 && tail.at(-1)!.fromMs >= point.fromMs) tail.pop();
  if (tail.at(-1)?.state !== point.state) tail.push(point);
}

/** The timeline with everything from the first change point on replaced by the tail. */
export function replaceTail<State>(
  timeline: readonly Interval<State>[],
  tail: readonly ChangePoint<State>[],
): Interval<State>[] {
  const first = tail[0];
  if (!first) return [...timeline];
  const result = timeline.filter(({ fromMs }) => fromMs < first.fromMs).map((interval) => ({ ...interval }));
  for (const { fromMs, state, reason } of tail) {
    const last = result.at(-1);
    if (last) last.toMs = null;
    if (last?.state === state) continue;
    if (last) last.toMs = fromMs;
    result.push({ fromMs, toMs: null, state, reason });
  }
  return result;
}

/** What of a timeline lies inside [fromMs, toMs); open ends are cut at `toMs`. */
export function clip<State>(
  timeline: readonly Interval<State>[],
  fromMs: number,
  toMs: number,
): (Interval<State> & { toMs: number })[] {
  return timeline
    .filter((interval) => interval.fromMs < toMs && (interval.toMs === null || interval.toMs > fromMs))
    .map((interval) => ({
      ...interval,
      fromMs: Math.max(interval.fromMs, fromMs),
      toMs: Math.min(interval.toMs ?? toMs, toMs),
    }));
}

/**
 * One timeline above another: where the upper says something it counts, everywhere else the lower. Both rise without
 * overlaps; what is cut keeps its state and reason.
 */
export function overlay<State>(
  lower: readonly Interval<State>[],
  upper: readonly Interval<State>[],
): readonly Interval<State>[] {
  if (upper.length === 0) return lower;
  const result: Interval<State>[] = [];
  let index = 0;
  for (const interval of lower) {
    const endMs = interval.toMs ?? Infinity;
    let fromMs = interval.fromMs;
    while (index < upper.length && (upper[index]!.toMs ?? Infinity) <= fromMs) result.push(upper[index++]!);
    for (let at = index; at < upper.length && upper[at]!.fromMs < endMs; at += 1) {
      const above = upper[at]!;
      if (above.fromMs > fromMs) result.push({ ...interval, fromMs, toMs: above.fromMs });
      fromMs = above.toMs ?? Infinity;
      if (fromMs <= endMs) {
        result.push(above);
        index = at + 1;
      }
    }
    if (fromMs < endMs) result.push({ ...interval, fromMs });
  }
  return [...result, ...upper.slice(index)];
}

/** A timeline with spans taken out of it. */
export function cutOut<State>(
  timeline: readonly Interval<State>[],
  spans: readonly { fromMs: number; toMs: number }[],
): Interval<State>[] {
  return timeline.flatMap((interval) => {
    const endMs = interval.toMs ?? Infinity;
    const rest: Interval<State>[] = [];
    let fromMs = interval.fromMs;
    for (const span of spans) {
      if (span.toMs <= fromMs || span.fromMs >= endMs) continue;
      if (span.fromMs > fromMs) rest.push({ ...interval, fromMs, toMs: span.fromMs });
      fromMs = span.toMs;
    }
    return fromMs < endMs ? [...rest, { ...interval, fromMs }] : rest;
  });
}

/** The state at an instant, undefined where the timeline says nothing. */
export const stateAt = <State>(timeline: readonly Interval<State>[], atMs: number): State | undefined =>
  timeline.findLast(({ fromMs, toMs }) => fromMs <= atMs && (toMs === null || toMs > atMs))?.state;

/** Milliseconds by state; the sum is the length of all intervals. */
export function durations<State extends string>(
  timeline: readonly { fromMs: number; toMs: number; state: State }[],
): Map<State, number> {
  const sums = new Map<State, number>();
  for (const { fromMs, toMs, state } of timeline) sums.set(state, (sums.get(state) ?? 0) + toMs - fromMs);
  return sums;
}
