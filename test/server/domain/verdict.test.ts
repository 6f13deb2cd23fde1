import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayMs, hourMs } from '../../../server/domain/durations.ts';
import {
  compareRatios,
  decimalText,
  floor,
  percentText,
  ratioOf,
  ratioOfPercent,
} from '../../../server/domain/ratio.ts';
import {
  budgetOf,
  burnRate,
  burnRules,
  judge,
  lastsFor,
  runsOut,
  type Standing,
  type Tally,
} from '../../../server/domain/verdict.ts';

const month = 30 * dayMs;
const target = { ratio: ratioOfPercent('99.9') };
const standing = (course: Standing['course'], more: Partial<Standing> = {}): Standing => ({
  course,
  isForeseen: true,
  runsOut: false,
  ...more,
});
const verdict = (tally: Partial<Tally>, of: Standing, at: Parameters<typeof judge>[1] = target) =>
  judge({ bad: 0, measured: 0, toCome: 0, ...tally }, at, of).verdict;

describe('the error budget', () => {
  it.each([
    // Google, Site Reliability Engineering, appendix A, for 30 days.
    ['90', '3 d'],
    ['99', '7 h 12 min'],
    ['99.5', '3 h 36 min'],
    ['99.9', '43 min 12 s'],
    ['99.95', '21 min 36 s'],
    ['99.99', '4 min 19.2 s'],
    ['99.999', '25.92 s'],
  ])('of %s %% over 30 days is %s', (percent, text) => {
    const units = { d: dayMs, h: hourMs, min: 60_000, s: 1_000 } as const;
    const words = text.split(' ');
    const ms = words.reduce(
      (sum, word, index) => (index % 2 ? sum : sum + Number(word) * units[words[index + 1] as keyof typeof units]),
      0,
    );
    const budget = budgetOf({ ratio: ratioOfPercent(percent) }, { bad: 0, measured: 0, toCome: month });
    expect(Number(floor(budget))).toBe(Math.round(ms));
  });

  it('grows with what is to come and shrinks with what drops out, and its rest is negative exactly when a closed period is missed', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.nat(1e9), fc.constantFrom('99.9', '95', '100', '99.95'), (a, b, percent) => {
        const [bad, measured] = [Math.min(a, b), Math.max(a, b)];
        const ratio = ratioOfPercent(percent);
        const judged = judge({ bad, measured, toCome: 0 }, { ratio }, standing('closed'));
        if (measured === 0) {
          expect(judged.verdict).toBe('no-data');
          return;
        }
        const isMissed = compareRatios(judged.attained!, ratio) < 0;
        expect(judged.verdict).toBe(isMissed ? 'missed' : 'met');
        expect(judged.left.numerator < 0n).toBe(isMissed);
      }),
      { examples: [[0, 0, '99.9']] },
    );
  });
});

describe('a verdict', () => {
  const half = { measured: month / 2, toCome: month / 2 };
  const budgetMs = month / 1_000;

  it.each([
    ['no data', {}, standing('running'), 'no-data'],
    ['no data at the end', {}, standing('closed'), 'no-data'],
    ['all good', half, standing('running'), 'on-track'],
    ['four fifths of the budget gone', { ...half, bad: budgetMs * 0.8 }, standing('running'), 'at-risk'],
    ['a little less gone', { ...half, bad: budgetMs * 0.8 - 1 }, standing('running'), 'on-track'],
    ['a budget that runs out at this pace', { ...half, bad: 1 }, standing('running', { runsOut: true }), 'at-risk'],
    ['all of it gone', { ...half, bad: budgetMs }, standing('running'), 'at-risk'],
    ['more gone than there is', { ...half, bad: budgetMs + 1 }, standing('running'), 'breached'],
    ['the same where the window rolls on', { ...half, bad: budgetMs + 1 }, standing('rolling'), 'below-target'],
    [
      'too many bad events, and nobody knows how many come',
      { bad: 2, measured: 10 },
      standing('running', { isForeseen: false }),
      'below-target',
    ],
    ['the target hit exactly at the end', { measured: 1_000, bad: 1 }, standing('closed'), 'met'],
    ['a thousandth more', { measured: 1_000_000, bad: 1_001 }, standing('closed'), 'missed'],
  ] as const)('of %s', (_what, tally, of, expected) => expect(verdict(tally, of)).toBe(expected));

  it('of a promise of everything is on track until the first miss, which nothing repairs', () => {
    const everything = { ratio: ratioOfPercent('100') };
    expect(verdict(half, standing('running'), everything)).toBe('on-track');
    expect(verdict({ ...half, bad: 1 }, standing('running'), everything)).toBe('breached');
  });

  it.each([
    [0, 0, 'on-track'],
    [1, 0, 'at-risk'],
    [1, 1, 'breached'],
    [3, 2, 'on-track'],
    [3, 0, 'at-risk'],
  ])('that allows %d misses, with %d left over or missing', (allowed, spare, expected) => {
    const bad = expected === 'breached' ? allowed + spare : allowed - spare;
    expect(verdict({ bad, measured: 20 }, standing('running'), { allowMisses: allowed })).toBe(expected);
  });
});

describe('the burn rate', () => {
  it('is 1 where the budget ends with the period', () => {
    expect(decimalText(burnRate({ bad: 1, measured: 1_000 }, ratioOfPercent('99.9'))!, 3, 'up')).toBe('1.000');
    expect(burnRate({ bad: 1, measured: 10 }, ratioOfPercent('100'))).toBeNull();
    expect(burnRate({ bad: 0, measured: 0 }, ratioOfPercent('99.9'))!.numerator).toBe(0);
  });

  it.each([
    [7, ['14 min', '84 min', '336 min', '1008 min']],
    [28, ['56 min', '336 min', '1344 min', '4032 min']],
    [30, ['60 min', '360 min', '1440 min', '4320 min']],
    [90, ['180 min', '1080 min', '4320 min', '12960 min']],
  ])('that deserves attention spends the same share of a period of %d days', (days, windows) => {
    const rules = burnRules(days * dayMs);
    expect(rules.map(({ windowMs }) => `${windowMs / 60_000} min`)).toEqual(windows);
    expect(rules.map(({ factor }) => factor)).toEqual([14.4, 6, 3, 1]);
    const spent = rules.map(({ windowMs, factor }) => Math.round((100 * factor * windowMs) / (days * dayMs)));
    expect(spent).toEqual([2, 5, 10, 10]);
    for (const { windowMs, shortWindowMs } of rules) expect(windowMs / shortWindowMs).toBeCloseTo(12, 6);
  });
});

describe('the forecast', () => {
  const left = { left: ratioOf(100, 1) };

  it('runs out when what comes, at the share of late, is more than what is left', () => {
    expect(runsOut(left, 1_000, { bad: 1, measured: 10 })).toBe(false);
    expect(runsOut(left, 1_001, { bad: 1, measured: 10 })).toBe(true);
    expect(runsOut(left, 1_000_000, { bad: 0, measured: 10 })).toBe(false);
    expect(runsOut(left, 1_000_000, { bad: 0, measured: 0 })).toBe(false);
    expect(runsOut({ left: ratioOf(-1, 1) }, 1_000, { bad: 1, measured: 1 })).toBe(false);
  });

  it('says for how long it lasts', () => {
    expect(lastsFor(left, { bad: 1, measured: 10 })).toMatchObject({ numerator: 1_000, denominator: 1 });
    expect(lastsFor(left, { bad: 0, measured: 10 })).toBeNull();
    expect(lastsFor({ left: ratioOf(-1, 1) }, { bad: 1, measured: 10 })!.numerator).toBe(0);
  });

  it('prints what is used rounded up, so that it never looks better than it is', () => {
    const { used } = judge({ bad: 1, measured: 3_000, toCome: 0 }, target, standing('running'));
    expect(percentText(used!, 2, 'up')).toBe('33.34');
  });
});
