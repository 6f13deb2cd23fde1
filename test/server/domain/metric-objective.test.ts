import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalOf, microsOf } from '../../../server/domain/decimal.ts';
import type { EventFrame } from '../../../server/domain/event-objective.ts';
import {
  evaluateMetric,
  readings,
  type MetricObjective,
  type Reading,
} from '../../../server/domain/metric-objective.ts';
import { compareRatios, one, percentText, ratioOf } from '../../../server/domain/ratio.ts';

const closed: EventFrame = {
  period: { fromMs: 0, toMs: 100 },
  isRolling: false,
  effective: { fromMs: -Infinity, toMs: Infinity },
  nowMs: 100,
};
const halfway = { ...closed, nowMs: 50 };
const values = (...texts: string[]) => texts.map((text, index) => ({ atMs: index, micros: microsOf(text) }));
const promise = (reading: Reading, limit: { atLeast: string } | { atMost: string }): MetricObjective => ({
  reading,
  limit: 'atLeast' in limit ? { atLeast: microsOf(limit.atLeast) } : { atMost: microsOf(limit.atMost) },
});

describe('decimals', () => {
  it.each(['0', '4.5', '-0.000001', '999999999999999.999999', '120', '-3.25'])(
    '%s come back as they went in',
    (text) => {
      expect(decimalOf(microsOf(text))).toBe(text);
    },
  );

  it.each(['', '1.', '.5', '1e3', '1.0000001', '1234567890123456', '+1'])(
    'of another form, %j, are refused',
    (text) => {
      expect(() => microsOf(text)).toThrow(RangeError);
    },
  );
});

describe('a metric', () => {
  it.each([
    ['sum', '12.6'],
    ['average', '4.2'],
    ['least', '4.1'],
    ['greatest', '4.3'],
    ['last', '4.2'],
  ] as const)('is read as its %s', (reading, expected) => {
    // Three tenths that no binary float adds up to 12.6.
    const { value } = evaluateMetric(promise(reading, { atLeast: '1' }), closed, values('4.1', '4.3', '4.2'));
    expect(compareRatios(value!, ratioOf(microsOf(expected), 1))).toBe(0);
  });

  it.each([
    [{ atLeast: '120' }, ['80'], 'missed', '66.66', -40_000_000n],
    [{ atLeast: '120' }, ['120'], 'met', '100.00', 0n],
    [{ atMost: '20' }, ['25'], 'missed', '80.00', -5_000_000n],
    [{ atMost: '20' }, ['3', '17'], 'met', '100.00', 0n],
    [{ atMost: '0' }, ['1'], 'missed', '0.00', -1_000_000n],
  ] as const)('promised %j', (limit, texts, verdict, text, left) => {
    const result = evaluateMetric(promise('sum', limit), closed, values(...texts));
    expect([result.verdict, percentText(result.attained!, 2, 'down')]).toEqual([verdict, text]);
    expect(BigInt(result.left.numerator)).toBe(left);
  });

  it('without values is no data', () => {
    expect(evaluateMetric(promise('sum', { atMost: '3' }), closed, [])).toMatchObject({
      value: null,
      verdict: 'no-data',
    });
  });

  it('that must grow is on track while it keeps the pace of its period', () => {
    const leads = promise('sum', { atLeast: '120' });
    expect(evaluateMetric(leads, halfway, values('60')).verdict).toBe('on-track');
    expect(evaluateMetric(leads, halfway, values('59.999999')).verdict).toBe('below-target');
    expect(evaluateMetric(leads, halfway, values('120')).verdict).toBe('on-track');
  });

  it.each([
    ['sum', { atMost: '20' }, ['10', '11'], 'breached'],
    ['sum', { atMost: '20' }, ['-1', '22'], 'below-target'],
    ['sum', { atMost: '20' }, ['16'], 'at-risk'],
    ['greatest', { atMost: '20' }, ['21', '1'], 'breached'],
    ['least', { atLeast: '4' }, ['3.9', '5'], 'breached'],
    ['average', { atLeast: '4' }, ['3.9'], 'below-target'],
    ['last', { atMost: '4' }, ['5'], 'below-target'],
    ['greatest', { atLeast: '4' }, ['3'], 'below-target'],
  ] as const)('read as %s, promised %j, running with %j, is %s', (reading, limit, texts, verdict) => {
    expect(evaluateMetric(promise(reading, limit), halfway, values(...texts)).verdict).toBe(verdict);
  });

  it('shows which values its figure is made of', () => {
    const marks = (reading: Reading) =>
      evaluateMetric(promise(reading, { atLeast: '1' }), closed, values('2', '1', '2')).pieces.map(
        (one_) => one_.isDecisive,
      );
    expect([marks('last'), marks('greatest'), marks('sum')]).toEqual([
      [false, false, true],
      [true, false, true],
      [true, true, true],
    ]);
  });

  it('agrees with long arithmetic, whatever the values', () => {
    const anyValues = fc.uniqueArray(
      fc.record({
        atMs: fc.integer({ min: -10, max: 110 }),
        micros: fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
      }),
      { selector: ({ atMs }) => atMs, maxLength: 30 },
    );
    fc.assert(
      fc.property(
        anyValues,
        fc.constantFrom(...readings),
        fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
        fc.boolean(),
        fc.integer({ min: 0, max: 120 }),
        (all, reading, limit, isLeast, nowMs) => {
          const objective = { reading, limit: isLeast ? { atLeast: limit } : { atMost: limit } };
          const result = evaluateMetric(objective, { ...closed, nowMs }, all);
          const inside = all
            .filter(({ atMs }) => atMs >= 0 && atMs < Math.min(nowMs, 100))
            .toSorted((a, b) => a.atMs - b.atMs);
          const sorted = inside.map(({ micros }) => micros).toSorted((a, b) => (a < b ? -1 : 1));
          expect(result.count).toBe(inside.length);
          if (inside.length === 0) {
            expect(result.verdict).toBe('no-data');
            return;
          }
          const sum = sorted.reduce((total, micros) => total + micros, 0n);
          const figure = {
            sum,
            average: sum,
            least: sorted[0]!,
            greatest: sorted.at(-1)!,
            last: inside.at(-1)!.micros,
          };
          const parts = reading === 'average' ? BigInt(inside.length) : 1n;
          expect(compareRatios(result.value!, ratioOf(figure[reading], parts))).toBe(0);
          const isKept = isLeast ? figure[reading] >= limit * parts : figure[reading] <= limit * parts;
          expect(result.left.numerator >= 0n).toBe(isKept);
          expect(compareRatios(result.attained!, one) === 0).toBe(isKept);
          expect(result.attained!.numerator >= 0n).toBe(true);
          if (nowMs >= 100) expect(result.verdict).toBe(isKept ? 'met' : 'missed');
        },
      ),
    );
  });
});
