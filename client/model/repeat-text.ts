/** Maintenance in plain words: `every Sunday at 02:00 for 2 h, Europe/Berlin`. */
import { dateText } from './day-strip.ts';
import { dayName, daysText } from './opening-text.ts';
import { type Repeat, repeatOf } from './repeat-rule.ts';
import { lengthText } from './time-text.ts';

export interface Recurrence {
  /** Local, `2026-03-01T02:00`. */
  readonly start: string;
  readonly timeZone: string;
  readonly durationMs: number;
  readonly repeat?: string | null | undefined;
  /** Dates on which it does not take place. */
  readonly except?: readonly string[] | undefined;
}

const ordinals: Readonly<Record<number, string>> = { 1: 'first', 2: 'second', 3: 'third', 4: 'fourth', [-1]: 'last' };
export const ordinalText = (nth: number): string => ordinals[nth] ?? String(nth);

const months = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' });
const every = (count: number, unit: string): string => (count === 1 ? `every ${unit}` : `every ${count} ${unit}s`);

/** `every Sunday`, `on the last day of every month`; of what happens once its date. */
export function repeatText(repeat: Repeat, start: string): string {
  const { kind, every: count, days, monthDay, nth, day, rule } = repeat;
  switch (kind) {
    case 'once':
      return `once on ${dateText(start.slice(0, 10))}`;
    case 'daily':
      return every(count, 'day');
    case 'weekly':
      return weeklyText(count, days);
    case 'month-day': {
      const place = monthDay === -1 ? 'the last day' : `day ${monthDay}`;
      return `on ${place} of ${every(count, 'month')}`;
    }
    case 'month-weekday':
      return `on the ${ordinalText(nth)} ${dayName(day)} of ${every(count, 'month')}`;
    case 'yearly':
      return `${every(count, 'year')} on ${months.format(new Date(`${start.slice(0, 10)}T12:00:00Z`))}`;
    default:
      return `by the rule ${rule}`;
  }
}

function weeklyText(count: number, days: Repeat['days']): string {
  if (days.length === 7 && count === 1) return 'every day';
  if (days.length < 3 && count === 1) return `every ${days.map(dayName).join(' and ')}`;
  const named = days.length < 3 ? days.map(dayName).join(' and ') : daysText(days);
  return `${every(count, 'week')} on ${named}`;
}

function endText({ until, count }: Repeat): string {
  if (until !== null) return `, until ${dateText(until)}`;
  if (count === null) return '';
  return count === 1 ? ', one time' : `, ${count} times`;
}

/** The whole of it in one sentence part, without a capital and without a full stop. */
export function recurrenceText({ start, timeZone, durationMs, repeat, except = [] }: Recurrence): string {
  const parts = repeatOf(repeat, start, timeZone);
  const left =
    except.length === 0 ? '' : `, left out on ${except.length === 1 ? dateText(except[0]!) : `${except.length} dates`}`;
  const time = start.slice(11, 16);
  return `${repeatText(parts, start)} at ${time} for ${lengthText(durationMs)}, ${timeZone}${endText(parts)}${left}`;
}
