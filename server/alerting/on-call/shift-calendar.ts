import ICAL from 'ical.js';
import type { OnCallShift } from '../../contract/on-call.ts';

export interface CalendarOfShifts {
  key: string;
  name: string;
  /** When it was read. */
  atMs: number;
  shifts: readonly OnCallShift[];
}

/** Shifts as iCalendar (RFC 5545), each an event in UTC; where nobody is reached says so. */
export function shiftsAsEvents({ key, name, atMs, shifts }: CalendarOfShifts): string {
  const root = new ICAL.Component('vcalendar');
  root.addPropertyWithValue('version', '2.0');
  root.addPropertyWithValue('prodid', '-//Troth//On-call//EN');
  root.addPropertyWithValue('x-wr-calname', `On call: ${name}`);
  root.addPropertyWithValue('refresh-interval', ICAL.Duration.fromSeconds(3_600));
  for (const { from, to, name: who, gap } of shifts) {
    const event = new ICAL.Component('vevent');
    event.addPropertyWithValue('uid', `${key}-${from}@troth`);
    event.addPropertyWithValue('dtstamp', instant(atMs));
    event.addPropertyWithValue('dtstart', instant(Date.parse(from)));
    event.addPropertyWithValue('dtend', instant(Date.parse(to)));
    event.addPropertyWithValue('summary', gap === null ? `${name}: ${who}` : `${name}: nobody is on call`);
    event.addPropertyWithValue('transp', 'TRANSPARENT');
    root.addSubcomponent(event);
  }
  return root.toString();
}

const instant = (atMs: number): ICAL.Time => ICAL.Time.fromJSDate(new Date(Math.floor(atMs / 1_000) * 1_000), true);
