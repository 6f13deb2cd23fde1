import ICAL from 'ical.js';
import { Temporal } from 'temporal-polyfill';
import type { CalendarInput } from '../contract/calendars.ts';
import { openingText } from '../domain/calendar-year.ts';
import { isTimeZone } from '../domain/time-zone.ts';
import { unionOf } from '../domain/spans.ts';

type Exception = CalendarInput['exceptions'][number];

/** What was read of an iCalendar file. */
export interface EventReading {
  /** In order of date. */
  exceptions: Exception[];
  skipped: { event: string; reason: string }[];
}

/** What is exported without a name; read again, these are no names. */
export const unnamed = { open: 'Open', closed: 'Closed' } as const;

const dayMinutes = 1_440;
const mostOccurrences = 5_000;
/** An event that lasts longer is a mistake rather than a holiday. */
const longestDays = 366;

interface Day {
  names: Set<string>;
  /** Minutes of the local day, as spans. */
  open: { fromMs: number; toMs: number }[];
}

/** Why an event is of no use. */
class Unusable extends Error {}

/**
 * The exceptions that the events of a file make in a zone: events of whole days close their dates, events with times open
 * theirs for those times alone. Recurring ones are read from `sinceMs` to `untilMs`.
 * @throws Error where the text is no iCalendar
 */
export function readEvents(text: string, zone: string, sinceMs: number, untilMs: number): EventReading {
  const root = new ICAL.Component(ICAL.parse(text) as unknown[]);
  if (root.name !== 'vcalendar') throw new Error('it does not begin with BEGIN:VCALENDAR');
  const days = new Map<string, Day>();
  const skipped: EventReading['skipped'] = [];
  const components = root.getAllSubcomponents('vevent');
  const changed = components.filter((one) => one.hasProperty('recurrence-id'));
  for (const component of components.filter((one) => !one.hasProperty('recurrence-id'))) {
    const uid = component.getFirstPropertyValue('uid');
    const exceptions = changed.filter((one) => uid !== null && one.getFirstPropertyValue('uid') === uid);
    const event = new ICAL.Event(component, { exceptions, strictExceptions: true });
    try {
      for (const occurrence of occurrencesOf(event, sinceMs, untilMs)) add(days, occurrence, zone);
    } catch (error) {
      skipped.push({ event: titleOf(event), reason: error instanceof Unusable ? error.message : 'cannot be read' });
    }
  }
  return { exceptions: [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(toException), skipped };
}

interface Occurrence {
  name: string;
  start: ICAL.Time;
  end: ICAL.Time;
  /** Where the times come from, to ask for their zones. */
  source: ICAL.Component;
}

const titleOf = (event: ICAL.Event): string => String(event.summary ?? event.uid ?? 'an event without a name');

function occurrencesOf(event: ICAL.Event, sinceMs: number, untilMs: number): Occurrence[] {
  if (!event.startDate) throw new Unusable('has no start');
  if (event.component.getFirstPropertyValue('status') === 'CANCELLED') throw new Unusable('is cancelled');
  const name = String(event.summary ?? '');
  if (!event.isRecurring()) return [{ name, start: event.startDate, end: event.endDate, source: event.component }];
  const found: Occurrence[] = [];
  const iterator = event.iterator();
  let next = iterator.next() as ICAL.Time | null;
  for (let count = 0; next && next.toJSDate().getTime() < untilMs; count += 1) {
    if (count > mostOccurrences) throw new Unusable(`recurs more than ${mostOccurrences} times`);
    const { startDate, endDate, item } = event.getOccurrenceDetails(next);
    if (endDate.toJSDate().getTime() > sinceMs)
      found.push({ name: String(item.summary ?? name), start: startDate, end: endDate, source: item.component });
    next = iterator.next() as ICAL.Time | null;
  }
  if (found.length === 0) throw new Unusable('has no occurrence in the time that is read');
  return found;
}

function add(days: Map<string, Day>, { name, start, end, source }: Occurrence, zone: string): void {
  const dayOf = (date: Temporal.PlainDate): Day => {
    const key = date.toString();
    const day = days.get(key) ?? { names: new Set<string>(), open: [] };
    days.set(key, day);
    const isNamed = name.trim() !== '' && name !== unnamed.open && name !== unnamed.closed;
    if (isNamed) day.names.add(name.trim().slice(0, 120));
    return day;
  };
  const [from, to] = [localOf(start, zoneOf(source, 'dtstart'), zone), localOf(end, zoneOf(source, 'dtend'), zone)];
  const first = from.toPlainDate();
  if (first.until(to.toPlainDate()).days > longestDays) throw new Unusable(`lasts longer than ${longestDays} days`);
  if (start.isDate) {
    const days = Math.max(1, first.until(to.toPlainDate()).days);
    for (let day = 0; day < days; day += 1) dayOf(first.add({ days: day }));
    return;
  }
  if (Temporal.PlainDateTime.compare(from, to) >= 0) throw new Unusable('has no length');
  if (from.second !== 0 || to.second !== 0) throw new Unusable('has times that are no whole minutes');
  for (let date = first; Temporal.PlainDate.compare(date, to.toPlainDate()) <= 0; date = date.add({ days: 1 })) {
    const fromMs = date.equals(first) ? minuteOf(from) : 0;
    const toMs = date.equals(to.toPlainDate()) ? minuteOf(to) : dayMinutes;
    if (fromMs < toMs) dayOf(date).open.push({ fromMs, toMs });
  }
}

const minuteOf = ({ hour, minute }: Temporal.PlainDateTime): number => hour * 60 + minute;

/** The zone by name that a time of an event is written in; one without an end of its own has that of its start. */
function zoneOf(event: ICAL.Component, name: 'dtstart' | 'dtend'): string | undefined {
  const property = event.getFirstProperty(name) ?? event.getFirstProperty('dtstart');
  return property?.getFirstParameter('tzid') || undefined;
}

/** What the wall clock of a zone shows at a time of the file; a time without a zone is meant for that very wall. */
function localOf(time: ICAL.Time, own: string | undefined, zone: string): Temporal.PlainDateTime {
  const { year, month, day, hour, minute, second } = time;
  const plain = new Temporal.PlainDateTime(year, month, day, hour, minute, second);
  if (time.isDate) return plain;
  const tzid = time.zone?.tzid ?? 'floating';
  if (tzid !== 'UTC' && own !== undefined && isTimeZone(own)) {
    return plain.toZonedDateTime(own).withTimeZone(zone).toPlainDateTime();
  }
  if (tzid !== 'floating') {
    const at = Temporal.Instant.fromEpochMilliseconds(time.toUnixTime() * 1_000);
    return at.toZonedDateTimeISO(zone).toPlainDateTime();
  }
  if (own !== undefined) throw new Unusable(`is in the time zone "${own}", which the file does not explain`);
  return plain;
}

const toException = ([date, { names, open }]: [string, Day]): Exception => ({
  date,
  hours: unionOf(open).map(({ fromMs, toMs }) => openingText({ fromMinute: fromMs, toMinute: toMs })),
  name: [...names].join(', ').slice(0, 120),
});
