/** What an objective promises, in words: the same in the document, in lists and in differences. */
import type { PeriodKind } from '../domain/period-kind.ts';
import type { ObjectiveInput, ObjectiveOf } from './agreements.ts';
import { counted, lengthWords, workingLengthWords } from './length-words.ts';

export type ClockedObjective = ObjectiveOf<'response' | 'resolution'>;

export const isClocked = (objective: ObjectiveInput): objective is ClockedObjective =>
  objective.type === 'response' || objective.type === 'resolution';

/** A name from a key: `urgent-response` is `Urgent response`. */
export function titleOfKey(key: string): string {
  const words = key.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export const objectiveTitle = (key: string, { title }: ObjectiveInput): string => title || titleOfKey(key);

/** `month`, or `30 days` of rolling ones. */
export function periodNoun(period: PeriodKind): string {
  const [, days] = /^rolling-(\d+)d$/.exec(period) ?? [];
  return days === undefined ? period : counted(days, 'day');
}

/** `a month`, `30 days`: what a limit is counted in. */
export const perPeriod = (period: PeriodKind): string =>
  period.startsWith('rolling') ? `in ${periodNoun(period)}` : `a ${period}`;

/** `At least 99.9 % availability`, `15 minutes in at least 95 % of cases`. */
export function targetWords(objective: ObjectiveInput, period: PeriodKind): string {
  switch (objective.type) {
    case 'availability':
      return `At least ${objective.target} % availability`;
    case 'success':
      return `At least ${objective.target} % of checks succeed`;
    case 'latency':
      return `At least ${objective.target} % of checks answered within ${lengthWords(objective.threshold)}`;
    case 'outage':
      return outageWords(objective, period);
    case 'response':
    case 'resolution':
      return `${workingLengthWords(objective.within)}${shareWords(objective, 'cases', period)}`;
    case 'recovery':
      return recoveryWords(objective, period);
    case 'metric':
      return metricWords(objective);
  }
}

interface Share {
  readonly target?: string | null | undefined;
  readonly allowMisses?: number | null | undefined;
}

function shareWords({ target, allowMisses }: Share, noun: string, period: PeriodKind): string {
  if (target != null) return ` in at least ${target} % of ${noun}`;
  return allowMisses ? `; at most ${allowMisses} late ${perPeriod(period)}` : `, in all ${noun}`;
}

function outageWords({ longest, atMost, meanRestore, meanBetween }: ObjectiveOf<'outage'>, period: PeriodKind): string {
  if (longest != null) return `No outage longer than ${lengthWords(longest)}`;
  if (meanRestore != null) return `Mean time to restore service at most ${lengthWords(meanRestore)}`;
  if (meanBetween != null) return `Mean time between failures at least ${lengthWords(meanBetween)}`;
  return atMost ? `At most ${counted(atMost, 'outage')} ${perPeriod(period)}` : 'No outage';
}

function recoveryWords(objective: ObjectiveOf<'recovery'>, period: PeriodKind): string {
  const { within, maxAge, of } = objective;
  if (within != null) return `Restored within ${lengthWords(within)}${shareWords(objective, `${of}s`, period)}`;
  return `Last good backup or drill never older than ${lengthWords(maxAge ?? 0)}`;
}

const readings = {
  sum: 'in total',
  average: 'on average',
  least: 'at the lowest',
  greatest: 'at the highest',
  last: 'as last reported',
} as const;

function metricWords({ atLeast, atMost, unit, reading }: ObjectiveOf<'metric'>): string {
  const limit = atLeast == null ? `At most ${atMost}` : `At least ${atLeast}`;
  return [limit, unit, readings[reading]].filter((word) => word !== '').join(' ');
}
