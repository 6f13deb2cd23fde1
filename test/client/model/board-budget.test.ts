import { describe, expect, it } from 'vitest';
import { tileBudget } from '../../../client/model/board-budget.ts';
import type { BoardBudget } from '../../../server/contract/live.ts';

const budget = (left: number, all: number, unit: BoardBudget['unit'] = 'seconds'): BoardBudget => ({
  ...{ agreement: 'hr-payroll', objective: 'availability', verdict: 'on-track', unit, left, all },
});
const told = (left: number, all: number, unit?: BoardBudget['unit']) => {
  const { text, short, share, isOver } = tileBudget(budget(left, all, unit));
  return [text, short, Math.round(share * 100), isOver];
};

describe('the budget on a tile', () => {
  it('says what is left of how much, the unit once where both have the same', () => {
    expect(told(1_919, 2_592)).toEqual(['31 min of 43 left', '31 of 43 min', 74, false]);
    expect(told(45, 2_592)).toEqual(['45 s of 43 min left', '45 s of 43 min', 2, false]);
    expect(told(1, 3, 'misses')).toEqual(['1 miss of 3 left', '1 of 3 misses', 33, false]);
  });

  it('never says that something is left where nothing is', () => {
    expect(told(0, 2_592)).toEqual(['nothing left', 'nothing left', 0, false]);
    expect(told(-408, 2_592)).toEqual(['6 min over', '6 min over', 0, true]);
    expect(told(-1, 0, 'misses')).toEqual(['1 miss over', '1 miss over', 0, true]);
    expect(told(0, 0, 'misses')).toEqual(['no budget', 'no budget', 0, false]);
  });
});
