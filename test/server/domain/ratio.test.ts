import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareText } from '../../../server/domain/ratio.ts';

describe('a share as text', () => {
  it('is rounded down, so that only the whole prints as 1', () => {
    expect(shareText(1, 3)).toBe('0.333333');
    expect(shareText(9_999_999, 10_000_000)).toBe('0.999999');
    expect(shareText(7, 7)).toBe('1.000000');
    expect(shareText(0, 7)).toBe('0.000000');
  });

  it('is nothing of nothing', () => {
    expect(shareText(0, 0)).toBeNull();
  });

  it('is never more than the truth, and less than a millionth below it', () => {
    const month = fc.integer({ min: 1, max: 31 * 86_400_000 });
    fc.assert(
      fc.property(month, fc.double({ min: 0, max: 1, noNaN: true }), (whole, share) => {
        const part = Math.floor(whole * share);
        const millionths = BigInt(shareText(part, whole)!.replace('.', ''));
        expect(millionths * BigInt(whole) <= BigInt(part) * 1_000_000n).toBe(true);
        expect((millionths + 1n) * BigInt(whole) > BigInt(part) * 1_000_000n).toBe(true);
      }),
    );
  });
});
