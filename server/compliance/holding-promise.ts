/** The highest promise that would have been kept in each of some periods: pure. */
import type { ObjectiveInput, ObjectiveOf } from '../contract/agreements.ts';
import { decimalOf } from '../domain/decimal.ts';
import { ceil, compareRatios, floor, percentText, ratioOf, type Ratio } from '../domain/ratio.ts';
import type { Evaluated } from './evaluated.ts';

type Result = Pick<Evaluated, 'judgement' | 'value'>;

/** Decimals in which a share is told: as many as people wrote, two at least. */
export const percentPlaces = (target: string): number => Math.max(2, target.split('.')[1]?.length ?? 0);

/** Whether less is better of what an objective is judged by; null where it is a share, of which more is. */
function isLessBetter(objective: ObjectiveInput): boolean | null {
  if ('target' in objective && objective.target != null) return null;
  switch (objective.type) {
    case 'outage':
      return objective.meanBetween == null;
    case 'metric':
      return objective.atLeast == null;
    case 'recovery':
      // Age without a target is a share of all of the time.
      return objective.within == null ? null : true;
    default:
      return true;
  }
}

/** What periods are compared by, higher the better; null where there is nothing to compare. */
function merit(objective: ObjectiveInput, { judgement, value }: Result): Ratio | null {
  const isLess = isLessBetter(objective);
  if (isLess === null) return judgement.attained;
  return value && isLess ? { ...value, numerator: -value.numerator } : value;
}

/** The period in which least was reached, of equals the latest; undefined where nothing can be compared. */
export function worstOf<Period extends { readonly result: Result }>(
  objective: ObjectiveInput,
  judged: readonly Period[],
): Period | undefined {
  let worst: { period: Period; merit: Ratio } | undefined;
  for (const period of judged) {
    const own = merit(objective, period.result);
    if (own && (!worst || compareRatios(own, worst.merit) <= 0)) worst = { period, merit: own };
  }
  return worst?.period;
}

/** Whether in the worst period nothing was missed at all; metrics are only compared. */
export function isFlawless(objective: ObjectiveInput, { judgement: { attained }, value }: Result): boolean {
  if (objective.type === 'metric') return false;
  if (isLessBetter(objective) === true && value?.numerator === 0n) return true;
  return objective.type !== 'outage' && attained !== null && attained.numerator === attained.denominator;
}

/** The objective with the highest promise that each of the results would have kept; null where none can be told. */
export function holdingObjective(objective: ObjectiveInput, judged: readonly Result[]): ObjectiveInput | null {
  const worst = worstOf(
    objective,
    judged.map((result) => ({ result })),
  )?.result;
  if (!worst) return null;
  const { judgement, value } = worst;
  if ('target' in objective && objective.target != null)
    return withShare(objective, objective.target, judgement.attained);
  if (value === null) return null;
  if (objective.type === 'outage') return withOutages(objective, value);
  if (objective.type === 'metric')
    return objective.atLeast == null
      ? { ...objective, atMost: decimalOf(ceil(value)) }
      : { ...objective, atLeast: decimalOf(floor(value)) };
  return 'allowMisses' in objective ? { ...objective, allowMisses: Number(ceil(value)) } : null;
}

/** A share must lie between nothing and all: where nothing was missed, or all was, none can be written. */
function withShare<Kind extends ObjectiveInput>(objective: Kind, target: string, attained: Ratio | null): Kind | null {
  if (!attained || attained.numerator <= 0n || attained.numerator >= attained.denominator) return null;
  const text = percentText(attained, percentPlaces(target), 'down').replace(/\.?0+$/, '');
  return Number(text) > 0 ? { ...objective, target: text } : null;
}

function withOutages(objective: ObjectiveOf<'outage'>, value: Ratio): ObjectiveInput | null {
  if (objective.atMost != null) return { ...objective, atMost: Number(ceil(value)) };
  if (objective.meanBetween != null) {
    const leastMs = tidy(floor(value), 'down');
    return leastMs > 0 ? { ...objective, meanBetween: leastMs } : null;
  }
  const mostMs = tidy(ceil(value), 'up');
  return objective.longest == null ? { ...objective, meanRestore: mostMs } : { ...objective, longest: mostMs };
}

const sizesMs = [86_400_000n, 3_600_000n, 60_000n, 1_000n] as const;

/** Rounded to the second of the two units in which lengths are told, so that the words say no less than what holds. */
function tidy(ms: bigint, rounding: 'up' | 'down'): number {
  const first = sizesMs.findIndex((size) => ms >= size);
  const step = sizesMs[first === -1 ? sizesMs.length - 1 : Math.min(first + 1, sizesMs.length - 1)]!;
  const steps = ratioOf(ms, step);
  return Number((rounding === 'up' ? ceil(steps) : floor(steps)) * step);
}
