import { describe, expect, it } from 'vitest';
import { axisTicks, intervalAt, stateLengths, stripPieces } from '../../../client/model/timeline-strip.ts';
import type { TimelineInterval } from '../../../server/contract/probing.ts';

const hour = 3_600_000;
const day = Date.parse('2026-03-01T00:00:00Z');
const span = { fromMs: day, toMs: day + 10 * hour };
const interval = (state: TimelineInterval['state'], from: number, to: number): TimelineInterval => ({
  state,
  from: new Date(day + from * hour).toISOString(),
  to: new Date(day + to * hour).toISOString(),
  reason: null,
});
const intervals = [
  interval('up', -2, 5),
  interval('down', 5, 5.001),
  interval('up', 5.001, 9),
  interval('unknown', 9, 12),
];

describe('the strip of a timeline', () => {
  it('cuts intervals to the span and lays the urgent on top', () => {
    expect(stripPieces(intervals, span, 0.01)).toEqual([
      { state: 'up', start: 0, end: 0.5 },
      { state: 'up', start: expect.closeTo(0.5001, 6), end: 0.9 },
      { state: 'unknown', start: 0.9, end: 1 },
      { state: 'down', start: 0.5, end: 0.51 },
    ]);
  });

  it('draws touching pieces of one state as one, so that a long history stays light', () => {
    const flapping = Array.from({ length: 1_000 }, (_, index) =>
      interval(index % 2 ? 'down' : 'up', index / 200, (index + 1) / 200),
    );
    const pieces = stripPieces(flapping, span, 0.003);
    expect(pieces.filter(({ state }) => state === 'down')).toHaveLength(1);
  });

  it('sums the time of each state inside the span', () => {
    const lengths = stateLengths(intervals, span);
    expect(lengths).toEqual({ up: 9 * hour - 3_600, down: 3_600, degraded: 0, unknown: hour, unmonitored: 0 });
    expect(Object.values(lengths).reduce((sum, ms) => sum + ms, 0)).toBe(10 * hour);
  });

  it('finds the interval at an instant, its end not included', () => {
    expect(intervalAt(intervals, day + 5 * hour)?.state).toBe('down');
    expect(intervalAt(intervals, day + 20 * hour)).toBeUndefined();
  });

  it('labels round times of the clock that is shown', () => {
    const ticks = axisTicks({ fromMs: day + 600_000, toMs: day + 24 * hour }, 8, 5.5 * hour);
    expect(ticks.map((at) => new Date(at + 5.5 * hour).toISOString().slice(11, 16))).toEqual([
      '06:00',
      '09:00',
      '12:00',
      '15:00',
      '18:00',
      '21:00',
      '00:00',
      '03:00',
    ]);
  });
});
