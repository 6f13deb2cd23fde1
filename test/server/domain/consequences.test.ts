import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountOf, capped, proportional, tierOf } from '../../../server/domain/consequences.ts';
import { percentText, ratioOfPercent } from '../../../server/domain/ratio.ts';

const tiers = [
  { below: ratioOfPercent('99.9'), share: ratioOfPercent('5') },
  { below: ratioOfPercent('95'), share: ratioOfPercent('30') },
  { below: ratioOfPercent('99.0'), share: ratioOfPercent('15') },
];

describe('the credit of a missed objective', () => {
  it.each([
    ['99.95', null],
    ['99.9', null],
    ['99.8999', '5.0'],
    ['98.9', '15.0'],
    ['94.99', '30.0'],
  ])('at %s %% is that of the lowest tier alone', (attained, share) => {
    const tier = tierOf(tiers, ratioOfPercent(attained));
    expect(tier && percentText(tier.share, 1, 'down')).toBe(share);
  });

  it('is rounded down to the cent, also in proportion to a part of the period', () => {
    expect(amountOf(1_000_001n, ratioOfPercent('5'))).toBe(50_000n);
    expect(proportional(50_000n, 10, 31)).toBe(16_129n);
    expect(proportional(50_000n, 0, 0)).toBe(0n);
  });

  it('stays within the caps of period and year, taken from the last', () => {
    const caps = { period: ratioOfPercent('20'), year: ratioOfPercent('50') };
    expect(capped([1_000n, 1_500n], 10_000n, caps, 0n)).toEqual([1_000n, 1_000n]);
    expect(capped([1_000n, 1_500n], 10_000n, caps, 4_500n)).toEqual([500n, 0n]);
    expect(capped([1_000n, 1_500n], 10_000n, caps, 6_000n)).toEqual([0n, 0n]);
    expect(capped([1_000n, 1_500n], 10_000n, { period: null, year: null }, 6_000n)).toEqual([1_000n, 1_500n]);
  });

  it('never exceeds a cap, never grows, never turns negative', () => {
    const amount = fc.nat(10_000).map(BigInt);
    fc.assert(
      fc.property(
        fc.array(amount, { maxLength: 5 }),
        amount,
        fc.nat(100),
        fc.nat(100),
        (amounts, given, period, year) => {
          const caps = { period: ratioOfPercent(String(period)), year: ratioOfPercent(String(year)) };
          const result = capped(amounts, 10_000n, caps, given);
          const sum = result.reduce((all, one) => all + one, 0n);
          expect(sum <= amountOf(10_000n, caps.period)).toBe(true);
          expect(sum === 0n || sum + given <= amountOf(10_000n, caps.year)).toBe(true);
          result.forEach((one, index) => expect(one >= 0n && one <= amounts[index]!).toBe(true));
        },
      ),
    );
  });
});
