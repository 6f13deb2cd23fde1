/** What an objective that is being written would have come to in past periods, in words: pure. */
import type { ObjectiveInput } from '../contract/agreements.ts';
import type { TriedObjective, TriedPeriod } from '../contract/draft-trial.ts';
import { counted } from '../contract/length-words.ts';
import { periodTitle } from '../contract/period-title.ts';
import type { Period } from '../domain/period.ts';
import { percentText, ratioOfPercent, subtractRatio, type Ratio } from '../domain/ratio.ts';
import type { Evaluated } from './evaluated.ts';
import { holdingObjective, isFlawless, percentPlaces, worstOf } from './holding-promise.ts';
import { promiseText } from './promise-text.ts';
import { isoOf, reachedText } from './result-view.ts';

/** A period that is over, with what the objective came to in it. */
export interface TrialPeriod {
  readonly period: Period;
  readonly result: Evaluated;
}

/** `tried`: in order of time, one at least, all of one objective. */
export function triedObjective(key: string, objective: ObjectiveInput, tried: readonly TrialPeriod[]): TriedObjective {
  const judged = tried.filter(({ result }) => result.judgement.verdict !== 'no-data');
  const worst = worstOf(objective, judged);
  const holding = holdingObjective(
    objective,
    judged.map(({ result }) => result),
  );
  const summary = {
    met: judged.filter(({ result }) => result.judgement.verdict === 'met').length,
    judged: judged.length,
    unproven: judged.filter(({ result }) => !result.isProven).length,
    periods: tried.map((one) => periodView(objective, one)),
    worst: worst?.period.label ?? null,
    holding: holding && promiseText(holding),
    holdingTarget: holding && 'target' in holding ? (holding.target ?? null) : null,
  };
  return {
    ...{ key, title: objective.title || key, promise: promiseText(objective) },
    ...summary,
    sentence: sentenceOf(summary, objective, worst === undefined || isFlawless(objective, worst.result)),
  };
}

function periodView(objective: ObjectiveInput, { period, result }: TrialPeriod): TriedPeriod {
  const { verdict } = result.judgement;
  return {
    ...{ label: period.label, from: isoOf(period.fromMs), to: isoOf(period.toMs) },
    verdict: verdict === 'met' || verdict === 'missed' ? verdict : 'no-data',
    unproven: verdict !== 'no-data' && !result.isProven,
    now: verdict === 'no-data' ? null : reachedWords(objective, result),
    missedBy: verdict === 'missed' ? missedBy(objective, result) : null,
  };
}

/** `0.03 points`, never less than it is; of what is no share, what was reached instead. */
function missedBy(objective: ObjectiveInput, result: Evaluated): string | null {
  const { attained } = result.judgement;
  if ('target' in objective && objective.target != null && attained)
    return `${pointsText(subtractRatio(ratioOfPercent(objective.target), attained), percentPlaces(objective.target))} points`;
  return reachedWords(objective, result);
}

const pointsText = (ratio: Ratio, places: number): string => percentText(ratio, places, 'up');

const reachedWords = (objective: ObjectiveInput, result: Evaluated): string | null =>
  objective.type === 'outage' && objective.atMost != null
    ? counted(result.reached ?? 0, 'outage')
    : reachedText(result);

type Summary = Omit<TriedObjective, 'key' | 'title' | 'promise' | 'sentence'>;

/** `Met 10 of 12; missed in March 2026 by 0.03 points; 99.85 % would have been met in all.` */
function sentenceOf(
  { met, judged, unproven, periods, worst, holding }: Summary,
  objective: ObjectiveInput,
  isNothingMissed: boolean,
): string {
  if (judged === 0) return `Nothing was measured in the last ${periods.length} that could tell.`;
  const lacking = judged < periods.length ? ' that were measured' : '';
  const doubts = unproven > 0 ? [`${unproven} of them unproven`] : [];
  const found = periods.find(({ label }) => label === worst);
  const worstWords = isNothingMissed ? ['nothing was missed in any of them'] : worstText(judged - met, found);
  const holds = holding === null || holding === promiseText(objective) ? [] : [`${holding} would have been met in all`];
  return `${[`Met ${met} of ${judged}${lacking}`, ...doubts, ...worstWords, ...holds].join('; ')}.`;
}

function worstText(misses: number, worst: TriedPeriod | undefined): string[] {
  if (!worst) return [];
  const title = periodTitle(worst.label);
  if (misses === 0) return worst.now === null ? [] : [`the worst was ${title}, with ${worst.now}`];
  const by = worst.missedBy === null ? '' : ` ${worst.missedBy.endsWith('points') ? 'by' : 'with'} ${worst.missedBy}`;
  return [misses === 1 ? `missed in ${title}${by}` : `missed worst in ${title},${by}`];
}
