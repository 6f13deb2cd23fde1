/** Rules of recurrence (RFC 5545) as a form offers them: the usual ones by their parts, any other as it is written. */
import { type Weekday, weekdays } from '../../server/domain/opening.ts';
import { isZone } from './time-zone.ts';
import { dateIn } from './zoned-day.ts';

export const repeatKinds = ['once', 'daily', 'weekly', 'month-day', 'month-weekday', 'yearly', 'own'] as const;
export type RepeatKind = (typeof repeatKinds)[number];

export interface Repeat {
  readonly kind: RepeatKind;
  /** Every so many days, weeks, months or years. */
  readonly every: number;
  readonly days: readonly Weekday[];
  /** Of a month: 1 to 31, or -1 for its last. */
  readonly monthDay: number;
  /** Which of the weekdays of a month: 1 to 4, or -1 for the last. */
  readonly nth: number;
  readonly day: Weekday;
  /** At most one of them: the last date it may begin on, how many times it takes place. */
  readonly until: string | null;
  readonly count: number | null;
  /** Of a rule of one's own, as it is written. */
  readonly rule: string;
}

const codeOf = (day: Weekday): string => day.slice(0, 2).toUpperCase();
const dayOf = (code: string): Weekday | undefined => weekdays.find((day) => codeOf(day) === code);
export const nths = [1, 2, 3, 4, -1] as const;

/** What a local time such as `2026-03-01T02:00` lies on. */
function placeOf(start: string): { day: Weekday; monthDay: number; nth: number } {
  const at = new Date(`${start.slice(0, 10)}T12:00:00Z`);
  if (Number.isNaN(at.getTime())) return { day: 'sun', monthDay: 1, nth: 1 };
  const date = at.getUTCDate();
  return { day: weekdays[(at.getUTCDay() + 6) % 7]!, monthDay: date, nth: date > 28 ? -1 : Math.ceil(date / 7) };
}

/** What a form begins with where one chooses a sort of recurrence: it fits the start. */
export function freshRepeat(kind: RepeatKind, start: string): Repeat {
  const place = placeOf(start);
  return { kind, every: 1, days: [place.day], ...place, until: null, count: null, rule: '' };
}

/** The rule that the parts make; null for what happens once. */
export function ruleOf(repeat: Repeat): string | null {
  const { kind, every, days, monthDay, nth, day, until, count, rule } = repeat;
  if (kind === 'once') return null;
  if (kind === 'own') return rule;
  const heads = {
    daily: 'DAILY',
    weekly: 'WEEKLY',
    'month-day': 'MONTHLY',
    'month-weekday': 'MONTHLY',
    yearly: 'YEARLY',
  };
  const own = {
    daily: '',
    weekly: `;BYDAY=${weekdays
      .filter((one) => days.includes(one))
      .map(codeOf)
      .join(',')}`,
    'month-day': `;BYMONTHDAY=${monthDay}`,
    'month-weekday': `;BYDAY=${nth}${codeOf(day)}`,
    yearly: '',
  };
  const end = until ? `;UNTIL=${until.replaceAll('-', '')}T235959` : count !== null ? `;COUNT=${count}` : '';
  return `FREQ=${heads[kind]}${every === 1 ? '' : `;INTERVAL=${every}`}${own[kind]}${end}`;
}

type Parts = Readonly<Record<string, string>>;
const partsOf = (rule: string): Parts =>
  Object.fromEntries(
    rule
      .toUpperCase()
      .replace(/^RRULE:/, '')
      .split(';')
      .map((part) => part.split('=', 2) as [string, string]),
  );
const wholeIn = (text: string | undefined): number | null => (/^-?\d{1,4}$/.test(text ?? '') ? Number(text) : null);

/** The parts of a rule; one that a form does not offer by its parts is the writer's own. */
export function repeatOf(rule: string | null | undefined, start: string, timeZone = 'UTC'): Repeat {
  if (rule === null || rule === undefined || rule === '') return freshRepeat('once', start);
  const own: Repeat = { ...freshRepeat('own', start), rule };
  const { FREQ, INTERVAL, UNTIL, COUNT, ...by } = partsOf(rule);
  const every = INTERVAL === undefined ? 1 : (wholeIn(INTERVAL) ?? 0);
  const until = UNTIL === undefined ? null : untilDate(UNTIL, timeZone);
  const count = COUNT === undefined ? null : wholeIn(COUNT);
  const isEndRead = (UNTIL === undefined) === (until === null) && (COUNT === undefined) === (count === null);
  const chosen = every > 0 && isEndRead ? chosenBy(FREQ ?? '', by) : null;
  return chosen ? { ...freshRepeat(chosen.kind, start), every, until, count, ...chosen } : own;
}

/** `20261231` with or without a time as `2026-12-31`; a time in UTC as the date that it is in the zone. */
function untilDate(text: string, timeZone: string): string | null {
  const [, year, month, day, time, utc] = /^(\d{4})(\d\d)(\d\d)(?:T(\d{6})(Z?))?$/.exec(text) ?? [];
  if (year === undefined) return null;
  const date = `${year}-${month}-${day}`;
  if (!utc || !isZone(timeZone)) return date;
  const atMs = Date.parse(`${date}T${time!.replace(/^(..)(..)(..)$/, '$1:$2:$3')}Z`);
  return Number.isNaN(atMs) ? null : dateIn(atMs, timeZone);
}

/** What the parts that choose days say; null for what a form does not offer. */
type Chosen = Partial<Repeat> & Pick<Repeat, 'kind'>;
function chosenBy(freq: string, by: Parts): Chosen | null {
  const names = Object.keys(by).toSorted().join();
  if (names === '') {
    const kinds: Readonly<Record<string, RepeatKind>> = {
      DAILY: 'daily',
      WEEKLY: 'weekly',
      MONTHLY: 'month-day',
      YEARLY: 'yearly',
    };
    return kinds[freq] ? { kind: kinds[freq] } : null;
  }
  if (freq === 'WEEKLY' && names === 'BYDAY') {
    const days = by['BYDAY']!.split(',').map(dayOf);
    return days.every((day) => day !== undefined) ? { kind: 'weekly', days } : null;
  }
  if (freq !== 'MONTHLY') return null;
  if (names === 'BYMONTHDAY') {
    const monthDay = wholeIn(by['BYMONTHDAY']);
    return monthDay !== null && (monthDay === -1 || (monthDay >= 1 && monthDay <= 31))
      ? { kind: 'month-day', monthDay }
      : null;
  }
  return names === 'BYDAY'
    ? weekdayOfMonth(by['BYDAY']!)
    : names === 'BYDAY,BYSETPOS'
      ? weekdayOfMonth(by['BYSETPOS']! + by['BYDAY']!)
      : null;
}

function weekdayOfMonth(text: string): Chosen | null {
  const [, nth, code] = /^\+?(-?\d)([A-Z]{2})$/.exec(text) ?? [];
  const day = dayOf(code ?? '');
  return day && nths.some((one) => one === Number(nth)) ? { kind: 'month-weekday', nth: Number(nth), day } : null;
}
