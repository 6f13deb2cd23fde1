import { describe, expect, it } from 'vitest';
import { dateText, dayParts, dayWords } from '../../../client/model/day-strip.ts';
import type { DayFiguresView } from '../../../server/contract/probing.ts';

const hour = 3_600_000;
const day = (parts: Partial<DayFiguresView>): DayFiguresView => ({
  date: '2026-03-29',
  from: '2026-03-28T23:00:00.000Z',
  to: '2026-03-29T22:00:00.000Z',
  upMs: 0,
  degradedMs: 0,
  downMs: 0,
  unknownMs: 0,
  unmonitoredMs: 0,
  outages: 0,
  uptime: null,
  ...parts,
});

describe('a day of the strip', () => {
  it('is filled by the share of each state, trouble at the bottom', () => {
    const parts = dayParts(day({ upMs: 12 * hour, downMs: 12 * hour }));
    expect(parts).toEqual([
      { state: 'down', share: 0.5 },
      { state: 'up', share: 0.5 },
    ]);
  });

  it('shows an outage of a second, and is still one day', () => {
    const parts = dayParts(day({ upMs: 24 * hour - 1_000, downMs: 1_000 }));
    expect(parts[0]!.share).toBeGreaterThan(0.1);
    expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  });

  it('tells its numbers in words, and says where nothing was measured', () => {
    const uptime = { ratio: '0.5', text: '50 %', numerator: 1, denominator: 2 };
    const figures = { upMs: 11 * hour, downMs: 11 * hour, unknownMs: hour, degradedMs: 400, outages: 2, uptime };
    expect(dayWords(day(figures))).toEqual(['50 % up', '2 outages, 11 h down', '1 h unknown']);
    expect(dayWords(day({ unmonitoredMs: 23 * hour }))).toEqual(['no data: nothing was measured']);
    expect(dateText('2026-03-29')).toBe('Sun 2026-03-29');
  });
});
