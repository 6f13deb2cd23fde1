/** What is left of the budget of an objective, as a bar and in words. What is said never flatters. */
import type { ObjectiveResult } from '../../server/contract/compliance.ts';
import { countOf } from './size-text.ts';
import { lengthText } from './time-text.ts';

export interface BudgetLeft {
  /** Share of the budget that is left, 0 to 1. */
  readonly share: number;
  /** `28 min 12 s of 43 min 12 s left`, `3 min over`. */
  readonly text: string;
  readonly isOver: boolean;
}

type Budget = ObjectiveResult['budget'];

/** Null of an objective that has no budget to use up. */
export function budgetLeft({ budget }: Pick<ObjectiveResult, 'budget'>): BudgetLeft | null {
  if (budget.seconds !== null && budget.leftSeconds !== null) {
    return leftOf(budget, budget.seconds, budget.leftSeconds, (seconds) => lengthText(seconds * 1_000));
  }
  if (budget.events === null || budget.leftEvents === null) return null;
  return leftOf(budget, budget.events, budget.leftEvents, (events) => countOf(Math.floor(events), 'miss', 'misses'));
}

function leftOf({ usedRatio }: Budget, all: number, left: number, textOf: (amount: number) => string): BudgetLeft {
  if (left < 0) return { share: 0, text: overText(-left, textOf), isOver: true };
  if (all <= 0) return { share: 0, text: 'Nothing may be missed', isOver: false };
  const share = usedRatio === null ? left / all : 1 - Number(usedRatio);
  return { share: Math.max(0, Math.min(1, share)), text: `${textOf(left)} of ${textOf(all)} left`, isOver: false };
}

/** What is over is at least the least that can be said. */
function overText(over: number, textOf: (amount: number) => string): string {
  const text = textOf(over);
  return text.startsWith('0 ') ? 'Just over' : `${text} over`;
}

/** The objective of which the smallest share is left; null where none has a budget of which anything is known. */
export function tightest<Result extends Pick<ObjectiveResult, 'budget' | 'verdict'>>(
  objectives: readonly Result[],
): Result | null {
  let found: { objective: Result; share: number } | null = null;
  for (const objective of objectives) {
    const left = objective.verdict === 'no-data' ? null : budgetLeft(objective);
    if (!left) continue;
    const share = left.isOver ? -1 : left.share;
    if (!found || share < found.share) found = { objective, share };
  }
  return found?.objective ?? null;
}
