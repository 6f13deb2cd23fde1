/** Objectives about numbers that are pushed: one figure is made of the values of a period, and is large or small enough. */
import { isInFrame, type EventFrame } from './event-objective.ts';
import {
  compareRatios,
  divide,
  floorNumber,
  multiply,
  one,
  ratioOf,
  subtractRatio,
  zero,
  type Ratio,
} from './ratio.ts';
import { courseOf, type Judgement, type ObjectiveVerdict } from './verdict.ts';

export const readings = ['sum', 'average', 'least', 'greatest', 'last'] as const;
export type Reading = (typeof readings)[number];

export interface MetricValue {
  /** Each instant at most once, in any order. */
  readonly atMs: number;
  /** Millionths: exact for decimals of six places. */
  readonly micros: bigint;
}

export interface MetricObjective {
  readonly reading: Reading;
  /** Millionths. */
  readonly limit: { readonly atLeast: bigint } | { readonly atMost: bigint };
}

/** A value of the period; `isDecisive`: the figure is this value, or is made of it and others. */
export interface MetricPiece extends MetricValue {
  readonly isDecisive: boolean;
}

/**
 * `attained` is how much of the promise was reached, 1 where it is kept: value by limit of what must be high, limit by
 * value of what must be low. Budget and rest are in millionths of the unit; the rest is how far the figure is on the good side.
 */
export interface MetricResult extends Judgement {
  /** In millionths of the unit; null without values. */
  readonly value: Ratio | null;
  readonly count: number;
  readonly pieces: readonly MetricPiece[];
}

/** Evaluates an objective over the values of a metric at an instant. */
export function evaluateMetric(
  objective: MetricObjective,
  frame: EventFrame,
  values: readonly MetricValue[],
): MetricResult {
  const counted = values.filter(({ atMs }) => isInFrame(atMs, frame)).sort((a, b) => a.atMs - b.atMs);
  const value = readingOf(objective.reading, counted);
  const isDecisive = decisive(objective.reading, counted);
  const pieces = counted.map((each): MetricPiece => ({ ...each, isDecisive: isDecisive(each) }));
  return { ...judgeMetric(objective, frame, counted, value), value, count: counted.length, pieces };
}

function readingOf(reading: Reading, values: readonly MetricValue[]): Ratio | null {
  const last = values.at(-1);
  if (!last) return null;
  const sum = values.reduce((total, { micros }) => total + micros, 0n);
  if (reading === 'average') return ratioOf(sum, values.length);
  const found = { sum, last: last.micros, least: extreme(values, -1n), greatest: extreme(values, 1n) }[reading];
  return ratioOf(found, 1);
}

const extreme = (values: readonly MetricValue[], sign: 1n | -1n): bigint =>
  values.reduce((best, { micros }) => (sign * micros > sign * best ? micros : best), values[0]!.micros);

/** Which of the values the figure is made of. */
function decisive(reading: Reading, values: readonly MetricValue[]): (value: MetricValue) => boolean {
  const last = values.at(-1);
  if (last && reading === 'last') return ({ atMs }) => atMs === last.atMs;
  if (!last || (reading !== 'least' && reading !== 'greatest')) return () => true;
  const best = extreme(values, reading === 'least' ? -1n : 1n);
  return ({ micros }) => micros === best;
}

function judgeMetric(
  objective: MetricObjective,
  frame: EventFrame,
  values: readonly MetricValue[],
  value: Ratio | null,
): Judgement {
  const { limit } = objective;
  const budget = ratioOf('atLeast' in limit ? limit.atLeast : limit.atMost, 1);
  if (value === null) return { attained: null, budget, left: zero, used: null, verdict: 'no-data' };
  const left = 'atLeast' in limit ? subtractRatio(value, budget) : subtractRatio(budget, value);
  const used = 'atMost' in limit ? divide(value, budget) : null;
  const isKept = left.numerator >= 0;
  const attained = isKept ? one : 'atLeast' in limit ? shareOf(value, budget) : shareOf(budget, value);
  return {
    attained,
    budget,
    left,
    used,
    verdict: verdictOf(objective, frame, values, { value, budget, left, isKept }),
  };
}

/** How much of the whole a part is, never below nothing. */
const shareOf = (part: Ratio, whole: Ratio): Ratio => (part.numerator <= 0 ? zero : (divide(part, whole) ?? zero));

/** A sum has less than this of its limit left when it is at risk. */
const riskyLeft = ratioOf(1, 5);

interface Standing {
  readonly value: Ratio;
  readonly budget: Ratio;
  readonly left: Ratio;
  readonly isKept: boolean;
}

function verdictOf(
  objective: MetricObjective,
  frame: EventFrame,
  values: readonly MetricValue[],
  { value, budget, left, isKept }: Standing,
): ObjectiveVerdict {
  const course = courseOf(frame.period.toMs, frame.isRolling, frame.nowMs);
  if (course === 'closed') return isKept ? 'met' : 'missed';
  if (!isKept) {
    if (course === 'running' && isFinal(objective, values)) return 'breached';
    return course === 'running' && isOnPace(objective, frame, value) ? 'on-track' : 'below-target';
  }
  const isLimitedSum = objective.reading === 'sum' && 'atMost' in objective.limit && budget.numerator > 0;
  return isLimitedSum && compareRatios(left, multiply(budget, riskyLeft)) <= 0 ? 'at-risk' : 'on-track';
}

/** Whether no further value brings the figure back: extremes stay, and a sum that only ever grew does not shrink. */
function isFinal({ reading, limit }: MetricObjective, values: readonly MetricValue[]): boolean {
  if ('atLeast' in limit) return reading === 'least';
  return reading === 'greatest' || (reading === 'sum' && values.every(({ micros }) => micros >= 0n));
}

/** When a sum that must grow to its goal falls behind if nothing is added; Infinity for what has no pace. */
export function paceEndMs(
  { reading, limit }: MetricObjective,
  { period, effective, nowMs }: EventFrame,
  value: Ratio | null,
): number {
  if (reading !== 'sum' || !('atLeast' in limit) || limit.atLeast <= 0n || value === null) return Infinity;
  const fromMs = Math.max(period.fromMs, effective.fromMs);
  const lengthMs = Math.min(period.toMs, effective.toMs) - fromMs;
  if (lengthMs <= 0) return Infinity;
  const keptMs = floorNumber(multiply(value, ratioOf(lengthMs, limit.atLeast)));
  const endMs = fromMs + keptMs + 1;
  return endMs > nowMs ? endMs : Infinity;
}

/** A sum that must grow to its goal is on track while it has at least the share of it that of the period has passed. */
function isOnPace(
  { reading, limit }: MetricObjective,
  { period, effective, nowMs }: EventFrame,
  value: Ratio,
): boolean {
  if (reading !== 'sum' || !('atLeast' in limit)) return false;
  const fromMs = Math.max(period.fromMs, effective.fromMs);
  const toMs = Math.min(period.toMs, effective.toMs);
  if (toMs <= fromMs) return false;
  const owed = multiply(ratioOf(limit.atLeast, 1), ratioOf(Math.min(nowMs, toMs) - fromMs, toMs - fromMs));
  return compareRatios(value, owed) >= 0;
}
