/** Availability: an objective over time. Every figure is a sum over the pieces of its lines. */
import { openSpans, type ServiceHours } from './calendar.ts';
import {
  linesOf,
  type Combination,
  type LineCounting,
  type LineService,
  type Piece,
  type TimeClass,
} from './objective-line.ts';
import { ceilNumber, compareRatios, ratioOf, type Ratio } from './ratio.ts';
import { intersect, lengthMs, subtract, unionOf, type Span, type Spans } from './spans.ts';
import {
  burnRate,
  courseOf,
  judge,
  lastsFor,
  recentLengthMs,
  runsOut,
  type Judgement,
  type Target,
  type Tally,
} from './verdict.ts';

export interface TimeObjective {
  readonly target: Ratio;
  readonly combine: Combination;
  readonly counting: LineCounting;
  /** Less than this known of the eligible time makes a figure unproven. */
  readonly minimumCoverage: Ratio;
}

export interface TimeFrame {
  readonly period: Span;
  /** Rolling days end now: nothing of them is to come. */
  readonly isRolling: boolean;
  /** When the agreement holds; open at the end as Infinity. */
  readonly effective: Span;
  /** Null: around the clock. */
  readonly hours: ServiceHours | null;
  /** Until when everything that was measured is known. */
  readonly nowMs: number;
}

/** Milliseconds; every agreed one is excluded or in one of the states. */
export interface TimeFigures extends Readonly<Record<`${TimeClass}Ms`, number>> {
  readonly agreedMs: number;
  readonly eligibleMs: number;
  /** What the figure rests on: eligible, without unmonitored and, unless they are counted, unknown. */
  readonly measuredMs: number;
  readonly badMs: number;
  readonly toComeMs: number;
}

export interface TimeResult extends Judgement {
  readonly figures: TimeFigures;
  /** Of the eligible time, what is known; null without any. */
  readonly coverage: Ratio | null;
  readonly isProven: boolean;
  /** Of late; null where nothing may be missed. */
  readonly burn: Ratio | null;
  /** When the budget ends at the burn of late, epoch ms; null where it outlasts the period. */
  readonly exhaustedAtMs: number | null;
  /** What the figures are made of: one line, or one each where services are averaged. */
  readonly lines: readonly (readonly Piece[])[];
}

/** Every class that agreed time can be in. */
export const timeClasses = ['up', 'degraded', 'down', 'unknown', 'unmonitored', 'excluded'] as const;

/** Evaluates an objective over its services at an instant. */
export function evaluateTime(objective: TimeObjective, frame: TimeFrame, services: readonly LineService[]): TimeResult {
  const { period, effective, nowMs } = frame;
  const asked = (fromMs: number, toMs: number): Spans =>
    openSpans(frame.hours, Math.max(fromMs, effective.fromMs), Math.min(toMs, effective.toMs));
  const lines = linesOf(
    services,
    objective.combine,
    objective.counting,
    asked(period.fromMs, Math.min(period.toMs, nowMs)),
  );
  const ahead = frame.isRolling
    ? []
    : toCome(services, objective.combine, asked(Math.max(period.fromMs, nowMs), period.toMs));
  const figures = figuresOf(
    lines,
    objective.counting,
    ahead.reduce((sum, spans) => sum + lengthMs(spans), 0),
  );
  const recent = recentTally(objective, services, lines, frame, asked);
  return { ...judgeTime(objective, frame, { figures, recent, ahead }), lines };
}

/** What a figure over time is judged by. */
export interface TimeTallies {
  readonly figures: TimeFigures;
  /** Bad and measured time of late. */
  readonly recent: Pick<Tally, 'bad' | 'measured'>;
  /** Agreed time that is to come: one list, or one for each service where they are averaged. */
  readonly ahead: readonly Spans[];
}

/** From what was counted at an instant to what it means. */
export function judgeTime(
  { target: ratio, minimumCoverage }: Pick<TimeObjective, 'target' | 'minimumCoverage'>,
  { period, isRolling, nowMs }: Pick<TimeFrame, 'period' | 'isRolling' | 'nowMs'>,
  { figures, recent, ahead }: TimeTallies,
): Omit<TimeResult, 'lines'> {
  const tally = tallyOf(figures);
  const target: Target = { ratio };
  const course = courseOf(period.toMs, isRolling, nowMs);
  const isForeseen = true;
  const first = judge(tally, target, { course, isForeseen, runsOut: false });
  const isRunningOut = course === 'running' && runsOut(first, tally.toCome, recent);
  const judged = isRunningOut ? judge(tally, target, { course, isForeseen, runsOut: true }) : first;
  const coverage = figures.eligibleMs > 0 ? ratioOf(knownMs(figures), figures.eligibleMs) : null;
  const { attained, budget, left, used, verdict } = judged;
  return {
    attained,
    budget,
    left,
    used,
    verdict,
    figures,
    coverage,
    isProven: coverage !== null && compareRatios(coverage, minimumCoverage) >= 0,
    burn: burnRate(recent, ratio),
    exhaustedAtMs: isRunningOut ? exhaustedAt(ahead, lastsFor(judged, recent)) : null,
  };
}

/** Whether bad time lasts up to an instant at which the lines end: what is lost is being lost then. */
export const isBadUntil = (lines: readonly (readonly Piece[])[], atMs: number): boolean =>
  lines.some((line) => line.some(({ isBad, toMs }) => isBad && toMs === atMs));

const knownMs = ({ upMs, degradedMs, downMs }: TimeFigures): number => upMs + degradedMs + downMs;
const tallyOf = ({ badMs, measuredMs, toComeMs }: TimeFigures): Tally => ({
  bad: badMs,
  measured: measuredMs,
  toCome: toComeMs,
});

/** Sums of the pieces; `toComeMs` is what the period still holds. */
export function figuresOf(
  lines: readonly (readonly Piece[])[],
  { unknown }: LineCounting,
  toComeMs: number,
): TimeFigures {
  const sums = Object.fromEntries(timeClasses.map((name) => [`${name}Ms`, 0])) as Record<`${TimeClass}Ms`, number>;
  let badMs = 0;
  for (const { fromMs, toMs, class: name, isBad } of lines.flat()) {
    sums[`${name}Ms`] += toMs - fromMs;
    if (isBad) badMs += toMs - fromMs;
  }
  return figuresFrom(sums, badMs, toComeMs, unknown);
}

/** Figures from the time of each class. */
export function figuresFrom(
  sums: Readonly<Record<`${TimeClass}Ms`, number>>,
  badMs: number,
  toComeMs: number,
  unknown: LineCounting['unknown'],
): TimeFigures {
  const { upMs, degradedMs, downMs, unknownMs, unmonitoredMs, excludedMs } = sums;
  const eligibleMs = upMs + degradedMs + downMs + unknownMs + unmonitoredMs;
  const measuredMs = eligibleMs - unmonitoredMs - (unknown === 'excluded' ? unknownMs : 0);
  const agreedMs = eligibleMs + excludedMs;
  const states = { upMs, degradedMs, downMs, unknownMs, unmonitoredMs, excludedMs };
  return { ...states, agreedMs, eligibleMs, measuredMs, badMs, toComeMs };
}

/** Agreed time ahead that can count: an instant drops out where every service is excluded; of averages each by itself. */
export function toCome(services: readonly LineService[], combine: Combination, ahead: Spans): Spans[] {
  const excluded = services.map(({ exclusions }) => unionOf(exclusions));
  if (combine === 'average') return excluded.map((spans) => subtract(ahead, spans));
  return excluded.length === 0 ? [] : [subtract(ahead, excluded.reduce(intersect))];
}

/** Bad and measured time of late: at the beginning of a period that reaches back before it. */
function recentTally(
  { combine, counting }: TimeObjective,
  services: readonly LineService[],
  lines: readonly (readonly Piece[])[],
  { period, nowMs }: TimeFrame,
  asked: (fromMs: number, toMs: number) => Spans,
): Tally {
  const endMs = Math.min(nowMs, period.toMs);
  const fromMs = endMs - recentLengthMs(period);
  const recent = fromMs < period.fromMs ? linesOf(services, combine, counting, asked(fromMs, endMs)) : lines;
  return tallyOf(
    figuresOf(
      recent.map((line) => clipPieces(line, fromMs, endMs)),
      counting,
      0,
    ),
  );
}

const clipPieces = (line: readonly Piece[], fromMs: number, toMs: number): Piece[] =>
  line
    .filter((piece) => piece.toMs > fromMs && piece.fromMs < toMs)
    .map((piece) => ({ ...piece, fromMs: Math.max(piece.fromMs, fromMs), toMs: Math.min(piece.toMs, toMs) }));

/** The instant by which so much of what is ahead has passed; lines that are averaged pass side by side. */
function exhaustedAt(ahead: readonly Spans[], lasts: Ratio | null): number | null {
  if (lasts === null) return null;
  const owedMs = ceilNumber(lasts);
  const edges = ahead
    .flat()
    .flatMap(({ fromMs, toMs }) => [
      { atMs: fromMs, step: 1 },
      { atMs: toMs, step: -1 },
    ])
    .sort((a, b) => a.atMs - b.atMs);
  let [passedMs, pace, sinceMs] = [0, 0, edges[0]?.atMs ?? 0];
  for (const { atMs, step } of edges) {
    const nextMs = passedMs + (atMs - sinceMs) * pace;
    if (nextMs >= owedMs) return sinceMs + (pace > 0 ? Math.ceil((owedMs - passedMs) / pace) : 0);
    [passedMs, pace, sinceMs] = [nextMs, pace + step, atMs];
  }
  return null;
}
