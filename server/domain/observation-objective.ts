/**
 * Objectives over observations. Success: good ones of all. Latency: those at or under a threshold of the successful ones
 * that were timed. They are counted exactly, in the slots that lie in agreed time without exclusions; re-checks and what
 * is unknown never count.
 */
import type { EventFrame } from './event-objective.ts';
import type { LineCounting } from './objective-line.ts';
import { compareRatios, ratioOf, type Ratio } from './ratio.ts';
import type { Span } from './spans.ts';
import { burnRate, courseOf, judge, runsOut, type Judgement, type Tally } from './verdict.ts';

/** Observations by verdict, and of the successful ones, which are up or degraded, those that took a known time. */
export interface ObservationCounts {
  readonly up: number;
  readonly degraded: number;
  readonly down: number;
  readonly unknown: number;
  readonly timed: number;
  /** Of the timed ones those at or under each threshold that was asked for, in that order. */
  readonly within: readonly number[];
}

/** What was counted in one stretch of one service. */
export interface CountedSpan extends Span {
  readonly service: string;
  readonly counts: ObservationCounts;
}

export type ObservationMeasure =
  | { readonly type: 'success'; readonly degraded: LineCounting['degraded'] }
  /** The place of its threshold in `within`. */
  | { readonly type: 'latency'; readonly threshold: number };

export interface ObservationObjective {
  readonly measure: ObservationMeasure;
  readonly target: Ratio;
  readonly minimumCoverage: Ratio;
}

export interface ObservationInput {
  /** Rising in each service, apart from each other: agreed time without what is excluded, before now. */
  readonly spans: readonly CountedSpan[];
  /** Slots that were owed in those spans; null where nothing is scheduled, as of what pushes. */
  readonly owed: number | null;
  /** Slots that are owed in what is to come of the period; null as above. */
  readonly toCome: number | null;
  /** What was counted of late; null where nobody asked. */
  readonly recent: readonly ObservationCounts[] | null;
}

export interface ObservationPiece extends CountedSpan {
  readonly good: number;
  readonly bad: number;
}

export interface ObservationResult extends Judgement {
  readonly figures: {
    readonly good: number;
    readonly bad: number;
    readonly total: number;
    readonly unknown: number;
    readonly toCome: number;
  };
  /** Observations that tell something, of those that were owed; null without any. */
  readonly coverage: Ratio | null;
  readonly isProven: boolean;
  /** Of late; null where nothing may be missed, or nobody asked. */
  readonly burn: Ratio | null;
  readonly pieces: readonly ObservationPiece[];
}

/** Good and bad observations of some counts. */
export function goodAndBad(measure: ObservationMeasure, counts: ObservationCounts): { good: number; bad: number } {
  if (measure.type === 'latency') {
    const good = counts.within[measure.threshold]!;
    return { good, bad: counts.timed - good };
  }
  const isDegradedGood = measure.degraded === 'good';
  return {
    good: counts.up + (isDegradedGood ? counts.degraded : 0),
    bad: counts.down + (isDegradedGood ? 0 : counts.degraded),
  };
}

/** Evaluates an objective over what was counted until an instant. */
export function evaluateObservations(
  { measure, target, minimumCoverage }: ObservationObjective,
  frame: EventFrame,
  { spans, owed, toCome, recent }: ObservationInput,
): ObservationResult {
  const pieces = spans.map((span): ObservationPiece => ({ ...span, ...goodAndBad(measure, span.counts) }));
  const tally = { ...tallyOf(pieces), toCome: frame.isRolling ? 0 : (toCome ?? 0) };
  const course = courseOf(frame.period.toMs, frame.isRolling, frame.nowMs);
  const isForeseen = toCome !== null;
  const late = recent && tallyOf(recent.map((counts) => goodAndBad(measure, counts)));
  const first = judge(tally, { ratio: target }, { course, isForeseen, runsOut: false });
  const isRunningOut = course === 'running' && late !== null && runsOut(first, tally.toCome, late);
  const judged = isRunningOut ? judge(tally, { ratio: target }, { course, isForeseen, runsOut: true }) : first;
  const coverage = coverageOf(spans, owed);
  return {
    ...judged,
    figures: {
      good: tally.measured - tally.bad,
      bad: tally.bad,
      total: tally.measured,
      unknown: spans.reduce((sum, { counts }) => sum + counts.unknown, 0),
      toCome: tally.toCome,
    },
    coverage,
    isProven: coverage !== null && compareRatios(coverage, minimumCoverage) >= 0,
    burn: late && burnRate(late, target),
    pieces,
  };
}

const tallyOf = (all: readonly { good: number; bad: number }[]): Omit<Tally, 'toCome'> => ({
  bad: all.reduce((sum, { bad }) => sum + bad, 0),
  measured: all.reduce((sum, { good, bad }) => sum + good + bad, 0),
});

/** A slot that was owed and never stored is as unknown as one that is stored so. */
function coverageOf(spans: readonly CountedSpan[], owed: number | null): Ratio | null {
  const known = spans.reduce((sum, { counts }) => sum + counts.up + counts.degraded + counts.down, 0);
  const stored = spans.reduce((sum, { counts }) => sum + counts.unknown, known);
  const of = Math.max(owed ?? stored, stored);
  return of > 0 ? ratioOf(known, of) : null;
}
