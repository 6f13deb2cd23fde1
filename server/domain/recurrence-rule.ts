/** Recurrence rules (RFC 5545 RRULE) as texts: what may stand in them, and what is wrong with one in words. */
import { Temporal } from 'temporal-polyfill';
import { isTimeZone } from './time-zone.ts';

export const frequencies = ['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY', 'MINUTELY'] as const;
export type Frequency = (typeof frequencies)[number];

/** A rule that is right as far as its text tells. */
export interface RecurrenceRule {
  readonly frequency: Frequency;
  readonly interval: number;
  readonly count: number | null;
  /** As it is written: `20261231`, `20261231T020000` or with a `Z`. */
  readonly until: string | null;
  /** All parts by name, in upper case. */
  readonly parts: ReadonlyMap<string, string>;
}
export type RuleReading = { rule: RecurrenceRule; fault: null } | { rule: null; fault: string };

export const mostCount = 10_000;
const weekday = '(MO|TU|WE|TH|FR|SA|SU)';
const example = 'such as FREQ=WEEKLY;BYDAY=SU';

interface Part {
  /** What a value must be. */
  allowed: string;
  fits(value: string): boolean;
}

const whole = (least: number, most: number): Part => ({
  allowed: `a whole number from ${least} to ${most}`,
  fits: (value) => /^\d{1,6}$/.test(value) && Number(value) >= least && Number(value) <= most,
});
/** Several whole numbers; `fromEnd`: also negative ones, which count back, and then no 0. */
const numbers = (least: number, most: number, fromEnd = false): Part => ({
  allowed: `numbers from ${least} to ${most}${fromEnd ? `, or from -${most} to -1` : ''}, with commas between them`,
  fits: (value) =>
    value.split(',').every((one) => {
      if (!(fromEnd ? /^[+-]?\d{1,3}$/ : /^\d{1,2}$/).test(one)) return false;
      const size = Math.abs(Number(one));
      return size >= least && size <= most;
    }),
});
const days = new RegExp(`^([+-]?([1-9]|[1-4]\\d|5[0-3]))?${weekday}$`);

const known: Readonly<Record<string, Part>> = {
  FREQ: { allowed: frequencies.join(', '), fits: (value) => (frequencies as readonly string[]).includes(value) },
  INTERVAL: whole(1, 10_000),
  COUNT: whole(1, mostCount),
  UNTIL: { allowed: 'a date such as 20261231, or a time such as 20261231T020000Z', fits: isUntil },
  BYMONTH: numbers(1, 12),
  BYWEEKNO: numbers(1, 53, true),
  BYYEARDAY: numbers(1, 366, true),
  BYMONTHDAY: numbers(1, 31, true),
  BYDAY: {
    allowed: 'days such as MO,SU, or 1SU and -1FR',
    fits: (value) => value.split(',').every((one) => days.test(one)),
  },
  BYHOUR: numbers(0, 23),
  BYMINUTE: numbers(0, 59),
  BYSETPOS: numbers(1, 366, true),
  WKST: { allowed: 'a day such as MO', fits: (value) => new RegExp(`^${weekday}$`).test(value) },
};

function isUntil(value: string): boolean {
  return /^\d{8}(T\d{6}Z?)?$/.test(value) && untilOf(value) !== null;
}

function untilOf(value: string): Temporal.PlainDateTime | null {
  try {
    const text = value.includes('T') ? value.replace('Z', '') : `${value}T235959`;
    return Temporal.PlainDateTime.from(text);
  } catch {
    return null;
  }
}

/** Reads a rule by itself; whether it goes with a start is for `scheduleFault`. */
export function readRule(text: string): RuleReading {
  const parts = new Map<string, string>();
  for (const part of text
    .trim()
    .toUpperCase()
    .replace(/^RRULE:/, '')
    .split(';')) {
    const [, name, value] = /^([A-Z-]+)=(.+)$/.exec(part) ?? [];
    if (name === undefined || value === undefined) return wrong(`has "${part}", which is no part of a rule ${example}`);
    if (parts.has(name)) return wrong(`gives ${name} twice`);
    const fault = partFault(name, value);
    if (fault) return wrong(fault);
    parts.set(name, value);
  }
  const fault = combinationFault(parts);
  if (fault) return wrong(fault);
  const rule = {
    frequency: parts.get('FREQ') as Frequency,
    interval: Number(parts.get('INTERVAL') ?? 1),
    count: parts.has('COUNT') ? Number(parts.get('COUNT')) : null,
    until: parts.get('UNTIL') ?? null,
    parts,
  };
  const tooMuch = densityFault(rule);
  return tooMuch ? wrong(tooMuch) : { rule, fault: null };
}

const wrong = (fault: string): RuleReading => ({ rule: null, fault });

function partFault(name: string, value: string): string | null {
  if (name === 'BYSECOND' || (name === 'FREQ' && value === 'SECONDLY')) {
    return `recurs by the second (${name}=${value}): windows begin on a whole minute, so that FREQ=MINUTELY is the shortest`;
  }
  const part = known[name];
  if (!part) return `has ${name}, which is none of ${Object.keys(known).join(', ')}`;
  return part.fits(value) ? null : `has ${name}=${value}: it must be ${part.allowed}`;
}

/** What of RFC 5545 forbids some parts beside others. */
function combinationFault(parts: ReadonlyMap<string, string>): string | null {
  const frequency = parts.get('FREQ');
  if (frequency === undefined) return `has no FREQ: a rule is ${example.replace('such as ', '')}, for instance`;
  if (parts.has('COUNT') && parts.has('UNTIL')) return 'has both COUNT and UNTIL: one alone can end it';
  const only = (name: string, allowed: readonly string[]): string | null =>
    parts.has(name) && !allowed.includes(frequency)
      ? `has ${name}, which goes with FREQ=${allowed.join(' or ')} alone`
      : null;
  const isNumbered = /\d/.test(parts.get('BYDAY') ?? '');
  if (isNumbered && !['MONTHLY', 'YEARLY'].includes(frequency))
    return `has BYDAY=${parts.get('BYDAY')}: numbered days go with FREQ=MONTHLY or YEARLY alone`;
  if (isNumbered && parts.has('BYWEEKNO')) return 'has numbered days in BYDAY beside BYWEEKNO, which cannot both hold';
  if (parts.has('BYMONTHDAY') && frequency === 'WEEKLY') return 'has BYMONTHDAY, which does not go with FREQ=WEEKLY';
  if (parts.has('BYSETPOS') && ![...parts.keys()].some((name) => name.startsWith('BY') && name !== 'BYSETPOS'))
    return 'has BYSETPOS without another part that begins with BY, out of which it could choose';
  return only('BYWEEKNO', ['YEARLY']) ?? only('BYYEARDAY', ['YEARLY', 'HOURLY', 'MINUTELY']);
}

/** How often a rule may begin in a day: every half hour. Beyond that a window may as well last longer. */
const mostDailyStarts = 48;

/** Whether a rule goes on and on more often than anybody needs; one that counts ends soon enough. */
function densityFault({ frequency, interval, count, parts }: RecurrenceRule): string | null {
  const named = (name: string, otherwise: number) => parts.get(name)?.split(',').length ?? otherwise;
  const isHourly = frequency === 'HOURLY';
  const isMinutely = frequency === 'MINUTELY';
  const hours = named('BYHOUR', isHourly || isMinutely ? 24 : 1);
  const minutes = named('BYMINUTE', isMinutely ? 60 : 1);
  const starts = (hours * minutes) / (isHourly || isMinutely ? interval : 1);
  if (count !== null || starts <= mostDailyStarts) return null;
  return `begins more than ${mostDailyStarts} times a day: let windows last longer instead`;
}

/** The last wall-clock time at which a rule still holds; a date means all of it, and a time in UTC is read in the zone. */
export function untilLocal({ until }: RecurrenceRule, zone: string): Temporal.PlainDateTime | null {
  const local = until === null ? null : untilOf(until);
  if (!local || !until!.endsWith('Z')) return local;
  return local.toZonedDateTime('UTC').withTimeZone(zone).toPlainDateTime();
}

const earliestYear = 1970;
const latestYear = 2199;

/** A local time of a day that there is, in years that make sense; null for any other text. */
export function localTimeOf(text: string): Temporal.PlainDateTime | null {
  try {
    const local = Temporal.PlainDateTime.from(text, { overflow: 'reject' });
    return local.year >= earliestYear && local.year <= latestYear ? local : null;
  } catch {
    return null;
  }
}

/** What is wrong with a start and the rule that goes on from it, and at which of both; null where nothing is. */
export function scheduleFault(
  start: string,
  timeZone: string,
  repeat: string | null,
): { field: 'start' | 'repeat'; message: string } | null {
  const local = localTimeOf(start);
  if (!local)
    return { field: 'start', message: `must be a time that there is, in a year from ${earliestYear} to ${latestYear}` };
  if (repeat === null) return null;
  const { rule, fault } = readRule(repeat);
  if (!rule) return { field: 'repeat', message: fault };
  const until = isTimeZone(timeZone) ? untilLocal(rule, timeZone) : null;
  if (until && Temporal.PlainDateTime.compare(until, local) < 0)
    return { field: 'repeat', message: `ends (UNTIL=${rule.until}) before the start` };
  return null;
}
