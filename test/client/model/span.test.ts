import { describe, expect, it } from 'vitest';
import { fittedSpan, fixedSpanOf, mostSpanMs, zoomedIn, zoomedOut } from '../../../client/model/span.ts';

const hour = 3_600_000;
const now = Date.parse('2026-03-10T12:00:00Z');

describe('the span of the service page', () => {
  it('is read from an address that names one, and from no other', () => {
    const from = '2026-03-01T00:00:00Z';
    expect(fixedSpanOf(from, '2026-03-02T00:00:00Z')).toEqual({
      fromMs: Date.parse(from),
      toMs: Date.parse(from) + 24 * hour,
    });
    for (const to of ['2026-02-01T00:00:00Z', '2027-03-01T00:00:00Z', 'soon', undefined]) {
      expect(fixedSpanOf(from, to)).toBeNull();
    }
  });

  it('is never shorter than an hour, longer than ninety days, or in the future', () => {
    expect(fittedSpan({ fromMs: now - 2 * hour, toMs: now - 2 * hour }, now)).toEqual({
      fromMs: now - 2.5 * hour,
      toMs: now - 1.5 * hour,
    });
    expect(fittedSpan({ fromMs: now - hour / 4, toMs: now }, now)).toEqual({ fromMs: now - hour, toMs: now });
    expect(fittedSpan({ fromMs: now - 2 * mostSpanMs, toMs: now }, now).toMs).toBeLessThanOrEqual(now);
    const { fromMs, toMs } = fittedSpan({ fromMs: now - 2 * mostSpanMs, toMs: now }, now);
    expect(toMs - fromMs).toBe(mostSpanMs);
  });

  it('zooms in around an instant and out again around its middle', () => {
    const day = { fromMs: now - 48 * hour, toMs: now - 24 * hour };
    const inside = zoomedIn(day, now - 30 * hour, now);
    expect(inside).toEqual({ fromMs: now - 34 * hour, toMs: now - 26 * hour });
    expect(zoomedOut(inside, now)).toEqual({ fromMs: now - 42 * hour, toMs: now - 18 * hour });
  });
});
