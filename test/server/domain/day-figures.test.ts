import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayFigures, localDays, stateLengths, uptimeOf } from '../../../server/domain/day-figures.ts';
import { hourMs } from '../../../server/domain/durations.ts';
import { serviceStates, type ServiceState } from '../../../server/domain/service-state.ts';
import { replaceTail, stateAt, type Interval } from '../../../server/domain/timeline.ts';

const at = (text: string): number => Date.parse(text);
const hours = ({ fromMs, toMs }: { fromMs: number; toMs: number }): number => (toMs - fromMs) / hourMs;
const line = (...points: [string, ServiceState][]): Interval<ServiceState>[] =>
  replaceTail(
    [],
    points.map(([from, state]) => ({ fromMs: at(from), state, reason: 1 })),
  );
const sumOf = ({ upMs, degradedMs, downMs, unknownMs, unmonitoredMs }: ReturnType<typeof stateLengths>): number =>
  upMs + degradedMs + downMs + unknownMs + unmonitoredMs;

describe('the days of a zone', () => {
  it('have 23 hours in spring and 25 in autumn where the clocks change', () => {
    const spring = localDays(at('2026-03-28T12:00:00Z'), at('2026-03-30T12:00:00Z'), 'Europe/Berlin');
    expect(spring.map((day) => [day.date, hours(day)])).toEqual([
      ['2026-03-28', 24],
      ['2026-03-29', 23],
      ['2026-03-30', 24],
    ]);
    const autumn = localDays(at('2026-10-25T12:00:00Z'), at('2026-10-25T13:00:00Z'), 'Europe/Berlin');
    expect(autumn.map((day) => [day.date, hours(day)])).toEqual([['2026-10-25', 25]]);
  });

  it('begin when the clock does where midnight is left out, and a date left out is no day', () => {
    const [cairo] = localDays(at('2026-04-24T12:00:00Z'), at('2026-04-24T13:00:00Z'), 'Africa/Cairo');
    expect([new Date(cairo!.fromMs).toISOString(), hours(cairo!)]).toEqual(['2026-04-23T22:00:00.000Z', 23]);
    const apia = localDays(at('2011-12-29T12:00:00Z'), at('2012-01-01T00:00:00Z'), 'Pacific/Apia');
    expect(apia.map(({ date }) => date)).toEqual(['2011-12-29', '2011-12-31', '2012-01-01']);
  });

  it('are contiguous and cover the span, in every zone', () => {
    const zones = fc.constantFrom(
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Asia/Kathmandu',
      'Africa/Cairo',
      'Pacific/Apia',
    );
    const instants = fc.integer({ min: at('2010-01-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z') });
    fc.assert(
      fc.property(zones, instants, fc.integer({ min: 1, max: 100 * 24 * hourMs }), (zone, fromMs, length) => {
        const days = localDays(fromMs, fromMs + length, zone);
        expect(days[0]!.fromMs).toBeLessThanOrEqual(fromMs);
        expect(days.at(-1)!.toMs).toBeGreaterThanOrEqual(fromMs + length);
        for (const [index, day] of days.entries()) expect(days[index + 1]?.fromMs ?? day.toMs).toBe(day.toMs);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the figures of a day', () => {
  const days = localDays(at('2026-03-28T12:00:00Z'), at('2026-03-30T12:00:00Z'), 'Europe/Berlin');

  it('count an outage over midnight in both days, each with its part', () => {
    const timeline = line(
      ['2026-03-20T00:00:00Z', 'up'],
      ['2026-03-28T22:00:00Z', 'down'],
      ['2026-03-29T01:00:00Z', 'up'],
    );
    const figures = dayFigures(timeline, days, at('2026-04-10T00:00:00Z'));
    expect(figures.map(({ downMs, upMs, outages }) => [downMs / hourMs, upMs / hourMs, outages])).toEqual([
      [1, 23, 1],
      [2, 21, 1],
      [0, 24, 0],
    ]);
  });

  it('take what is before the first measurement as unmonitored, and end at the present', () => {
    const timeline = line(['2026-03-29T10:00:00Z', 'up']);
    const figures = dayFigures(timeline, days, at('2026-03-29T12:00:00Z'));
    expect(figures.map(({ date }) => date)).toEqual(['2026-03-28', '2026-03-29']);
    expect(figures.map(({ upMs, unmonitoredMs }) => [upMs / hourMs, unmonitoredMs / hourMs])).toEqual([
      [0, 24],
      [2, 11],
    ]);
    expect(figures.map(uptimeOf)).toEqual([null, { numerator: 2 * hourMs, denominator: 2 * hourMs }]);
  });

  const states = fc.constantFrom<ServiceState>(...serviceStates);
  const startMs = at('2026-10-20T00:00:00Z');
  const timelines = fc
    .array(fc.record({ length: fc.integer({ min: 1, max: 60 * hourMs }), state: states }), { maxLength: 30 })
    .map((pieces) => {
      let fromMs = startMs;
      return pieces.reduce<Interval<ServiceState>[]>((sum, { length, state }) => {
        const next = replaceTail(sum, [{ fromMs, state, reason: 1 }]);
        fromMs += length;
        return next;
      }, []);
    });
  const untils = fc.integer({ min: startMs, max: startMs + 20 * 24 * hourMs });

  it('sum to the length of the day that is over, whatever the timeline', () => {
    const days25 = localDays(startMs, startMs + 15 * 24 * hourMs, 'Europe/Berlin');
    fc.assert(
      fc.property(timelines, untils, (timeline, untilMs) => {
        for (const day of dayFigures(timeline, days25, untilMs)) {
          expect(sumOf(day)).toBe(Math.min(day.toMs, untilMs) - day.fromMs);
        }
      }),
    );
  });

  it('together are the figures of the whole span, and never take unknown for up', () => {
    const parts = localDays(startMs, startMs + 15 * 24 * hourMs, 'America/New_York');
    fc.assert(
      fc.property(timelines, untils, (timeline, untilMs) => {
        const figures = dayFigures(timeline, parts, untilMs);
        const endMs = Math.max(parts[0]!.fromMs, Math.min(parts.at(-1)!.toMs, untilMs));
        const whole = stateLengths(timeline, parts[0]!.fromMs, endMs);
        for (const field of ['upMs', 'degradedMs', 'downMs', 'unknownMs', 'unmonitoredMs'] as const) {
          expect(figures.reduce((sum, day) => sum + day[field], 0)).toBe(whole[field]);
        }
        for (const day of figures) {
          const noon = (day.fromMs + Math.min(day.toMs, untilMs)) / 2;
          if (['unknown', 'unmonitored', undefined].includes(stateAt(timeline, noon)))
            expect(uptimeOf(day)?.denominator ?? 0).toBeLessThan(day.toMs - day.fromMs);
        }
      }),
    );
  });
});
