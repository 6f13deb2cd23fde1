/**
 * Objectives about single outages. An outage is a run of bad time of the line, whole: it goes on through closed hours
 * and through time that is excluded, for as long as the state stays bad, and lasts for as much of it as counts.
 */
import { openSpans } from './calendar.ts';
import { linesOf, type LineService, type Piece } from './objective-line.ts';
import { isInFrame } from './event-objective.ts';
import { compareRatios, multiply, one, ratioOf, type Ratio } from './ratio.ts';
import { unionOf, type Span, type Spans } from './spans.ts';
import { evaluateTime, type TimeFigures, type TimeFrame, type TimeObjective } from './time-objective.ts';
import { courseOf, judge, judgeSpending, type Judgement, type Standing } from './verdict.ts';

export type OutageLimit =
  /** None lasts longer; each counts when it is over, or when it has lasted too long. */
  | { readonly longestMs: number }
  /** No more than so many; each counts when it begins. */
  | { readonly atMost: number }
  /** Mean time to restore: each counts when it is over. */
  | { readonly meanRestoreMs: number }
  /** Mean time between failures: good time by the number of outages, each of which counts when it begins. */
  | { readonly meanBetweenMs: number };

export interface OutageObjective extends Pick<TimeObjective, 'counting' | 'minimumCoverage'> {
  readonly combine: 'any-down' | 'all-down';
  readonly limit: OutageLimit;
}

/** An outage that touches the period. */
export interface Outage {
  /** When it began to count. */
  readonly fromMs: number;
  /** When it was over; null while it lasts. */
  readonly toMs: number | null;
  /** How much of it counts, also before and after the period. */
  readonly badMs: number;
  /** When it came to count in a period; null while that is open. */
  readonly decidedMs: number | null;
  /** `elsewhen`: it counts in another period, or not yet. */
  readonly class: 'good' | 'bad' | 'counted' | 'elsewhen';
  /** What it is made of. */
  readonly pieces: readonly Piece[];
}

export interface OutageResult extends Judgement {
  readonly figures: TimeFigures & { readonly outages: number; readonly bad: number };
  /** The longest, the number, or the mean: in the unit of the limit; null where there was none. */
  readonly reached: Ratio | null;
  readonly coverage: Ratio | null;
  readonly isProven: boolean;
  readonly outages: readonly Outage[];
}

/** An open outage that has used so much of the longest that is allowed puts the objective at risk. */
const risky = ratioOf(4, 5);

/** Evaluates an objective over outages at an instant. */
export function evaluateOutages(
  objective: OutageObjective,
  frame: TimeFrame,
  services: readonly LineService[],
): OutageResult {
  const { figures, coverage, isProven } = evaluateTime({ ...objective, target: one }, frame, services);
  const outages = outagesOf(objective, frame, services);
  const counted = outages.filter((outage) => outage.class !== 'elsewhen');
  const isKnown = figures.measuredMs > 0;
  const judged = isKnown
    ? judgeOutages(objective.limit, frame, figures, outages)
    : { attained: null, ...judgeSpending(ratioOf(0, 1), ratioOf(0, 1), false, standingOf(frame)) };
  const bad = counted.filter((outage) => outage.class === 'bad').length;
  return {
    ...judged,
    figures: { ...figures, outages: counted.length, bad },
    reached: reachedOf(objective.limit, figures, counted),
    coverage,
    isProven,
    outages,
  };
}

/** Outages that touch the period or come to count in it, each with all of it that counts. */
function outagesOf(objective: OutageObjective, frame: TimeFrame, services: readonly LineService[]): Outage[] {
  const beginMs = Math.max(frame.period.fromMs, frame.effective.fromMs);
  const endMs = Math.min(frame.period.toMs, frame.effective.toMs, frame.nowMs);
  const runs = badRuns(objective, services, frame.nowMs).filter(
    ({ fromMs, toMs }) => fromMs < endMs && toMs >= beginMs,
  );
  const counted = lineIn(objective, services, agreedIn(frame, runs)).filter(({ isBad }) => isBad);
  let index = 0;
  return runs.flatMap((run) => {
    const pieces: Piece[] = [];
    for (; index < counted.length && counted[index]!.fromMs < run.toMs; index += 1) pieces.push(counted[index]!);
    return pieces.length > 0 ? [toOutage(run, pieces, objective.limit, frame)] : [];
  });
}

/** Bad time with its closed hours, and with what is excluded but bad all the same. */
function badRuns(objective: OutageObjective, services: readonly LineService[], nowMs: number): Span[] {
  const always = [{ fromMs: -Infinity, toMs: nowMs }];
  const plain = services.map((service) => ({ ...service, exclusions: [] }));
  const lines = [lineIn(objective, plain, always), lineIn(objective, services, always)];
  return unionOf(lines.flatMap((line) => line.filter(({ isBad }) => isBad)));
}

const lineIn = ({ combine, counting }: OutageObjective, services: readonly LineService[], agreed: Spans): Piece[] =>
  linesOf(services, combine, counting, agreed)[0] ?? [];

/** Agreed time inside the runs. */
function agreedIn({ effective, hours }: TimeFrame, runs: readonly Span[]): Span[] {
  return runs.flatMap((run) => {
    const fromMs = Math.max(run.fromMs, effective.fromMs);
    const toMs = Math.min(run.toMs, effective.toMs);
    return openSpans(hours, fromMs, toMs);
  });
}

function toOutage(run: Span, pieces: readonly Piece[], limit: OutageLimit, frame: TimeFrame): Outage {
  const badMs = pieces.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  const fromMs = pieces[0]!.fromMs;
  const toMs = run.toMs < frame.nowMs ? run.toMs : null;
  const isTooLong = 'longestMs' in limit && badMs > limit.longestMs;
  const isAtStart = 'atMost' in limit || 'meanBetweenMs' in limit;
  const decidedMs = isTooLong ? passedAt(pieces, limit.longestMs) : isAtStart ? fromMs : toMs;
  const kind = 'longestMs' in limit ? (isTooLong ? 'bad' : 'good') : 'atMost' in limit ? 'bad' : 'counted';
  const isHere = decidedMs !== null && isInFrame(decidedMs, frame);
  return { fromMs, toMs, badMs, decidedMs, class: isHere ? kind : 'elsewhen', pieces };
}

/** The instant from which on more than so much of the pieces has passed. */
function passedAt(pieces: readonly Piece[], limitMs: number): number {
  let leftMs = limitMs;
  for (const { fromMs, toMs } of pieces) {
    if (toMs - fromMs > leftMs) return fromMs + leftMs;
    leftMs -= toMs - fromMs;
  }
  throw new RangeError('the pieces do not last longer than the limit');
}

const standingOf = ({ period, isRolling, nowMs }: TimeFrame, more: Partial<Standing> = {}): Standing => ({
  course: courseOf(period.toMs, isRolling, nowMs),
  isForeseen: true,
  runsOut: false,
  ...more,
});

function judgeOutages(
  limit: OutageLimit,
  frame: TimeFrame,
  { measuredMs, badMs, toComeMs }: TimeFigures,
  outages: readonly Outage[],
): Judgement {
  const counted = outages.filter((outage) => outage.class !== 'elsewhen');
  const count = counted.length;
  if ('longestMs' in limit) {
    const bad = counted.filter((outage) => outage.class === 'bad').length;
    const runsOut = outages.some((outage) => outage.toMs === null && isNear(outage.badMs, limit.longestMs));
    return judge({ bad, measured: count, toCome: 0 }, { allowMisses: 0 }, standingOf(frame, { runsOut }));
  }
  if ('atMost' in limit) {
    const tally = { bad: count, measured: count, toCome: 0 };
    return { ...judge(tally, { allowMisses: limit.atMost }, standingOf(frame)), attained: null };
  }
  // More outages that are short bring a mean down again; good time that comes is known, and so is what it can repair.
  const isBetween = 'meanBetweenMs' in limit;
  const [spent, budget] = isBetween
    ? [multiply(ratioOf(limit.meanBetweenMs, 1), ratioOf(count, 1)), ratioOf(measuredMs - badMs + toComeMs, 1)]
    : [ratioOf(totalMs(counted), 1), multiply(ratioOf(limit.meanRestoreMs, 1), ratioOf(count, 1))];
  const standing = standingOf(frame, { isForeseen: isBetween });
  return { attained: null, ...judgeSpending(spent, budget, true, standing) };
}

const isNear = (badMs: number, longestMs: number): boolean =>
  compareRatios(ratioOf(badMs, 1), multiply(risky, ratioOf(longestMs, 1))) >= 0;

const totalMs = (outages: readonly Outage[]): number => outages.reduce((sum, { badMs }) => sum + badMs, 0);

function reachedOf(limit: OutageLimit, figures: TimeFigures, counted: readonly Outage[]): Ratio | null {
  if ('atMost' in limit) return ratioOf(counted.length, 1);
  if (counted.length === 0) return null;
  if ('longestMs' in limit) return ratioOf(Math.max(...counted.map(({ badMs }) => badMs)), 1);
  const spentMs = 'meanRestoreMs' in limit ? totalMs(counted) : figures.measuredMs - figures.badMs;
  return ratioOf(spentMs, counted.length);
}
