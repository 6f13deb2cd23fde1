/** The budget of a service as its tile shows it: a bar, and words as short as can be. */
import type { BoardBudget } from '../../server/contract/live.ts';
import { countOf } from './size-text.ts';
import { shortLengthText } from './time-text.ts';

export interface TileBudget {
  /** Share that is left, 0 to 1. */
  readonly share: number;
  /** `12 min of 43 left`, `3 min over`, `nothing left`. */
  readonly text: string;
  readonly isOver: boolean;
}

/** What a tile says of a budget; what is left is cut off, never rounded up. */
export function tileBudget({ unit, left, all }: BoardBudget): TileBudget {
  if (left < 0) return { share: 0, text: `${amountText(unit, -left)} over`, isOver: true };
  if (all <= 0) return { share: 0, text: 'nothing may be missed', isOver: false };
  const [some, whole] = [amountText(unit, left), amountText(unit, all)];
  const share = Math.min(1, left / all);
  return { share, text: left < 1 ? 'nothing left' : `${some} of ${withoutUnit(some, whole)} left`, isOver: false };
}

const amountText = (unit: BoardBudget['unit'], amount: number): string =>
  unit === 'misses' ? countOf(Math.floor(amount), 'miss', 'misses') : shortLengthText(Math.max(1, amount) * 1_000);

/** Of two amounts in the same unit the second needs none. */
function withoutUnit(some: string, whole: string): string {
  const [number, ...unit] = whole.split(' ');
  return some.endsWith(` ${unit.join(' ')}`) || some.includes(' miss') ? number! : whole;
}
