import { describe, expect, it } from 'vitest';
import type { CalendarDay } from '../../../server/contract/calendars.ts';
import { dayAfterKey, dayKind, dayText, monthsOf, yearTexts } from '../../../client/model/calendar-year.ts';

const hour = 3_600;
const day = (date: string, more: Partial<CalendarDay> = {}): CalendarDay => ({
  ...{ date, hours: ['08:00-18:00'], kind: 'week', name: '' },
  ...{ lengthSeconds: 24 * hour, openSeconds: 10 * hour, clockChange: null },
  ...more,
});
const closed = { hours: [], openSeconds: 0 };
const leapYear = Array.from({ length: 366 }, (_, at) =>
  day(new Date(Date.UTC(2028, 0, 1 + at)).toISOString().slice(0, 10)),
);

describe('a day of a calendar', () => {
  it.each([
    [day('2026-03-02'), 'open', 'Mon 2026-03-02: 08:00–18:00 · 10 h open'],
    [day('2026-03-01', closed), 'closed', 'Sun 2026-03-01: closed'],
    [
      day('2026-12-25', { ...closed, kind: 'holiday', name: 'Christmas Day' }),
      'holiday',
      'Fri 2026-12-25: Holiday: Christmas Day · closed',
    ],
    [
      day('2026-12-24', { kind: 'exception', hours: ['08:00-12:00'], openSeconds: 4 * hour, name: 'Christmas Eve' }),
      'changed',
      'Thu 2026-12-24: Hours of its own: Christmas Eve · 08:00–12:00 · 4 h open',
    ],
    [day('2026-12-31', { ...closed, kind: 'exception' }), 'shut', 'Thu 2026-12-31: Closed by an exception · closed'],
    [
      day('2026-03-29', {
        hours: ['00:00-24:00'],
        openSeconds: 23 * hour,
        lengthSeconds: 23 * hour,
        clockChange: 'forward',
      }),
      'open',
      'Sun 2026-03-29: all day · 23 h open · Clocks go forward, the day has 23 h',
    ],
  ])('is told with its hours, its name and the change of the clocks', (given, kind, text) => {
    expect(dayKind(given)).toBe(kind);
    expect(dayText(given)).toBe(text);
  });
});

describe('a year', () => {
  it('has twelve months of whole weeks from Monday on, with every day once', () => {
    const months = monthsOf(leapYear);
    expect(months.map(({ title }) => title)).toEqual(expect.arrayContaining(['January', 'February', 'December']));
    expect(months).toHaveLength(12);
    const cells = months.flatMap(({ weeks }) => weeks.flat());
    expect(cells.filter((cell) => cell !== null)).toEqual(leapYear);
    expect(months.every(({ weeks }) => weeks.every((week) => week.length === 7))).toBe(true);
    // The first of March 2028 is a Wednesday.
    expect(months[2]!.weeks[0]!.findIndex((cell) => cell !== null)).toBe(2);
  });

  it('is summed up without what there is none of', () => {
    const days = [day('2026-01-02'), day('2026-01-03', closed), day('2026-01-01', { ...closed, kind: 'holiday' })];
    expect(yearTexts(days, 2_540 * hour + 1)).toEqual(['2,540 h open', '1 day open', '1 holiday']);
  });

  it('is walked by keys, month by month on the same date as far as there is one', () => {
    const at = (date: string) => leapYear.findIndex((one) => one.date === date);
    const go = (date: string, key: string) => leapYear[dayAfterKey(leapYear, at(date), key)!]!.date;
    expect(go('2028-02-28', 'ArrowRight')).toBe('2028-02-29');
    expect(go('2028-02-28', 'ArrowDown')).toBe('2028-03-06');
    expect(go('2028-01-31', 'PageDown')).toBe('2028-02-29');
    expect(go('2028-12-05', 'PageDown')).toBe('2028-12-05');
    expect(go('2028-01-01', 'ArrowLeft')).toBe('2028-01-01');
    expect(go('2028-06-15', 'End')).toBe('2028-12-31');
    expect(dayAfterKey(leapYear, 5, 'x')).toBeNull();
  });
});
