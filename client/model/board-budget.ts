/** The budget of a service as its tile shows it: a bar, and words as short as can be. */
import type { BoardBudget } from '../../server/contract/live.ts';
import { countOf } from './size-text.ts';
import { shortLengthText } from './time-text.ts';

export interface TileBudget {
  /** Share that is left, 0 to 1. */
  readonly share: number;
  /** `12 min of 43 left`, `3 min over`, `nothing left`. */
  readonly text: string;
  /** The same where there is less room: `12 of 43 min`. */
  readonly short: string;
  readonly isOver: boolean;
}

/** What a tile says of a budget; what is left is cut off, never rounded up. */
export function tileBudget({ unit, left, all }: BoardBudget): TileBudget {
  const empty = (text: string, isOver = false): TileBudget => ({ share: 0, text, short: text, isOver });
  if (left < 0) return empty(`${amountText(unit, -left)} over`, true);
  if (all <= 0) return empty('no budget');
  if (left < 1) return empty('nothing left');
  const [some, whole] = [amountText(unit, left), amountText(unit, all)];
  return {
    share: Math.min(1, left / all),
    text: `${some} of ${withoutUnit(whole, some)} left`,
    short: `${withoutUnit(some, whole)} of ${whole}`,
    isOver: false,
  };
}

const amountText = (unit: BoardBudget['unit'], amount: number): string =>
  unit === 'misses' ? countOf(Math.floor(amount), 'miss', 'misses') : shortLengthText(Math.max(1, amount) * 1_000);

/** Beside another amount of the same unit one needs none. */
function withoutUnit(amount: string, other: string): string {
  const [number = '', unit = ''] = amount.split(' ');
  return unit.slice(0, 4) === other.split(' ')[1]?.slice(0, 4) ? number : amount;
}
