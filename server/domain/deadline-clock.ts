/** The clocks of incidents and requests: how much support time went by, when it is due, and when that was decided. */
import type { ServiceHours } from './calendar.ts';
import type { Span } from './spans.ts';

export interface ClockInput {
  readonly startMs: number;
  /** When what is promised was done; null while it is not. */
  readonly stopMs: number | null;
  /** While it waits for the customer; rising, apart from each other; the last may be open as Infinity. */
  readonly pauses: readonly Span[];
  /** Null: around the clock. */
  readonly hours: ServiceHours | null;
  readonly limitMs: number;
  readonly nowMs: number;
}

export interface Clock {
  /** Support time spent so far, without pauses. */
  readonly elapsedMs: number;
  /** Null while it is paused, and where the hours never come. */
  readonly dueMs: number | null;
  readonly state: 'running' | 'paused' | 'met' | 'missed';
  /** When it stopped or ran out, whichever came first: the period this lies in is the one it counts in. */
  readonly decidedMs: number | null;
}

/** Reads a clock at an instant. */
export function readClock(input: ClockInput): Clock {
  const { startMs, stopMs, nowMs, hours } = input;
  const endMs = Math.max(startMs, Math.min(stopMs ?? Infinity, nowMs));
  const pauses = input.pauses
    .map(({ fromMs, toMs }) => ({ fromMs: Math.max(fromMs, startMs), toMs: Math.min(toMs, endMs) }))
    .filter(({ fromMs, toMs }) => fromMs < toMs);
  const paused = pauses.reduce((sum, { fromMs, toMs }) => sum + supportMs(hours, fromMs, toMs), 0);
  const elapsedMs = supportMs(hours, startMs, endMs) - paused;
  const dueMs = dueAt(input, pauses);
  const isOver = dueMs !== null && dueMs <= endMs;
  // What is done at the very instant it is due is in time.
  if (stopMs !== null && stopMs <= nowMs && (dueMs === null || stopMs <= dueMs)) {
    return { elapsedMs, dueMs, state: 'met', decidedMs: stopMs };
  }
  if (isOver) return { elapsedMs, dueMs, state: 'missed', decidedMs: dueMs };
  const isPaused = input.pauses.some(({ fromMs, toMs }) => fromMs <= nowMs && nowMs < toMs);
  return { elapsedMs, dueMs: isPaused ? null : dueMs, state: isPaused ? 'paused' : 'running', decidedMs: null };
}

/** Shares of the limit at which those who are responsible are warned, in percent. */
export const warningPercents = [50, 75, 90, 100] as const;

/** When so many percent of the limit are spent, if no further pause comes; null where the hours never come. */
export function warningAt(input: ClockInput, percent: number): number | null {
  return dueAt({ ...input, limitMs: Math.ceil((input.limitMs * percent) / 100) }, input.pauses);
}

const supportMs = (hours: ServiceHours | null, fromMs: number, toMs: number): number =>
  hours ? hours.workingMs(fromMs, toMs) : Math.max(0, toMs - fromMs);
const supportEnd = (hours: ServiceHours | null, fromMs: number, ms: number): number | null =>
  hours ? hours.deadline(fromMs, ms) : fromMs + ms;

/** Each pause that begins before it is due puts that off by the support time it lasts. */
function dueAt({ startMs, hours, limitMs, nowMs }: ClockInput, pauses: readonly Span[]): number | null {
  let dueMs = supportEnd(hours, startMs, limitMs);
  for (const { fromMs, toMs } of pauses) {
    if (dueMs === null || fromMs >= dueMs) break;
    dueMs = supportEnd(
      hours,
      dueMs,
      supportMs(hours, Math.max(fromMs, startMs), Math.min(toMs, Math.max(fromMs, nowMs))),
    );
  }
  return dueMs;
}
