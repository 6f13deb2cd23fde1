import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admit, type RateLimit } from '../../../server/domain/rate-limit.ts';

const limit: RateLimit = { everyMs: 100, burst: 3 };

/** For each instant, how long was to be waited. */
function waits(instants: readonly number[], by = limit): number[] {
  let dueMs = 0;
  return instants.map((nowMs) => {
    const answer = admit(dueMs, nowMs, by);
    dueMs = answer.dueMs;
    return answer.waitMs;
  });
}

describe('a rate limit', () => {
  it('lets a burst through, then one at a time, and says how long to wait', () => {
    expect(waits([1_000, 1_000, 1_000, 1_000, 1_040, 1_100, 1_100])).toEqual([0, 0, 0, 100, 60, 0, 100]);
  });

  it('allows the whole burst again after a rest', () => {
    expect(waits([1_000, 1_000, 1_000, 1_300, 1_300, 1_300, 1_300])).toEqual([0, 0, 0, 0, 0, 0, 100]);
  });

  it('never refuses what keeps to it, wherever in their intervals the calls fall', () => {
    const offsets = fc.array(fc.integer({ min: 0, max: limit.everyMs - 1 }), { minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(offsets, (within) => {
        expect(waits(within.map((ms, index) => index * limit.everyMs + ms)).every((waitMs) => waitMs === 0)).toBe(true);
      }),
    );
  });
});
