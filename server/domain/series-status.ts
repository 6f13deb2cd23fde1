/**
 * The status of one series (a probe at a location): a fold over its attempts in the order of slot and attempt. It
 * answers with change points of the series' timeline, back-dated to the first failing slot once an outage is confirmed.
 */
import { reasons, type Verdict } from '../../probes/contract.ts';
import type { ChangePoint } from './timeline.ts';
import { paint } from './timeline.ts';

/** What the timeline shows: a verdict that is confirmed, or held while a change of mind is not. */
export type Label = Verdict;

/** One attempt: attempt 0 is the slot's own run, 1.. are re-checks, after a failure or because one is suspected. */
export interface Attempt {
  slotMs: number;
  attempt: number;
  /** When it was run; of a slot's own run the slot counts. */
  atMs: number;
  verdict: Verdict;
  /** Reason code. */
  reason: number;
  /** The slot covers [slotMs, slotMs + everyMs). */
  everyMs: number;
  /** Failed attempts in a row that make an outage, good ones that end it. */
  failures: number;
  successes: number;
}

export interface SeriesStatus {
  lastSlotMs: number;
  lastAttempt: number;
  coveredUntilMs: number;
  /** The state at the end of the timeline. */
  label: Label;
  /** The confirmed state: what is held while attempts to the contrary are not confirmed; unknown before the first. */
  stable: Label;
  /** How many attempts in a row contradict `stable`, and what the timeline becomes if they are confirmed. */
  contrary: number;
  pending: ChangePoint<Label>[];
}

const notObserved = reasons['not-observed'].code;

const isBad = (label: Label): boolean => label === 'down';

/** Whether a failure is waiting for its confirmation. */
export const isSuspect = (status: SeriesStatus): boolean => status.contrary > 0 && !isBad(status.stable);

/** Whether an attempt comes after all that were folded; another takes the late path. */
export const isInOrder = (status: SeriesStatus | null, slotMs: number, attempt: number): boolean =>
  status === null || slotMs > status.lastSlotMs || (slotMs === status.lastSlotMs && attempt > status.lastAttempt);

const unborn = (slotMs: number): SeriesStatus => ({
  lastSlotMs: slotMs,
  lastAttempt: -1,
  coveredUntilMs: slotMs,
  label: 'unknown',
  stable: 'unknown',
  contrary: 0,
  pending: [],
});

/** Folds one attempt. Change points go to `tail`; `status` is not changed. */
export function foldAttempt(before: SeriesStatus | null, attempt: Attempt, tail: ChangePoint<Label>[]): SeriesStatus {
  const status = before ? { ...before, pending: [...before.pending] } : unborn(attempt.slotMs);
  if (!before) paint(tail, { fromMs: attempt.slotMs, state: 'unknown', reason: notObserved });
  const isRecheck = attempt.slotMs === before?.lastSlotMs;
  if (!isRecheck && attempt.slotMs > status.coveredUntilMs)
    markUnknown(status, status.coveredUntilMs, notObserved, tail);
  status.lastSlotMs = attempt.slotMs;
  status.lastAttempt = attempt.attempt;
  if (isRecheck) {
    if (!isBad(status.stable)) foldRecheck(status, attempt, tail);
    return status;
  }
  status.coveredUntilMs = Math.max(status.coveredUntilMs, attempt.slotMs + attempt.everyMs);
  if (attempt.verdict === 'unknown') foldUnknown(status, attempt, tail);
  else foldVerdict(status, attempt, tail);
  return status;
}

/**
 * While a failure is pending, a re-check confirms it or clears it. While none is, one that fails inside what its slot
 * covers is the first failure, from its own instant on: it is run since something that rests on this has failed.
 */
function foldRecheck(status: SeriesStatus, attempt: Attempt, tail: ChangePoint<Label>[]): void {
  const { verdict, reason, failures, atMs } = attempt;
  if (verdict === 'unknown') return;
  if (!isBad(verdict)) {
    status.contrary = 0;
    status.pending = [];
    return;
  }
  if (status.contrary === 0) {
    if (status.label === 'unknown' || atMs >= status.coveredUntilMs) return;
    paint(status.pending, { fromMs: Math.max(atMs, status.lastSlotMs), state: verdict, reason });
  }
  status.contrary += 1;
  if (status.contrary >= failures) confirm(status, 'down', tail);
}

function foldVerdict(status: SeriesStatus, attempt: Attempt, tail: ChangePoint<Label>[]): void {
  const { slotMs: fromMs, verdict, reason } = attempt;
  if (isBad(verdict) === isBad(status.stable)) {
    status.stable = verdict;
    status.contrary = 0;
    status.pending = [];
    show(status, { fromMs, state: verdict, reason }, tail);
    return;
  }
  status.contrary += 1;
  paint(status.pending, { fromMs, state: verdict, reason });
  if (status.contrary >= (isBad(verdict) ? attempt.failures : attempt.successes)) confirm(status, verdict, tail);
  else show(status, { fromMs, state: status.stable, reason }, tail);
}

function confirm(status: SeriesStatus, verdict: Label, tail: ChangePoint<Label>[]): void {
  for (const point of status.pending) show(status, point, tail);
  status.stable = verdict;
  status.contrary = 0;
  status.pending = [];
}

/** What was called unknown because nothing came, from this slot on, is unknown for the reason that came after all. */
function foldUnknown(status: SeriesStatus, { slotMs, reason }: Attempt, tail: ChangePoint<Label>[]): void {
  if (status.label === 'unknown' && tail.length === 0) tail.push({ fromMs: slotMs, state: 'unknown', reason });
  markUnknown(status, slotMs, reason, tail);
}

/** Unknown neither advances nor resets a count, and stays unknown when what surrounds it is confirmed. */
function markUnknown(status: SeriesStatus, fromMs: number, reason: number, tail: ChangePoint<Label>[]): void {
  const point = { fromMs, state: 'unknown' as const, reason };
  if (status.contrary > 0) paint(status.pending, point);
  show(status, point, tail);
}

function show(status: SeriesStatus, point: ChangePoint<Label>, tail: ChangePoint<Label>[]): void {
  const goesOn = status.label === point.state && (tail.at(-1)?.fromMs ?? -Infinity) < point.fromMs;
  status.label = point.state;
  if (!goesOn) paint(tail, point);
}

/** Calls what follows the last covered instant unknown. The caller decides that nothing will come any more. */
export function expire(before: SeriesStatus, tail: ChangePoint<Label>[]): SeriesStatus {
  const status = { ...before, pending: [...before.pending] };
  markUnknown(status, status.coveredUntilMs, notObserved, tail);
  return status;
}

/** Folds attempts that are sorted by slot and attempt. */
export function foldAttempts(before: SeriesStatus | null, attempts: readonly Attempt[]) {
  const tail: ChangePoint<Label>[] = [];
  let status = before;
  for (const attempt of attempts) status = foldAttempt(status, attempt, tail);
  return { status, tail };
}

/**
 * Where a rebuild of sorted attempts may begin so that it ends as if it had begun at the first: just behind a run, all
 * before `beforeMs`, of own runs of slots that agree and are as many as any confirmation asks for. Whatever was before,
 * such a run leaves the same status, and an interval that begins with its end has the `reason` of that. Null when there
 * is none: the rebuild then begins with the first attempt of all.
 */
export function findAnchor(
  attempts: readonly Attempt[],
  beforeMs: number,
): { status: SeriesStatus; reason: number; next: number } | null {
  const needed = Math.max(1, ...attempts.map(({ failures, successes }) => Math.max(failures, successes)));
  let run: { end: number; length: number } | null = null;
  for (let index = attempts.findLastIndex(({ slotMs }) => slotMs < beforeMs); index >= 0; index -= 1) {
    const { attempt, verdict } = attempts[index]!;
    if (attempt !== 0 || verdict === 'unknown') run = null;
    else if (run && isBad(verdict) === isBad(attempts[run.end]!.verdict)) run.length += 1;
    else run = { end: index, length: 1 };
    if (run && run.length >= needed) {
      const { end } = run;
      return { status: statusAfter(attempts.slice(0, end + 1)), reason: attempts[end]!.reason, next: end + 1 };
    }
  }
  return null;
}

function statusAfter(attempts: readonly Attempt[]): SeriesStatus {
  const { slotMs, attempt, verdict } = attempts.at(-1)!;
  return {
    lastSlotMs: slotMs,
    lastAttempt: attempt,
    coveredUntilMs: Math.max(...attempts.map((each) => each.slotMs + each.everyMs)),
    label: verdict,
    stable: verdict,
    contrary: 0,
    pending: [],
  };
}
