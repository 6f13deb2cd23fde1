/** Service hours in words. */
import type { CalendarInput } from '../../contract/calendars.ts';
import { counted } from '../../contract/length-words.ts';
import { weekdays } from '../../domain/opening.ts';
import { dateWords } from './date-words.ts';

const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const allDay = '00:00–24:00';
/** So many dates are listed; more are counted. */
const mostDates = 6;
const countries = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' });

/**
 * `Mon–Thu 08:00–18:00, Fri 08:00–16:00 (Europe/Berlin); closed on public holidays of Germany (BE)`. Exceptions before
 * `fromDate` are left out: they no longer matter.
 */
export function calendarWords(calendar: CalendarInput, fromDate: string): string {
  const { holidays, timeZone } = calendar;
  const exceptions = calendar.exceptions.filter(({ date }) => date >= fromDate).toSorted(byDate);
  const days = dayGroups(calendar);
  const isAlwaysOpen = days === allDay && !holidays && exceptions.length === 0;
  if (isAlwaysOpen) return 'Around the clock';
  return [
    `${days === allDay ? 'Every day 00:00–24:00' : days} (${timeZone})`,
    ...(holidays ? [`closed on public holidays of ${placeOf(holidays)}`] : []),
    ...exceptionWords(exceptions),
  ].join('; ');
}

const byDate = (a: { date: string }, b: { date: string }): number => (a.date < b.date ? -1 : 1);
const hoursWords = (hours: readonly string[]): string =>
  hours.map((one) => one.replace('-', '–')).join(' and ') || 'closed';

/** Days that follow each other and have the same hours together; closed ones are not said. */
function dayGroups({ week }: CalendarInput): string {
  const groups: { first: number; last: number; hours: string }[] = [];
  for (const [index, day] of weekdays.entries()) {
    const hours = hoursWords(week[day]);
    const last = groups.at(-1);
    if (last?.hours === hours) last.last = index;
    else groups.push({ first: index, last: index, hours });
  }
  const open = groups.filter(({ hours }) => hours !== 'closed');
  if (open.length === 0) return 'Closed';
  if (open.length === 1 && open[0]!.first === 0 && open[0]!.last === 6 && open[0]!.hours === allDay) return allDay;
  return open.map(({ first, last, hours }) => `${daysWords(first, last)} ${hours}`).join(', ');
}

const daysWords = (first: number, last: number): string =>
  first === last ? dayNames[first]! : `${dayNames[first]}–${dayNames[last]}`;

const placeOf = ({ country, region }: NonNullable<CalendarInput['holidays']>): string =>
  `${countries.of(country) ?? country}${region ? ` (${region})` : ''}`;

function exceptionWords(exceptions: CalendarInput['exceptions']): string[] {
  if (exceptions.length === 0) return [];
  if (exceptions.length > mostDates) return [`with hours of their own on ${counted(exceptions.length, 'date')}`];
  return exceptions.map(({ date, hours }) => `${dateWords(date)} ${hoursWords(hours)}`);
}
