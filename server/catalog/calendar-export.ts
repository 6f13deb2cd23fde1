import ICAL from 'ical.js';
import { Temporal } from 'temporal-polyfill';
import { openingOf } from '../domain/opening.ts';
import { instantOf } from '../domain/local-time.ts';
import { unnamed } from './calendar-events.ts';
import type { StoredCalendar } from './definitions.ts';

/** The exceptions of a calendar as iCalendar (RFC 5545): closed days as events of a whole day, openings as events in UTC. */
export function exceptionsAsEvents({ key, name, timeZone, exceptions, updatedAt }: StoredCalendar): string {
  const root = new ICAL.Component('vcalendar');
  root.addPropertyWithValue('version', '2.0');
  root.addPropertyWithValue('prodid', '-//Troth//Calendars//EN');
  root.addPropertyWithValue('x-wr-calname', name || key);
  const stamp = ICAL.Time.fromJSDate(new Date(Math.floor(updatedAt.getTime() / 1_000) * 1_000), true);
  const add = (part: string, summary: string, start: ICAL.Time, end: ICAL.Time): void => {
    const event = new ICAL.Component('vevent');
    event.addPropertyWithValue('uid', `${key}-${part}@troth`);
    event.addPropertyWithValue('dtstamp', stamp);
    event.addPropertyWithValue('dtstart', start);
    event.addPropertyWithValue('dtend', end);
    event.addPropertyWithValue('summary', summary);
    root.addSubcomponent(event);
  };
  for (const { date, hours, name: what } of exceptions) {
    const day = Temporal.PlainDate.from(date);
    if (hours.length === 0) add(date, what || unnamed.closed, wholeDay(day), wholeDay(day.add({ days: 1 })));
    for (const [index, text] of hours.entries()) {
      const { fromMinute, toMinute } = openingOf(text)!;
      const at = (minute: number) => instantOf(day.toPlainDateTime().add({ minutes: minute }), timeZone);
      const [fromMs, toMs] = [at(fromMinute), at(toMinute)];
      // Hours that the clock jumps over on that day are none.
      if (fromMs < toMs) add(`${date}-${index + 1}`, what || unnamed.open, instant(fromMs), instant(toMs));
    }
  }
  return root.toString();
}

const wholeDay = ({ year, month, day }: Temporal.PlainDate): ICAL.Time =>
  new ICAL.Time({ year, month, day, isDate: true }, ICAL.Timezone.localTimezone);

const instant = (atMs: number): ICAL.Time => ICAL.Time.fromJSDate(new Date(atMs), true);
