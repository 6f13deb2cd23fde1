/** Makes the pure calendar of `domain` from what people wrote. */
import type { CalendarInput, CalendarYear } from '../contract/calendars.ts';
import { ServiceHours, type Calendar } from '../domain/calendar.ts';
import { openingOf, weekdays, type Opening } from '../domain/opening.ts';
import { daysOfYear, openingText } from '../domain/calendar-year.ts';
import type { CalendarDraft } from './definitions.ts';
import { publicHolidays } from './public-holidays.ts';

/** What of a calendar its hours follow from. */
export type CalendarDefinition = Pick<CalendarDraft, 'timeZone' | 'week' | 'holidays' | 'exceptions'>;

const openingsOf = (texts: readonly string[]): Opening[] => texts.map((text) => openingOf(text)!);

/** A checked definition as the arithmetic wants it. */
export function calendarOf({ timeZone, week, holidays, exceptions }: CalendarDefinition): Calendar {
  return {
    timeZone,
    week: Object.fromEntries(weekdays.map((day) => [day, openingsOf(week[day])])) as unknown as Calendar['week'],
    holidays: (year) => new Set(holidays ? publicHolidays(holidays, year).keys() : []),
    exceptions: new Map(exceptions.map(({ date, hours }) => [date, openingsOf(hours)])),
  };
}

export const hoursOf = (definition: CalendarDefinition): ServiceHours => new ServiceHours(calendarOf(definition));

/** Every day of a year as a view of it wants them. */
export function calendarYear(definition: CalendarDefinition, year: number): CalendarYear {
  const calendar = calendarOf(definition);
  const days = daysOfYear(calendar, new ServiceHours(calendar), year);
  const holidays = definition.holidays ? publicHolidays(definition.holidays, year) : new Map<string, string>();
  const exceptions = new Map(definition.exceptions.map(({ date, name }): [string, string] => [date, name]));
  return {
    year,
    timeZone: definition.timeZone,
    openSeconds: days.reduce((sum, { openMs }) => sum + openMs, 0) / 1_000,
    days: days.map(({ date, openings, kind, lengthMs, openMs, clockChange }) => ({
      date,
      hours: openings.map(openingText),
      kind,
      name: exceptions.get(date) || (holidays.get(date) ?? ''),
      lengthSeconds: lengthMs / 1_000,
      openSeconds: openMs / 1_000,
      clockChange,
    })),
  };
}

/** The exceptions with others put over them, in order of date. */
export function withExceptions(
  before: CalendarInput['exceptions'],
  over: CalendarInput['exceptions'],
): CalendarInput['exceptions'] {
  const byDate = new Map([...before, ...over].map((exception) => [exception.date, exception]));
  return [...byDate.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
}
