/** Service hours: when an agreement holds. Working time between instants, deadlines, both by looking up sums. */
import { Temporal } from 'temporal-polyfill';
import { dateAt, instantOf, startOfDayMs } from './local-time.ts';
import { dayMinutes, weekdays, type Opening, type Weekday } from './opening.ts';
import { firstEndingAfter, type Span, unionOf, within } from './spans.ts';

export interface Calendar {
  /** IANA name. */
  readonly timeZone: string;
  readonly week: Readonly<Record<Weekday, readonly Opening[]>>;
  /** Dates without opening, `2026-12-25`, of a year. */
  readonly holidays: (year: number) => ReadonlySet<string>;
  /** Dates with openings of their own; they overrule week and holidays. */
  readonly exceptions: ReadonlyMap<string, readonly Opening[]>;
}

const minuteMs = 60_000;
/** A deadline further away than this is none: the calendar is as good as closed. */
const farthestYears = 50;

/** The openings of one year with how much had been open before each, ms. */
interface Year {
  spans: readonly Span[];
  before: readonly number[];
  totalMs: number;
}

/** A calendar ready for questions: each local year is laid out once, when it is first asked for. */
export class ServiceHours {
  readonly #calendar: Calendar;
  readonly #years = new Map<number, Year>();

  constructor(calendar: Calendar) {
    this.#calendar = calendar;
  }

  /** What is open in [fromMs, toMs). */
  spans(fromMs: number, toMs: number): Span[] {
    if (fromMs >= toMs) return [];
    // Years meet at midnight: an opening until then and one from then on are one.
    return unionOf(this.#yearsOf(fromMs, toMs).flatMap(({ spans }) => within(spans, fromMs, toMs)));
  }

  /** Working time in [fromMs, toMs), ms. */
  workingMs(fromMs: number, toMs: number): number {
    if (fromMs >= toMs) return 0;
    return this.#yearsOf(fromMs, toMs).reduce(
      (sum, year) => sum + openBefore(year, toMs) - openBefore(year, fromMs),
      0,
    );
  }

  /**
   * The instant at which so much working time has passed since `startMs`; with a negative time, before it. Working time
   * of 0 ends where it starts. Null where the calendar does not have that much within reach.
   */
  deadline(startMs: number, workingMs: number): number | null {
    if (workingMs === 0) return startMs;
    return workingMs > 0 ? this.#after(startMs, workingMs) : this.#before(startMs, -workingMs);
  }

  #after(startMs: number, workingMs: number): number | null {
    const first = this.#yearAt(startMs);
    let owedMs = workingMs;
    for (let year = first; year < first + farthestYears; year += 1) {
      const laid = this.#year(year);
      const goneMs = openBefore(laid, startMs);
      if (goneMs + owedMs <= laid.totalMs) return instantAfter(laid, goneMs + owedMs);
      owedMs -= laid.totalMs - goneMs;
    }
    return null;
  }

  #before(startMs: number, workingMs: number): number | null {
    const last = this.#yearAt(startMs);
    let owedMs = workingMs;
    for (let year = last; year > last - farthestYears; year -= 1) {
      const laid = this.#year(year);
      const goneMs = openBefore(laid, startMs);
      if (goneMs >= owedMs) return instantBefore(laid, goneMs - owedMs);
      owedMs -= goneMs;
    }
    return null;
  }

  #yearAt = (atMs: number): number => dateAt(atMs, this.#calendar.timeZone).year;

  #yearsOf(fromMs: number, toMs: number): Year[] {
    const first = this.#yearAt(fromMs);
    const count = this.#yearAt(toMs) - first + 1;
    return Array.from({ length: count }, (_, index) => this.#year(first + index));
  }

  #year(year: number): Year {
    const known = this.#years.get(year);
    if (known) return known;
    const laid = layOut(this.#calendar, year);
    this.#years.set(year, laid);
    return laid;
  }
}

/** What is open in [fromMs, toMs); without hours all of it is. */
export const openSpans = (hours: ServiceHours | null, fromMs: number, toMs: number): Span[] =>
  fromMs >= toMs ? [] : hours ? hours.spans(fromMs, toMs) : [{ fromMs, toMs }];

function layOut(calendar: Calendar, year: number): Year {
  const { timeZone: zone } = calendar;
  const holidays = calendar.holidays(year);
  const spans: Span[] = [];
  let next: Temporal.PlainDate | undefined;
  let nextMs = 0;
  for (const date of datesToLayOut(calendar, year)) {
    const startMs = next?.equals(date) ? nextMs : startOfDayMs(date, zone);
    next = date.add({ days: 1 });
    nextMs = startOfDayMs(next, zone);
    for (const opening of openingsOf(calendar, holidays, date))
      spans.push(spanOf(opening, date, zone, startMs, nextMs));
  }
  const merged = unionOf(spans);
  const before: number[] = [];
  let totalMs = 0;
  for (const { fromMs, toMs } of merged) {
    before.push(totalMs);
    totalMs += toMs - fromMs;
  }
  return { spans: merged, before, totalMs };
}

/** Every day of a year; where no day of the week has openings the exceptions alone, so that a search through years ends soon. */
function* datesToLayOut({ week, exceptions }: Calendar, year: number): Generator<Temporal.PlainDate> {
  if (weekdays.every((day) => week[day].length === 0)) {
    const dates = [...exceptions.keys()].filter((date) => date.startsWith(`${year}-`));
    for (const date of dates.sort()) yield Temporal.PlainDate.from(date);
    return;
  }
  let date = Temporal.PlainDate.from({ year, month: 1, day: 1 });
  for (; date.year === year; date = date.add({ days: 1 })) yield date;
}

/** The openings of a date: those of its exception, else none on a holiday, else those of its day of the week. */
export function openingsOf(
  { week, exceptions }: Calendar,
  holidays: ReadonlySet<string>,
  date: Temporal.PlainDate,
): readonly Opening[] {
  const name = date.toString();
  return exceptions.get(name) ?? (holidays.has(name) ? [] : week[weekdays[date.dayOfWeek - 1]!]);
}

/** A day of 24 hours has no jump: its openings are found by adding. On any other day the wall clock is asked. */
function spanOf(
  { fromMinute, toMinute }: Opening,
  date: Temporal.PlainDate,
  zone: string,
  startMs: number,
  endMs: number,
): Span {
  if (endMs - startMs === dayMinutes * minuteMs) {
    return { fromMs: startMs + fromMinute * minuteMs, toMs: startMs + toMinute * minuteMs };
  }
  const at = (minute: number): number => {
    if (minute === 0) return startMs;
    if (minute === dayMinutes) return endMs;
    return instantOf(date.toPlainDateTime({ hour: Math.floor(minute / 60), minute: minute % 60 }), zone);
  };
  return { fromMs: at(fromMinute), toMs: at(toMinute) };
}

/** How much of the year's openings lies before an instant, ms. */
function openBefore({ spans, before, totalMs }: Year, atMs: number): number {
  const index = firstEndingAfter(spans, atMs);
  return index === spans.length ? totalMs : before[index]! + Math.max(0, atMs - spans[index]!.fromMs);
}

/** The earliest instant before which so much of the year was open; `openMs` is above 0. */
function instantAfter({ spans, before }: Year, openMs: number): number {
  const index = lastBelow(before, openMs);
  return spans[index]!.fromMs + openMs - before[index]!;
}

/** The latest instant before which no more than that was open; `openMs` is below what the year has. */
function instantBefore({ spans, before }: Year, openMs: number): number {
  const index = lastBelow(before, openMs + 1);
  return spans[index]!.fromMs + openMs - before[index]!;
}

/** The place of the last number that is below a limit. */
function lastBelow(rising: readonly number[], limit: number): number {
  let low = 0;
  let high = rising.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (rising[middle]! < limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
