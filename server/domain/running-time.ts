/**
 * How an objective over time goes on while nothing happens. Between two edges, where an opening, a maintenance or the
 * tail of a window begins or ends, every sum grows by the same whole number of ms per ms: one reading of the line gives
 * the exact figure of any instant ahead.
 */
import { openSpans } from './calendar.ts';
import { Cover } from './cover.ts';
import { linesOf, type LineService, type Piece } from './objective-line.ts';
import type { Span, Spans } from './spans.ts';
import {
  figuresFrom,
  timeClasses,
  toCome,
  type TimeFrame,
  type TimeObjective,
  type TimeTallies,
} from './time-objective.ts';
import { recentLengthMs } from './verdict.ts';

/** Sums at its beginning, and what each grows by per ms until its end. */
export interface Stretch extends Span {
  readonly sums: readonly number[];
  readonly paces: readonly number[];
}

export interface TimeCourse {
  /** One after the other from the instant of the evaluation on; at least one. */
  readonly stretches: readonly Stretch[];
  /** Agreed time to come at that instant, as `TimeTallies` has it; none where nothing is spent of late. */
  readonly ahead: readonly Spans[];
}

export interface CourseInput {
  readonly objective: Pick<TimeObjective, 'combine' | 'counting'>;
  /** At an instant inside its period; until the horizon, rolling days keep their length in ms. */
  readonly frame: TimeFrame;
  readonly services: readonly LineService[];
  readonly horizonMs: number;
  /** Further spans of the lines to sum up over the period; they may overlap. */
  readonly alsoOf: (lines: readonly (readonly Piece[])[]) => readonly (readonly Span[])[];
}

/** Further than so many edges nobody looks: by then something will have happened. */
const mostStretches = 24;

/** Sums are those of the classes, then all bad time, what is to come, bad and measured time of late, and what else was asked for. */
const recentPlace = timeClasses.length + 2;
const alsoPlace = timeClasses.length + 4;

/** The course of an objective from the instant of its frame on. */
export function timeCourse({ objective, frame, services, horizonMs, alsoOf }: CourseInput): TimeCourse {
  const { combine, counting } = objective;
  const { period, effective, isRolling, hours, nowMs } = frame;
  const untilMs = isRolling ? horizonMs : Math.min(horizonMs, period.toMs);
  if (nowMs >= untilMs) throw new RangeError('a course begins before its horizon, inside its period');
  const asked = (fromMs: number, toMs: number): Spans =>
    openSpans(hours, Math.max(fromMs, effective.fromMs), Math.min(toMs, effective.toMs));
  const recentMs = recentLengthMs(period);
  const lines = linesOf(services, combine, counting, asked(Math.min(period.fromMs, nowMs - recentMs), untilMs));
  const ahead = isRolling ? [] : toCome(services, combine, asked(Math.max(period.fromMs, nowMs), period.toMs));

  const pieces = lines.flat();
  const isMeasured = ({ class: name }: Piece): boolean =>
    name !== 'excluded' && name !== 'unmonitored' && (name !== 'unknown' || counting.unknown !== 'excluded');
  const bad = new Cover(pieces.filter(({ isBad }) => isBad));
  const inPeriod = [...timeClasses.map((name) => new Cover(pieces.filter((piece) => piece.class === name))), bad];
  const also = alsoOf(lines).map((spans) => new Cover(spans));
  const coming = new Cover(ahead.flat());
  const measured = new Cover(pieces.filter(isMeasured));
  const windowMs = isRolling ? period.toMs - period.fromMs : null;

  const sumsAt = (atMs: number): number[] => {
    const fromMs = windowMs === null ? period.fromMs : atMs - windowMs;
    return [
      ...inPeriod.map((cover) => cover.between(fromMs, atMs)),
      coming.between(atMs, Infinity),
      bad.between(atMs - recentMs, atMs),
      measured.between(atMs - recentMs, atMs),
      ...also.map((cover) => cover.between(fromMs, atMs)),
    ];
  };
  const tails = windowMs === null ? [0, recentMs] : [0, recentMs, windowMs];
  const edges = new Set<number>();
  const addEdge = (atMs: number): void => {
    if (atMs > nowMs && atMs < untilMs) edges.add(atMs);
  };
  for (const cover of [...inPeriod, ...also])
    for (const edgeMs of cover.edges) for (const tail of tails) addEdge(edgeMs + tail);
  for (const edgeMs of coming.edges) addEdge(edgeMs);
  const stretches = stretchesOf([nowMs, ...[...edges].sort((a, b) => a - b), untilMs], sumsAt);
  // Without bad time of late nothing runs out: what is to come decides nothing.
  const isBurning = stretches.some(({ sums, paces }) => sums[recentPlace]! > 0 || paces[recentPlace]! > 0);
  return { stretches, ahead: isBurning ? ahead : [] };
}

function stretchesOf(knots: readonly number[], sumsAt: (atMs: number) => number[]): Stretch[] {
  const stretches: Stretch[] = [];
  let sums = sumsAt(knots[0]!);
  for (let index = 1; index < knots.length && index <= mostStretches; index += 1) {
    const [fromMs, toMs] = [knots[index - 1]!, knots[index]!];
    const next = sumsAt(toMs);
    const paces = sums.map((sum, place) => (next[place]! - sum) / (toMs - fromMs));
    if (!paces.every(Number.isInteger)) throw new RangeError(`the figures bend between ${fromMs} and ${toMs}`);
    stretches.push({ fromMs, toMs, sums, paces });
    sums = next;
  }
  return stretches;
}

export interface CourseMoment {
  readonly tallies: TimeTallies;
  /** Bad time goes on; of rolling days only where more of it comes in than leaves. */
  readonly isLosing: boolean;
  /** Of what was asked to be summed up as well, in that order. */
  readonly also: readonly number[];
}

/** What a stretch comes to at an instant inside it. */
export function momentOf(
  { fromMs, sums, paces }: Stretch,
  ahead: readonly Spans[],
  unknown: TimeObjective['counting']['unknown'],
  atMs: number,
): CourseMoment {
  // One by one: an overview asks for a thousand moments, and arrays of them took longer than the figures.
  const at = (place: number): number => (sums[place] ?? 0) + (paces[place] ?? 0) * (atMs - fromMs);
  const classes = {
    upMs: at(0),
    degradedMs: at(1),
    downMs: at(2),
    unknownMs: at(3),
    unmonitoredMs: at(4),
    excludedMs: at(5),
  };
  const figures = figuresFrom(classes, at(timeClasses.length), at(timeClasses.length + 1), unknown);
  const left = ahead.map((spans) => spans.filter((span) => span.toMs > atMs).map((span) => from(span, atMs)));
  return {
    isLosing: paces[timeClasses.length]! > 0,
    tallies: { figures, recent: { bad: at(recentPlace), measured: at(recentPlace + 1) }, ahead: left },
    also: sums.slice(alsoPlace).map((_, place) => at(alsoPlace + place)),
  };
}

const from = (span: Span, atMs: number): Span => (span.fromMs < atMs ? { fromMs: atMs, toMs: span.toMs } : span);
