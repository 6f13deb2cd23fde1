/** Spans that objectives are judged over: calendar weeks, months, quarters and years of a zone, or rolling days. */
import { Temporal } from 'temporal-polyfill';
import { dateAt, startOfDayMs } from './local-time.ts';
import { calendarPeriods, type CalendarPeriod, type PeriodKind } from './period-kind.ts';
import type { Span } from './spans.ts';

export interface Period extends Span {
  /** `2026-W41`, `2026-10`, `2026-Q4`, `2026`; of rolling days the kind itself. */
  readonly label: string;
}

const lengths = {
  week: { days: 7 },
  month: { months: 1 },
  quarter: { months: 3 },
  year: { years: 1 },
} as const satisfies Record<CalendarPeriod, Temporal.DurationLike>;

function firstDay(kind: CalendarPeriod, date: Temporal.PlainDate): Temporal.PlainDate {
  if (kind === 'week') return date.subtract({ days: date.dayOfWeek - 1 });
  if (kind === 'month') return date.with({ day: 1 });
  if (kind === 'quarter') return date.with({ month: Math.floor((date.month - 1) / 3) * 3 + 1, day: 1 });
  return date.with({ month: 1, day: 1 });
}

function labelOf(kind: CalendarPeriod, first: Temporal.PlainDate): string {
  if (kind === 'week') return `${first.yearOfWeek}-W${String(first.weekOfYear).padStart(2, '0')}`;
  if (kind === 'month') return first.toPlainYearMonth().toString();
  return kind === 'quarter' ? `${first.year}-Q${Math.ceil(first.month / 3)}` : String(first.year);
}

function beginningAt(kind: CalendarPeriod, first: Temporal.PlainDate, zone: string): Period {
  const next = first.add(lengths[kind]);
  return { label: labelOf(kind, first), fromMs: startOfDayMs(first, zone), toMs: startOfDayMs(next, zone) };
}

const isCalendarPeriod = (kind: PeriodKind): kind is CalendarPeriod =>
  (calendarPeriods as readonly string[]).includes(kind);

/** The period that holds an instant; rolling days end there. */
export function periodAt(kind: PeriodKind, zone: string, atMs: number): Period {
  if (isCalendarPeriod(kind)) return beginningAt(kind, firstDay(kind, dateAt(atMs, zone)), zone);
  const days = Number(/^rolling-(\d+)d$/.exec(kind)![1]);
  const end = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone);
  return { label: kind, fromMs: end.subtract({ days }).epochMilliseconds, toMs: atMs };
}

/** The period of a label, in whichever kind it is written; null for what is none. */
export function periodOf(label: string, zone: string): Period | null {
  const [, year, rest] = /^(\d{4})(?:-(W\d\d|Q[1-4]|\d\d))?$/.exec(label) ?? [];
  if (year === undefined) return null;
  if (rest === undefined) return beginningAt('year', Temporal.PlainDate.from(`${year}-01-01`), zone);
  const number = Number(rest.replace(/^\D/, ''));
  const first = Temporal.PlainDate.from(`${year}-01-01`);
  if (rest.startsWith('Q')) return beginningAt('quarter', first.with({ month: number * 3 - 2 }), zone);
  if (rest.startsWith('W')) {
    // The 4th of January lies in the first week of its year (ISO 8601).
    const monday = firstDay('week', first.with({ day: 4 })).add({ days: 7 * (number - 1) });
    const week = beginningAt('week', monday, zone);
    return week.label === label ? week : null;
  }
  return number >= 1 && number <= 12 ? beginningAt('month', first.with({ month: number }), zone) : null;
}

/** The period after this one, or before it. */
export const nextPeriod = (kind: CalendarPeriod, zone: string, { toMs }: Period): Period => periodAt(kind, zone, toMs);
export const previousPeriod = (kind: CalendarPeriod, zone: string, { fromMs }: Period): Period =>
  periodAt(kind, zone, fromMs - 1);

/**
 * The last so many whole periods before an instant, in order of time. Rolling days end with a local day: the last of them
 * with the one before the instant's, each other one where the next begins.
 */
export function periodsBefore(kind: PeriodKind, zone: string, atMs: number, count: number): Period[] {
  const before = (endMs: number): Period =>
    isCalendarPeriod(kind) ? periodAt(kind, zone, endMs - 1) : daysUntil(kind, zone, endMs);
  const last = isCalendarPeriod(kind) ? periodAt(kind, zone, atMs).fromMs : startOfDayMs(dateAt(atMs, zone), zone);
  const periods: Period[] = [];
  for (let endMs = last; periods.length < count; endMs = periods.at(-1)!.fromMs) periods.push(before(endMs));
  return periods.reverse();
}

/** Rolling days as days of the calendar: `2026-10-01/2026-10-30`. */
function daysUntil(kind: PeriodKind, zone: string, endMs: number): Period {
  const { fromMs } = periodAt(kind, zone, endMs);
  return { label: `${dateAt(fromMs, zone)}/${dateAt(endMs - 1, zone)}`, fromMs, toMs: endMs };
}
