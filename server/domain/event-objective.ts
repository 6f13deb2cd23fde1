/**
 * Objectives that are counted: a share of the events of a period must be good, or so many of them may be bad. Nobody
 * knows how many come, so a share that was missed is only below its target until the period ends: good ones may follow.
 * Allowed misses that are overspent are a breach at once: a miss stays a miss, whatever follows.
 */
import type { Clock } from './deadline-clock.ts';
import type { Exclusion } from './objective-line.ts';
import type { TimeFrame } from './time-objective.ts';
import { courseOf, judge, type Judgement, type Target, type Tally } from './verdict.ts';

export interface DecidedEvent {
  /** What it is about, such as the number of an incident. */
  readonly key: string;
  readonly isGood: boolean;
  /** When that was decided, epoch ms: it counts in the period in which this lies. */
  readonly decidedMs: number;
  /** Why it does not count; null where it does. */
  readonly exclusion: Pick<Exclusion, 'cause' | 'key'> | null;
}

export type EventFrame = Pick<TimeFrame, 'period' | 'isRolling' | 'effective' | 'nowMs'>;

export interface EventFigures {
  readonly good: number;
  readonly bad: number;
  /** Good and bad. */
  readonly total: number;
  readonly excluded: number;
}

/** An event of the period with what it counts as. */
export interface EventPiece<Event extends DecidedEvent = DecidedEvent> {
  readonly class: 'good' | 'bad' | 'excluded';
  readonly event: Event;
}

export interface EventResult<Event extends DecidedEvent = DecidedEvent> extends Judgement {
  readonly figures: EventFigures;
  /** Every event of the period in the order in which they were decided. */
  readonly pieces: readonly EventPiece<Event>[];
}

/** Evaluates an objective over events at an instant; those that were decided elsewhen are left out. */
export function evaluateEvents<Event extends DecidedEvent>(
  target: Target,
  frame: EventFrame,
  events: readonly Event[],
): EventResult<Event> {
  const pieces = events
    .filter(({ decidedMs }) => isInFrame(decidedMs, frame))
    .sort((a, b) => a.decidedMs - b.decidedMs || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map((event): EventPiece<Event> => ({ class: classOf(event), event }));
  const count = (name: EventPiece['class']) => pieces.filter((piece) => piece.class === name).length;
  const [good, bad] = [count('good'), count('bad')];
  return {
    ...judgeEvents({ bad, measured: good + bad, toCome: 0 }, target, frame),
    figures: { good, bad, total: good + bad, excluded: count('excluded') },
    pieces,
  };
}

/** Whether an instant lies in the period, while the agreement holds, and before now. */
export const isInFrame = (atMs: number, { period, effective, nowMs }: EventFrame): boolean =>
  atMs >= Math.max(period.fromMs, effective.fromMs) && atMs < Math.min(period.toMs, effective.toMs, nowMs);

/**
 * The next instant at which another of these instants counts, or, of rolling days, no longer counts: the first after it,
 * and the first at which it lies before the window. Infinity where none does.
 */
export function nextChangeMs(atMs: readonly number[], { period, isRolling, nowMs }: EventFrame): number {
  const windowMs = period.toMs - period.fromMs;
  const turns = atMs.flatMap((at) => (isRolling ? [at + 1, at + windowMs + 1] : [at + 1]));
  return turns.reduce((next, turn) => (turn > nowMs && turn < next ? turn : next), Infinity);
}

/** Judges counts of events of which nobody knows how many come. */
export const judgeEvents = (tally: Tally, target: Target, frame: EventFrame, runsOut = false): Judgement =>
  judge(tally, target, {
    course: courseOf(frame.period.toMs, frame.isRolling, frame.nowMs),
    isForeseen: 'allowMisses' in target,
    runsOut,
  });

const classOf = ({ isGood, exclusion }: DecidedEvent): EventPiece['class'] =>
  exclusion ? 'excluded' : isGood ? 'good' : 'bad';

/** What a clock comes to as an event; null while it runs or waits. */
export const eventOf = (
  key: string,
  { state, decidedMs }: Clock,
  exclusion: DecidedEvent['exclusion'] = null,
): DecidedEvent | null => (decidedMs === null ? null : { key, isGood: state === 'met', decidedMs, exclusion });
