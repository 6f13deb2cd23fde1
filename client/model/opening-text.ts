/** Hours of days as people type and read them. Openings are texts as the API has them, `08:00-18:00`. */
import { openingOf, type Weekday, weekdays } from '../../server/domain/opening.ts';

export type Week = Readonly<Partial<Record<Weekday, readonly string[]>>>;

const dayNames: Readonly<Record<Weekday, string>> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
};
export const dayName = (day: Weekday): string => dayNames[day];
export const shortDayName = (day: Weekday): string => dayNames[day].slice(0, 3);

const wholeDay = '00:00-24:00';
const wordsForAll = /^(all day|24 ?h|24\/7|always)$/i;
const wordsForNone = /^(closed|none|-|–)$/i;

/** `8`, `830`, `8.30`, `8:30` as `08:00` and `08:30`; null for what is no time of a day. */
function timeIn(text: string): string | null {
  const [, hour, minute = '00'] = /^(\d{1,2})(?:[:.h]?(\d\d))?h?$/.exec(text) ?? [];
  return hour === undefined ? null : `${hour.padStart(2, '0')}:${minute}`;
}

function openingIn(part: string): string {
  if (wordsForAll.test(part)) return wholeDay;
  const [from, to, ...more] = part.split(/\s*(?:-|–|—|\bto\b|\bbis\b)\s*/).map(timeIn);
  return from && to && more.length === 0 ? `${from}-${to}` : part;
}

/** The openings that a line means: `8-12, 13:00 to 17` is two. What is not understood stays as it was typed. */
export function openingsIn(line: string): string[] {
  const text = line.trim();
  if (text === '' || wordsForNone.test(text)) return [];
  return text
    .split(/[,;]|\band\b/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(openingIn);
}

/** `08:00–12:00, 13:00–16:00`, `all day`, `closed`. */
export function openingsText(openings: readonly string[]): string {
  if (openings.length === 0) return 'closed';
  return openings.map((opening) => (opening === wholeDay ? 'all day' : opening.replace('-', '–'))).join(', ');
}

export interface DayPiece {
  /** Fractions of the day by the wall clock, 0 to 1. */
  readonly start: number;
  readonly end: number;
}

/** Where the openings lie in a day; what is no opening is left out. */
export const dayPieces = (openings: readonly string[]): DayPiece[] =>
  openings
    .map(openingOf)
    .filter((opening) => opening !== null)
    .map(({ fromMinute, toMinute }) => ({ start: fromMinute / 1_440, end: toMinute / 1_440 }));

/** `Mon–Fri`, `Sat, Sun`, `Mon, Wed–Fri`: from three days on a run is written by its ends. */
export function daysText(days: readonly Weekday[]): string {
  const runs: Weekday[][] = [];
  for (const day of weekdays.filter((one) => days.includes(one))) {
    const last = runs.at(-1);
    if (last && weekdays.indexOf(last.at(-1)!) === weekdays.indexOf(day) - 1) last.push(day);
    else runs.push([day]);
  }
  return runs
    .map((run) =>
      run.length > 2 ? [run[0]!, run.at(-1)!].map(shortDayName).join('–') : run.map(shortDayName).join(', '),
    )
    .join(', ');
}

/** `Mon–Thu 08:00–18:00; Fri 08:00–12:00`, `around the clock`, `no weekly hours`. */
export function weekText(week: Week): string {
  const byHours = new Map<string, Weekday[]>();
  for (const day of weekdays) {
    const openings = week[day] ?? [];
    if (openings.length === 0) continue;
    const hours = openingsText(openings);
    byHours.set(hours, [...(byHours.get(hours) ?? []), day]);
  }
  const groups = [...byHours];
  if (groups.length === 0) return 'no weekly hours';
  const [[hours, days]] = groups as [[string, Weekday[]]];
  if (groups.length === 1 && days.length === weekdays.length)
    return hours === 'all day' ? 'around the clock' : `daily ${hours}`;
  return groups.map(([each, ofDays]) => `${daysText(ofDays)} ${each}`).join('; ');
}
