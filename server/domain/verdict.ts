/** From what was counted to what it means: budget, burn rate, forecast, verdict. One shape for time and for events. */
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
import type { Span } from './spans.ts';

/** What is promised: a share that must be good, or so many misses that are allowed. */
export type Target = { readonly ratio: Ratio } | { readonly allowMisses: number };

/** Milliseconds, or events. */
export interface Tally {
  /** Missed, of what was measured. */
  readonly bad: number;
  readonly measured: number;
  /** What is still to come in the period; 0 where nobody has scheduled it. */
  readonly toCome: number;
}

export const verdicts = ['met', 'missed', 'breached', 'below-target', 'at-risk', 'on-track', 'no-data'] as const;
export type ObjectiveVerdict = (typeof verdicts)[number];

/** The one word for each, wherever it is told. */
export const verdictWords: Readonly<Record<ObjectiveVerdict, string>> = {
  met: 'Met',
  missed: 'Missed',
  breached: 'Breached',
  'below-target': 'Below target',
  'at-risk': 'At risk',
  'on-track': 'On track',
  'no-data': 'No data',
};

export interface Judgement {
  /** The share that is good; null where there is none to give. */
  readonly attained: Ratio | null;
  readonly budget: Ratio;
  /** Below 0 where more was spent than there is. */
  readonly left: Ratio;
  /** Spent of the budget; null without a budget. */
  readonly used: Ratio | null;
  readonly verdict: ObjectiveVerdict;
}

export interface Standing {
  /** `closed`: nothing comes any more. `rolling`: what was bad leaves the window by itself. */
  readonly course: 'closed' | 'running' | 'rolling';
  /** Whether what was overspent stays so: what is still to come is known, as time is, or no event makes up for another. */
  readonly isForeseen: boolean;
  /** At the burn of late the budget ends before the period. */
  readonly runsOut: boolean;
}

/** An objective whose budget has no more than this left is at risk. */
const riskyLeft = ratioOf(1, 5);

/** What may be missed of everything measured and to come. */
export function budgetOf(target: Target, { measured, toCome }: Tally): Ratio {
  if ('allowMisses' in target) return ratioOf(target.allowMisses, 1);
  return multiply(subtractRatio(one, target.ratio), ratioOf(measured + toCome, 1));
}

/** Whether a period is over, still runs, or rolls with the present. */
export const courseOf = (periodEndMs: number, isRolling: boolean, nowMs: number): Standing['course'] =>
  isRolling ? 'rolling' : nowMs >= periodEndMs ? 'closed' : 'running';

export function judge(tally: Tally, target: Target, standing: Standing): Judgement {
  const attained = tally.measured > 0 ? ratioOf(tally.measured - tally.bad, tally.measured) : null;
  // A share of nothing is no figure, but where nothing happened no miss was used up.
  const isKnown = attained !== null || 'allowMisses' in target;
  return { attained, ...judgeSpending(ratioOf(tally.bad, 1), budgetOf(target, tally), isKnown, standing) };
}

/** What was spent of a budget of any unit, and what it means; `isKnown`: whether anything tells. */
export function judgeSpending(
  spent: Ratio,
  budget: Ratio,
  isKnown: boolean,
  standing: Standing,
): Omit<Judgement, 'attained'> {
  const left = subtractRatio(budget, spent);
  return {
    budget,
    left,
    used: divide(spent, budget),
    verdict: isKnown ? verdictOf({ budget, left }, standing) : 'no-data',
  };
}

function verdictOf(
  { budget, left }: Pick<Judgement, 'budget' | 'left'>,
  { course, isForeseen, runsOut }: Standing,
): ObjectiveVerdict {
  const isOverspent = left.numerator < 0;
  if (course === 'closed') return isOverspent ? 'missed' : 'met';
  if (isOverspent) return course === 'running' && isForeseen ? 'breached' : 'below-target';
  const isNearlySpent = budget.numerator > 0 && compareRatios(left, multiply(budget, riskyLeft)) <= 0;
  return isNearlySpent || runsOut ? 'at-risk' : 'on-track';
}

/** How many times faster than allowed the budget is used: 1 ends it with the period. Null where nothing may be missed. */
export function burnRate({ bad, measured }: Pick<Tally, 'bad' | 'measured'>, target: Ratio): Ratio | null {
  if (measured === 0) return zero;
  return divide(ratioOf(bad, measured), subtractRatio(one, target));
}

/** Whether what is left ends before the period does, if of all that comes the same share is bad as of late. */
export function runsOut({ left }: { left: Ratio }, toCome: number, recent: Pick<Tally, 'bad' | 'measured'>): boolean {
  if (recent.measured === 0 || recent.bad === 0 || left.numerator < 0) return false;
  return compareRatios(left, multiply(ratioOf(toCome, 1), ratioOf(recent.bad, recent.measured))) < 0;
}

/** How much of what is to come passes until nothing is left, at the share of late; null where that never happens. */
export function lastsFor({ left }: { left: Ratio }, recent: Pick<Tally, 'bad' | 'measured'>): Ratio | null {
  if (left.numerator <= 0) return zero;
  return divide(multiply(left, ratioOf(recent.measured, 1)), ratioOf(recent.bad, 1));
}

/** Share of a period whose burn counts as that of late: 72 hours of 30 days. */
const recentShare = ratioOf(72, 30 * 24);

/** How long that is of a period, ms, rounded down. */
export const recentLengthMs = ({ fromMs, toMs }: Span): number =>
  floorNumber(multiply(recentShare, ratioOf(toMs - fromMs, 1)));

export interface BurnRule {
  readonly windowMs: number;
  /** It must burn so in the short window too, so that the alarm ends soon after the cause. */
  readonly shortWindowMs: number;
  readonly factor: number;
}

/**
 * Windows and burn rates that deserve attention, for a period of any length. Source: Google, The Site Reliability
 * Workbook, chapter 5, for 30 days: 2 % of the budget in an hour, 5 % in six, 10 % in a day, 10 % in three days.
 */
export function burnRules(periodMs: number): BurnRule[] {
  const ofMonth = [
    { hours: 1, factor: 14.4 },
    { hours: 6, factor: 6 },
    { hours: 24, factor: 3 },
    { hours: 72, factor: 1 },
  ];
  return ofMonth.map(({ hours, factor }) => {
    const windowMs = Math.round((periodMs * hours) / (30 * 24));
    return { windowMs, shortWindowMs: Math.round(windowMs / 12), factor };
  });
}
