/**
 * The response and the resolution clock of an incident under the terms of one agreement: the arithmetic of what counts
 * down on a screen and of what a report judges.
 */
import type { ServiceHours } from './calendar.ts';
import { readClock, warningAt, warningPercents, type Clock, type ClockInput } from './deadline-clock.ts';
import type { Span } from './spans.ts';

export const clockNames = ['response', 'resolution'] as const;
export type ClockName = (typeof clockNames)[number];

/** What the clocks of an incident are read from, epoch ms. */
export interface ClockedCourse {
  /** Detection or report, whichever came first. */
  readonly clockedMs: number;
  /** The first reply; what is resolved needs none any more. Null while there is neither. */
  readonly respondedMs: number | null;
  readonly resolvedMs: number | null;
  /** Rising, apart from each other; the last may be open as Infinity. */
  readonly pauses: readonly (Span & { readonly reason: string })[];
}

export interface ClockTerms {
  /** Null: nothing was promised. */
  readonly limitMs: number | null;
  /** Support hours; null: around the clock. */
  readonly hours: ServiceHours | null;
  /** Reasons of waiting that stop the resolution clock. */
  readonly pausedBy: readonly string[];
}

export interface ClockWarning {
  readonly percent: (typeof warningPercents)[number];
  /** When that share of the time is spent, or was; null where it is not foreseen: it waits, or stopped before. */
  readonly atMs: number | null;
}

export interface IncidentClock {
  readonly state: 'running' | 'paused' | 'met' | 'breached' | 'none';
  readonly limitMs: number | null;
  readonly dueMs: number | null;
  /** Support time spent, without pauses. */
  readonly elapsedMs: number;
  /** Negative once it is overdue; null where nothing was promised. */
  readonly leftMs: number | null;
  /** Whether it counts now: it is neither stopped nor paused, and its hours are on. */
  readonly isTicking: boolean;
  /** When its hours end or begin next; null where that changes nothing. */
  readonly turnMs: number | null;
  /** When it was met or breached. */
  readonly decidedMs: number | null;
  readonly warnings: readonly ClockWarning[];
}

/** Response never pauses; resolution does while it waits for what the agreement lists, and for the time it was resolved. */
const pausesOf = (name: ClockName, { pauses }: ClockedCourse, pausedBy: readonly string[]): readonly Span[] =>
  name === 'response' ? [] : pauses.filter(({ reason }) => reason === 'resolved' || pausedBy.includes(reason));

const inputOf = (
  name: ClockName,
  course: ClockedCourse,
  { limitMs, hours, pausedBy }: ClockTerms,
  nowMs: number,
): ClockInput => ({
  startMs: course.clockedMs,
  stopMs: name === 'response' ? course.respondedMs : course.resolvedMs,
  pauses: pausesOf(name, course, pausedBy),
  ...{ hours, limitMs: limitMs ?? 0, nowMs },
});

/** A clock that something was promised for, as objectives judge it. */
export const judgedClock = (
  name: ClockName,
  course: ClockedCourse,
  terms: ClockTerms & { readonly limitMs: number },
  nowMs: number,
): Clock => readClock(inputOf(name, course, terms, nowMs));

/** A clock with what people and alerts want to know of it. */
export function incidentClock(name: ClockName, course: ClockedCourse, terms: ClockTerms, nowMs: number): IncidentClock {
  const input = inputOf(name, course, terms, nowMs);
  const { elapsedMs, dueMs, state, decidedMs } = readClock(input);
  const { limitMs } = terms;
  if (limitMs === null) {
    const nothing = { dueMs: null, leftMs: null, isTicking: false, turnMs: null, decidedMs: null, warnings: [] };
    return { state: 'none', limitMs, elapsedMs, ...nothing };
  }
  return {
    state: state === 'missed' ? 'breached' : state,
    ...{ limitMs, dueMs, elapsedMs, leftMs: limitMs - elapsedMs, decidedMs, ...tickingAt(input) },
    warnings: warningPercents.map((percent) => ({ percent, atMs: knownWarning(input, percent, state) })),
  };
}

/** How far ahead the end of an opening is looked for; one that goes on is looked at again then. */
const aheadMs = 14 * 86_400_000;

function tickingAt({ stopMs, pauses, hours, nowMs }: ClockInput): Pick<IncidentClock, 'isTicking' | 'turnMs'> {
  const isStopped = stopMs !== null && stopMs <= nowMs;
  if (isStopped || pauses.some(({ fromMs, toMs }) => fromMs <= nowMs && nowMs < toMs))
    return { isTicking: false, turnMs: null };
  if (hours === null) return { isTicking: true, turnMs: null };
  const [opening] = hours.spans(nowMs, nowMs + aheadMs);
  if (opening?.fromMs === nowMs) return { isTicking: true, turnMs: opening.toMs };
  const firstMs = hours.deadline(nowMs, 1);
  return { isTicking: false, turnMs: firstMs === null ? null : firstMs - 1 };
}

function knownWarning(input: ClockInput, percent: number, state: Clock['state']): number | null {
  const atMs = warningAt(input, percent);
  const lastMs = Math.min(input.stopMs ?? Infinity, input.nowMs);
  if (atMs === null || atMs <= lastMs) return atMs;
  return state === 'running' ? atMs : null;
}

const standing: Readonly<Record<IncidentClock['state'], number>> = {
  breached: 0,
  running: 1,
  paused: 2,
  met: 3,
  none: 4,
};

/** Which of two clocks is the more pressing: what is breached, then what is due first. */
export const byPress = (a: IncidentClock, b: IncidentClock): number =>
  standing[a.state] - standing[b.state] || (a.dueMs ?? Infinity) - (b.dueMs ?? Infinity) || 0;

const minuteMs = 60_000;
/** So often those who wait are told how it stands, by severity. */
const updateEveryMs: Readonly<Record<number, number>> = {
  1: 30 * minuteMs,
  2: 60 * minuteMs,
  3: 240 * minuteMs,
  4: 1_440 * minuteMs,
  5: 2_880 * minuteMs,
};

/** When those who wait are to be told next how it stands; null once it is resolved. */
export const nextUpdateMs = (
  { clockedMs, resolvedMs }: Pick<ClockedCourse, 'clockedMs' | 'resolvedMs'>,
  toldMs: number | null,
  severity: number,
): number | null => (resolvedMs === null ? Math.max(toldMs ?? clockedMs, clockedMs) + updateEveryMs[severity]! : null);
