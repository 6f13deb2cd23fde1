/**
 * Recovery: how long it took to restore a service after an incident or in a drill, and how old the last good backup or
 * drill was, as its heartbeat tells.
 */
import { reasons } from '../../probes/contract.ts';
import { readClock } from './deadline-clock.ts';
import { evaluateEvents, eventOf, type DecidedEvent, type EventResult } from './event-objective.ts';
import type { Exclusion, LineService } from './objective-line.ts';
import type { ServiceState } from './service-state.ts';
import { subtract, unionOf, within, type Span, type Spans } from './spans.ts';
import { evaluateTime, type TimeFrame, type TimeObjective, type TimeResult } from './time-objective.ts';
import type { Interval } from './timeline.ts';
import type { Target } from './verdict.ts';

/** An incident or a drill. */
export interface Recovery {
  readonly key: string;
  readonly startedMs: number;
  /** Null while the service is not restored. */
  readonly restoredMs: number | null;
  readonly exclusion: DecidedEvent['exclusion'];
}

/**
 * Time to restore, which nothing pauses: an event each, good where the service was restored within the limit, in the
 * hours of the frame. One that takes longer is decided when its limit ends.
 */
export function evaluateRecoveries(
  { target, limitMs }: { readonly target: Target; readonly limitMs: number },
  frame: TimeFrame,
  recoveries: readonly Recovery[],
): EventResult {
  const events = recoveries.flatMap(({ key, startedMs, restoredMs, exclusion }) => {
    const clock = { startMs: startedMs, stopMs: restoredMs, pauses: [], hours: frame.hours, limitMs };
    const event = eventOf(key, readClock({ ...clock, nowMs: frame.nowMs }), exclusion);
    return event ? [event] : [];
  });
  return evaluateEvents(target, frame, events);
}

/** What is known of the heartbeat that tells of backups or drills. */
export interface Freshness {
  /** Key of the service whose heartbeat it is. */
  readonly key: string;
  /** Since when it is expected. */
  readonly sinceMs: number;
  /** Instants of good beats, rising, from the last one before what is asked about on. */
  readonly goodMs: readonly number[];
  /** When nobody was there to hear a beat. */
  readonly deaf: Spans;
  readonly exclusions: readonly Exclusion[];
}

export interface AgeObjective extends Pick<TimeObjective, 'target' | 'minimumCoverage'> {
  readonly maxAgeMs: number;
}

/** Age of the last good backup or drill: an objective over time, bad while the last good one is older than agreed. */
export function evaluateAge(
  { maxAgeMs, target, minimumCoverage }: AgeObjective,
  frame: TimeFrame,
  freshness: Freshness,
): TimeResult {
  const { key, sinceMs, exclusions } = freshness;
  const timeline = ageTimeline(freshness, maxAgeMs, frame.nowMs);
  const service: LineService = { key, sinceMs, timeline, exclusions };
  const counting = { degraded: 'good', unknown: 'excluded', minimumOutageMs: 0 } as const;
  return evaluateTime({ target, combine: 'any-down', counting, minimumCoverage }, frame, [service]);
}

/**
 * Up for as long as agreed after each good beat, down from then on. While a beat may have come that nobody heard, or
 * one before it was expected, and would not be too old yet, the age is unknown.
 */
export function ageTimeline(
  { sinceMs, goodMs, deaf }: Freshness,
  maxAgeMs: number,
  nowMs: number,
): Interval<ServiceState>[] {
  const lasting = (spans: Iterable<Span>): Span[] =>
    within(unionOf([...spans].map(({ fromMs, toMs }) => ({ fromMs, toMs: toMs + maxAgeMs }))), sinceMs, nowMs);
  const fresh = lasting(goodMs.filter((atMs) => atMs < nowMs).map((atMs) => ({ fromMs: atMs, toMs: atMs })));
  const doubtful = subtract(lasting([{ fromMs: sinceMs, toMs: sinceMs }, ...deaf]), fresh);
  const old = subtract(within([{ fromMs: sinceMs, toMs: nowMs }], sinceMs, nowMs), unionOf([...fresh, ...doubtful]));
  const as = (state: ServiceState, reason: number, spans: Spans): Interval<ServiceState>[] =>
    spans.map((span) => ({ ...span, state, reason }));
  return [
    ...as('up', reasons.ok.code, fresh),
    ...as('unknown', reasons['not-observed'].code, doubtful),
    ...as('down', reasons['heartbeat-missed'].code, old),
  ].sort((a, b) => a.fromMs - b.fromMs);
}
