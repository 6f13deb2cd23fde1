/** The days of a year as a calendar makes them, for people to look at. */
import { Temporal } from 'temporal-polyfill';
import { openingsOf, type Calendar, type ServiceHours } from './calendar.ts';
import type { Opening } from './opening.ts';
import { dayMs } from './durations.ts';
import { startOfDayMs } from './local-time.ts';

export interface YearDay {
  /** `2026-12-24`, a date of the time zone of the calendar. */
  readonly date: string;
  readonly openings: readonly Opening[];
  /** What gave the day its openings. */
  readonly kind: 'week' | 'holiday' | 'exception';
  /** How long the day really is, and how much of it is open, ms. */
  readonly lengthMs: number;
  readonly openMs: number;
  readonly clockChange: 'forward' | 'back' | null;
}

/** Every day of a local year. `hours` are those of the same calendar. */
export function daysOfYear(calendar: Calendar, hours: ServiceHours, year: number): YearDay[] {
  const holidays = calendar.holidays(year);
  const days: YearDay[] = [];
  let date = Temporal.PlainDate.from({ year, month: 1, day: 1 });
  let fromMs = startOfDayMs(date, calendar.timeZone);
  while (date.year === year) {
    const next = date.add({ days: 1 });
    const toMs = startOfDayMs(next, calendar.timeZone);
    const name = date.toString();
    days.push({
      date: name,
      openings: openingsOf(calendar, holidays, date),
      kind: calendar.exceptions.has(name) ? 'exception' : holidays.has(name) ? 'holiday' : 'week',
      lengthMs: toMs - fromMs,
      openMs: hours.workingMs(fromMs, toMs),
      clockChange: toMs - fromMs === dayMs ? null : toMs - fromMs < dayMs ? 'forward' : 'back',
    });
    [date, fromMs] = [next, toMs];
  }
  return days;
}

const twoDigits = (count: number): string => String(count).padStart(2, '0');
const clockText = (minute: number): string => `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`;

/** An opening as it is written: `08:00-18:00`. */
export const openingText = ({ fromMinute, toMinute }: Opening): string =>
  `${clockText(fromMinute)}-${clockText(toMinute)}`;
