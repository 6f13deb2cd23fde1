import { describe, expect, it } from 'vitest';
import { consequencesSchema } from '../../../server/contract/agreements.ts';
import { proposedConsequences, type ConsequencePart } from '../../../server/reports/proposed-consequences.ts';
import { amountText, centsOf } from '../../../server/domain/money.ts';

const consequences = (more: object = {}) =>
  consequencesSchema.parse({
    base: { amount: '10000.00', currency: 'EUR' },
    credits: [
      { objective: 'up', below: '99.9', percent: '5' },
      { objective: 'up', below: '99', percent: '15' },
      { objective: 'fast', below: '95', percent: '10' },
    ],
    ...more,
  });
const share = (good: number) => ({
  ...{ ratio: '', text: `${good / 100} %` },
  numerator: good,
  denominator: 10_000,
});
const result = (key: string, good: number | null, verdict: 'met' | 'missed' = 'missed', unproven = false) => ({
  ...{ key, verdict, unproven, disputed: false },
  attained: good === null ? null : share(good),
});
const part = (more: Partial<ConsequencePart>): ConsequencePart => ({
  ...{ version: 1, terms: { consequences: consequences() }, isSigned: true, weight: 1, results: [] },
  ...more,
});
const credits = (parts: ConsequencePart[], givenThisYear = 0n) =>
  proposedConsequences({ parts, trend: [], givenThisYear }).credits.map(
    ({ objective, amount, state }) => `${objective} ${amount} ${state}`,
  );

describe('credits', () => {
  it('are those of the lowest tier that was missed, alone', () => {
    expect(credits([part({ results: [result('up', 9_985)] })])).toEqual(['up 500.00 proposed']);
    expect(credits([part({ results: [result('up', 9_850), result('fast', 9_400)] })])).toEqual([
      'up 1500.00 proposed',
      'fast 1000.00 proposed',
    ]);
    expect(credits([part({ results: [result('up', 9_990, 'met'), result('fast', null)] })])).toEqual([]);
  });

  it('wait for signatures, and for proof', () => {
    expect(credits([part({ isSigned: false, results: [result('up', 9_850)] })])).toEqual(['up 1500.00 waiting']);
    expect(credits([part({ results: [result('up', 9_850, 'missed', true)] })])).toEqual(['up 1500.00 waiting']);
  });

  it('wait for the answer to a correction', () => {
    const disputed = { ...result('up', 9_850), disputed: true };
    expect(credits([part({ results: [disputed] })])).toEqual(['up 1500.00 waiting']);
  });

  it('are in proportion to the agreed time of each version', () => {
    const parts = [
      part({ weight: 1, results: [result('up', 9_850)] }),
      part({ version: 2, weight: 2, results: [result('up', 9_985)] }),
    ];
    expect(credits(parts)).toEqual(['up 500.00 proposed', 'up 333.33 proposed']);
  });

  it('end at the caps of the period and of the year', () => {
    const capped = { consequences: consequences({ cap: { period: '20', year: '50' } }) };
    const results = [result('up', 9_850), result('fast', 9_400)];
    expect(credits([part({ terms: capped, results })])).toEqual(['up 1500.00 proposed', 'fast 500.00 proposed']);
    expect(credits([part({ terms: capped, results })], 490_000n)).toEqual(['up 100.00 proposed', 'fast 0.00 proposed']);
  });
});

describe('actions', () => {
  const actions = [
    { objective: 'up', action: 'Review' },
    { objective: 'up', below: '99.5', action: 'Plan' },
    { objective: 'up', repeated: { misses: 2, of: 3 }, action: 'Board' },
  ];
  const mark = (period: string, verdict: 'met' | 'missed') => ({
    ...{ period, verdict },
    objectives: [{ key: 'up', title: 'Up', verdict, attained: null }],
  });
  const follow = (good: number, trend: ('met' | 'missed')[], unproven = false) =>
    proposedConsequences({
      parts: [
        part({
          terms: { consequences: consequences({ actions }) },
          results: [result('up', good, trend.at(-1)!, unproven)],
        }),
      ],
      trend: trend.map((verdict, index) => mark(`2026-0${index + 1}`, verdict)),
      givenThisYear: 0n,
    }).actions.map(({ action, state }) => `${action} ${state}`);

  it('follow a miss, a deep one, and a repeated one', () => {
    expect(follow(9_985, ['met', 'met', 'missed'])).toEqual(['Review proposed']);
    expect(follow(9_900, ['met', 'met', 'missed'])).toEqual(['Review proposed', 'Plan proposed']);
    expect(follow(9_985, ['missed', 'met', 'missed'])).toEqual(['Review proposed', 'Board proposed']);
    expect(follow(9_985, ['missed', 'missed', 'met', 'met', 'missed'])).toEqual(['Review proposed']);
    expect(follow(9_995, ['missed', 'missed', 'met'])).toEqual([]);
  });

  it('wait where too little is known', () => {
    expect(follow(9_985, ['missed'], true)).toEqual(['Review waiting']);
  });
});

describe('amounts', () => {
  it('are integers of the smallest unit', () => {
    expect(['0', '7.5', '10000.05', '999999999999.99'].map(centsOf)).toEqual([
      0n,
      750n,
      1_000_005n,
      99_999_999_999_999n,
    ]);
    expect([0n, 5n, 750n, 1_000_005n].map(amountText)).toEqual(['0.00', '0.05', '7.50', '10000.05']);
  });
});
