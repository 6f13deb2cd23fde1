import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  ceil,
  compareRatios,
  decimalText,
  divide,
  floor,
  multiply,
  one,
  percentText,
  ratioOf,
  ratioOfPercent,
  ratioText,
  readablePercent,
  subtractRatio,
} from '../../../server/domain/ratio.ts';

const ratio = fc
  .tuple(fc.maxSafeInteger(), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }))
  .map(([numerator, denominator]) => ratioOf(numerator, denominator));

describe('a target', () => {
  it.each([
    ['99.95', 9_995n, 10_000n],
    ['100', 100n, 100n],
    ['99.999999', 99_999_999n, 100_000_000n],
    ['0.5', 5n, 1_000n],
  ])('of %s percent is an exact fraction', (text, numerator, denominator) => {
    expect(compareRatios(ratioOfPercent(text), { numerator, denominator })).toBe(0);
  });

  it.each(['', '-1', '1e2', '99,5', ' 99', 'ninety'])('is not read from "%s"', (text) => {
    expect(() => ratioOfPercent(text)).toThrow(RangeError);
  });

  it('of three nines over 30 days leaves 43 min 12 s', () => {
    // Google, Site Reliability Engineering, appendix A: availability table.
    const budget = multiply(subtractRatio(one, ratioOfPercent('99.9')), ratioOf(30 * 86_400_000, 1));
    expect(floor(budget)).toBe(BigInt(43 * 60_000 + 12_000));
  });
});

describe('the text of a figure', () => {
  it('never flatters: a high figure is cut off, a low one filled up', () => {
    const almost = ratioOf(999_999, 1_000_000);
    expect([percentText(almost, 2, 'down'), percentText(almost, 2, 'up')]).toEqual(['99.99', '100.00']);
    expect(decimalText(ratioOf(1, 3), 6, 'down')).toBe('0.333333');
    expect(decimalText(ratioOf(1, 3), 6, 'up')).toBe('0.333334');
  });

  it.each([
    [ratioOf(-1, 3), '-0.34', '-0.33'],
    [ratioOf(-3, 1), '-3.00', '-3.00'],
    [ratioOf(0, 7), '0.00', '0.00'],
    [ratioOf(5, 1000), '0.00', '0.01'],
  ])('of %o is rounded towards its side below zero too', (value, down, up) => {
    expect([decimalText(value, 2, 'down'), decimalText(value, 2, 'up')]).toEqual([down, up]);
  });

  it('is never above the figure when rounded down, never below when rounded up, and less than a unit off', () => {
    fc.assert(
      fc.property(ratio, fc.nat(6), (value, places) => {
        const read = (text: string) => ratioOf(BigInt(text.replace('.', '')), 10n ** BigInt(places));
        const [down, up] = [read(decimalText(value, places, 'down')), read(decimalText(value, places, 'up'))];
        expect(compareRatios(down, value)).toBeLessThanOrEqual(0);
        expect(compareRatios(up, value)).toBeGreaterThanOrEqual(0);
        const unit = ratioOf(1n, 10n ** BigInt(places));
        expect(compareRatios(subtractRatio(value, down), unit)).toBeLessThan(0);
        expect(compareRatios(subtractRatio(up, value), unit)).toBeLessThan(0);
      }),
    );
  });
});

describe('arithmetic', () => {
  it('is exact: what is added or multiplied comes back', () => {
    fc.assert(
      fc.property(ratio, ratio, (a, b) => {
        expect(compareRatios(subtractRatio(add(a, b), b), a)).toBe(0);
        const quotient = divide(multiply(a, b), b);
        if (b.numerator > 0n) expect(compareRatios(quotient!, a)).toBe(0);
        else expect(quotient).toBeNull();
        expect(floor(a) <= ceil(a) && ceil(a) - floor(a) <= 1n).toBe(true);
      }),
    );
  });

  it('is the same for numbers and for what is too large to be one exactly', () => {
    const whole = fc.oneof(
      fc.bigInt({ min: -1_000n, max: 1_000n }),
      fc.bigInt({ min: -(2n ** 54n), max: 2n ** 54n }),
      fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }),
    );
    const above = whole.map((value) => (value < 0n ? -value : value) + 1n);
    fc.assert(
      fc.property(whole, above, whole, above, (n, d, m, e) => {
        const [a, b] = [ratioOf(n, d), ratioOf(m, e)];
        expect(add(a, b)).toEqual(ratioOf(n * e + m * d, d * e));
        expect(subtractRatio(a, b)).toEqual(ratioOf(n * e - m * d, d * e));
        expect(multiply(a, b)).toEqual(ratioOf(n * m, d * e));
        expect(divide(a, b)).toEqual(m > 0n ? ratioOf(n * e, d * m) : null);
        expect(compareRatios(a, b)).toBe(n * e < m * d ? -1 : n * e > m * d ? 1 : 0);
        const isCut = n % d < 0n;
        expect(floor(a)).toBe(n / d - (isCut ? 1n : 0n));
        expect(decimalText(a, 6, 'up')).toBe(decimalText(ratioOf(n * 3n ** 60n, d * 3n ** 60n), 6, 'up'));
      }),
      { numRuns: 500 },
    );
  });

  it('knows no ratio over nothing, nor of what is no integer', () => {
    expect(() => ratioOf(0.5, 2)).toThrow(RangeError);
    expect(() => ratioOf(1, 0)).toThrow(RangeError);
  });
});

describe('a ratio in words', () => {
  it.each([
    [1, 1, '100 %', '1.000000'],
    [999_999_999, 1_000_000_000, '99.99 %', '0.999999'],
    [1, 2, '50 %', '0.500000'],
    [0, 7, '0 %', '0.000000'],
    [1, 3_000_000, '0 %', '0.000000'],
    [2, 3, '66.66 %', '0.666666'],
    [1, 10, '10 %', '0.100000'],
    [7_776_000_000, 7_776_000_001, '99.99 %', '0.999999'],
  ])('%d of %d is %s', (numerator, denominator, percent, ratio) => {
    expect([readablePercent(ratioOf(numerator, denominator)), ratioText(ratioOf(numerator, denominator))]).toEqual([
      percent,
      ratio,
    ]);
  });
});
