import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hourMs } from '../../../server/domain/durations.ts';
import { nextPeriod, periodAt, periodOf, periodsBefore, previousPeriod } from '../../../server/domain/period.ts';
import { calendarPeriods, type CalendarPeriod } from '../../../server/domain/period-kind.ts';

const at = (text: string) => Date.parse(text);
const iso = (ms: number) => new Date(ms).toISOString();
const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Australia/Sydney', 'Asia/Kathmandu'];

describe('a period', () => {
  it.each([
    ['week', '2026-10-07T12:00:00Z', '2026-W41', '2026-10-04T22:00:00.000Z', '2026-10-11T22:00:00.000Z'],
    ['month', '2026-10-31T23:30:00Z', '2026-11', '2026-10-31T23:00:00.000Z', '2026-11-30T23:00:00.000Z'],
    ['quarter', '2026-05-01T00:00:00Z', '2026-Q2', '2026-03-31T22:00:00.000Z', '2026-06-30T22:00:00.000Z'],
    ['year', '2026-05-01T00:00:00Z', '2026', '2025-12-31T23:00:00.000Z', '2026-12-31T23:00:00.000Z'],
  ] as const)('of a %s begins and ends by the clock of its zone', (kind, instant, label, from, to) => {
    const period = periodAt(kind, 'Europe/Berlin', at(instant));
    expect([period.label, iso(period.fromMs), iso(period.toMs)]).toEqual([label, from, to]);
  });

  it.each([
    ['Europe/Berlin', '2026-03', 743],
    ['Europe/Berlin', '2026-10', 745],
    ['Europe/Berlin', '2026-12', 744],
    ['America/New_York', '2026-03', 743],
    ['America/New_York', '2026-11', 721],
    ['Australia/Sydney', '2026-10', 743],
    ['Australia/Lord_Howe', '2026-10', 743.5],
    ['Australia/Lord_Howe', '2026-04', 720.5],
    ['Asia/Kathmandu', '2026-02', 672],
    ['UTC', '2028-02', 696],
  ])('in %s has its real length: %s is %d hours', (zone, label, hours) => {
    const { fromMs, toMs } = periodOf(label, zone)!;
    expect((toMs - fromMs) / hourMs).toBe(hours);
  });

  it('of rolling days goes back by days of the zone, not by 24 hours each', () => {
    const { fromMs, toMs, label } = periodAt('rolling-7d', 'Europe/Berlin', at('2026-10-27T11:00:00Z'));
    expect([label, iso(fromMs), iso(toMs)]).toEqual([
      'rolling-7d',
      '2026-10-20T10:00:00.000Z',
      '2026-10-27T11:00:00.000Z',
    ]);
  });

  it.each(['2026-13', '2026-00', '2026-W54', '2025-W53', '2026-Q5', '26-01', 'October', '2026-1', ''])(
    'is not read from "%s"',
    (label) => expect(periodOf(label, 'UTC')).toBeNull(),
  );

  it('that a year has 53 of is read where it exists', () => {
    expect(iso(periodOf('2026-W53', 'UTC')!.fromMs)).toBe('2026-12-28T00:00:00.000Z');
  });

  it('holds its instant, meets its neighbours, and is found again by its label', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<CalendarPeriod>(...calendarPeriods),
        fc.constantFrom(...zones),
        fc.integer({ min: at('1995-01-01T00:00:00Z'), max: at('2060-01-01T00:00:00Z') }),
        (kind, zone, instant) => {
          const period = periodAt(kind, zone, instant);
          expect(period.fromMs <= instant && instant < period.toMs).toBe(true);
          expect(nextPeriod(kind, zone, period).fromMs).toBe(period.toMs);
          expect(previousPeriod(kind, zone, period).toMs).toBe(period.fromMs);
          expect(periodOf(period.label, zone)).toEqual(period);
        },
      ),
    );
  });
});

describe('the last whole periods before an instant', () => {
  it.each([
    ['month', ['2026-01', '2026-02', '2026-03']],
    ['quarter', ['2025-Q3', '2025-Q4', '2026-Q1']],
    ['rolling-7d', ['2026-03-25/2026-03-31', '2026-04-01/2026-04-07', '2026-04-08/2026-04-14']],
  ] as const)('of %s are over, meet each other, and are told in order of time', (kind, labels) => {
    const periods = periodsBefore(kind, 'Europe/Berlin', at('2026-04-15T09:30:00Z'), 3);
    expect(periods.map(({ label }) => label)).toEqual(labels);
    expect(periods.slice(1).map(({ fromMs }) => fromMs)).toEqual(periods.slice(0, -1).map(({ toMs }) => toMs));
    expect(periods.at(-1)!.toMs).toBeLessThanOrEqual(at('2026-04-15T09:30:00Z'));
  });

  it('of rolling days have the length that the days have where clocks jump', () => {
    // The night to the 29th of March is an hour short in Berlin.
    const [first, second] = periodsBefore('rolling-7d', 'Europe/Berlin', at('2026-04-08T00:00:00Z'), 2);
    expect(first!.toMs - first!.fromMs).toBe(167 * hourMs);
    expect(second!.toMs - second!.fromMs).toBe(168 * hourMs);
  });
});
