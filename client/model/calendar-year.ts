/** A year of a calendar as twelve months: how each day looks, and what is told of it. Pure. */
import { mdiClockOutline, mdiMinus, mdiRhombus, mdiRhombusOutline, mdiStar } from '@mdi/js';
import type { CalendarDay } from '../../server/contract/calendars.ts';
import { dateText } from './day-strip.ts';
import { openingsText } from './opening-text.ts';
import { lengthText } from './time-text.ts';

/** In the order of the legend: `changed` has hours of its own, `shut` none by an exception. */
export const dayKinds = ['open', 'closed', 'holiday', 'changed', 'shut'] as const;
export type DayKind = (typeof dayKinds)[number];

export interface DayLook {
  readonly word: string;
  /** Path of a 24×24 icon whose outline differs from every other kind's; null for the ordinary. */
  readonly icon: string | null;
}
export const dayLooks: Readonly<Record<DayKind, DayLook>> = {
  open: { word: 'Open', icon: null },
  closed: { word: 'Closed', icon: mdiMinus },
  holiday: { word: 'Holiday', icon: mdiStar },
  changed: { word: 'Hours of its own', icon: mdiRhombusOutline },
  shut: { word: 'Closed by an exception', icon: mdiRhombus },
};
export const clockChangeIcon = mdiClockOutline;
export const clockChangeWords = { forward: 'Clocks go forward', back: 'Clocks go back' } as const;

export function dayKind({ kind, hours }: CalendarDay): DayKind {
  if (kind === 'holiday') return 'holiday';
  const isOpen = hours.length > 0;
  if (kind === 'exception') return isOpen ? 'changed' : 'shut';
  return isOpen ? 'open' : 'closed';
}

const inHours = (seconds: number): string => (seconds === 0 ? '0 h' : lengthText(seconds * 1_000));

/** The day in words: what it is, its hours, and the length that the clocks give it. */
export function dayTexts(day: CalendarDay): string[] {
  const kind = dayKind(day);
  const texts: string[] = [];
  if (kind !== 'open' && kind !== 'closed')
    texts.push(day.name ? `${dayLooks[kind].word}: ${day.name}` : dayLooks[kind].word);
  texts.push(openingsText(day.hours));
  if (day.hours.length > 0) texts.push(`${inHours(day.openSeconds)} open`);
  if (day.clockChange) texts.push(`${clockChangeWords[day.clockChange]}, the day has ${inHours(day.lengthSeconds)}`);
  return texts;
}
export const dayText = (day: CalendarDay): string => `${dateText(day.date)}: ${dayTexts(day).join(' · ')}`;

export interface CalendarMonth {
  /** `2026-01` */
  readonly key: string;
  readonly title: string;
  /** Weeks from Monday on; null before the first and after the last day. */
  readonly weeks: readonly (readonly (CalendarDay | null)[])[];
}

const monthNames = new Intl.DateTimeFormat('en-GB', { month: 'long', timeZone: 'UTC' });

/** The days of a year by months and weeks. */
export function monthsOf(days: readonly CalendarDay[]): CalendarMonth[] {
  const keys = [...new Set(days.map(({ date }) => date.slice(0, 7)))];
  return keys.map((key) => {
    const ofMonth = days.filter(({ date }) => date.startsWith(key));
    const first = new Date(`${ofMonth[0]!.date}T12:00:00Z`);
    const blanks = (first.getUTCDay() + 6) % 7;
    const cells = [...Array<null>(blanks).fill(null), ...ofMonth];
    const weeks = Array.from({ length: Math.ceil(cells.length / 7) }, (_, week) =>
      Array.from({ length: 7 }, (__, at) => cells[week * 7 + at] ?? null),
    );
    return { key, title: monthNames.format(first), weeks };
  });
}

/** What the year comes to: `253 days open, 2,540 h; 9 holidays; 2 exceptions`. */
export function yearTexts(days: readonly CalendarDay[], openSeconds: number): string[] {
  const count = (isMeant: (day: CalendarDay) => boolean, one: string, many: string): string[] => {
    const found = days.filter(isMeant).length;
    return found === 0 ? [] : [`${found} ${found === 1 ? one : many}`];
  };
  const hours = Math.floor(openSeconds / 3_600).toLocaleString('en-GB');
  return [
    `${hours} h open`,
    ...count(({ hours: openings }) => openings.length > 0, 'day open', 'days open'),
    ...count(({ kind }) => kind === 'holiday', 'holiday', 'holidays'),
    ...count(({ kind }) => kind === 'exception', 'exception', 'exceptions'),
  ];
}

const leaps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** Where a key leads from a day of the year; null for a key that leads nowhere. Month by month the date stays. */
export function dayAfterKey(days: readonly CalendarDay[], at: number, key: string): number | null {
  if (key === 'Home') return 0;
  if (key === 'End') return days.length - 1;
  if (key === 'PageUp' || key === 'PageDown') return monthAway(days, at, key === 'PageUp' ? -1 : 1);
  const leap = leaps[key];
  return leap === undefined ? null : Math.max(0, Math.min(days.length - 1, at + leap));
}

function monthAway(days: readonly CalendarDay[], at: number, step: number): number {
  const [, month, day] = days[at]!.date.split('-').map(Number) as [number, number, number];
  const wanted = Math.max(1, Math.min(12, month + step));
  const inMonth = days.flatMap(({ date }, index) => (Number(date.slice(5, 7)) === wanted ? [index] : []));
  return inMonth[Math.min(day, inMonth.length) - 1]!;
}
