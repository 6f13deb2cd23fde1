/** Working days: local days on which a calendar opens at all. */
import { Temporal } from 'temporal-polyfill';
import type { ServiceHours } from './calendar.ts';
import { dateAt, startOfDayMs } from './local-time.ts';

/** A calendar that does not open for so many days says nothing of when people work. */
const farthestDays = 366;

/**
 * The end of the n-th working day after the day of an instant, epoch ms. Without hours, or with some that do not open in
 * a year, those are the days from Monday to Friday.
 */
export function endOfWorkingDay(startMs: number, days: number, zone: string, hours: ServiceHours | null): number {
  const opens = (date: Temporal.PlainDate): boolean =>
    hours!.spans(startOfDayMs(date, zone), startOfDayMs(date.add({ days: 1 }), zone)).length > 0;
  const found = hours === null ? null : nthDay(startMs, days, zone, opens);
  const date = found ?? nthDay(startMs, days, zone, ({ dayOfWeek }) => dayOfWeek <= 5)!;
  return startOfDayMs(date.add({ days: 1 }), zone);
}

/** The n-th day after that of an instant that is one of those; null where they are too far apart. */
function nthDay(
  startMs: number,
  days: number,
  zone: string,
  isOne: (date: Temporal.PlainDate) => boolean,
): Temporal.PlainDate | null {
  let date = dateAt(startMs, zone);
  for (let left = days, gap = 0; gap < farthestDays; gap += 1) {
    date = date.add({ days: 1 });
    if (!isOne(date)) continue;
    [left, gap] = [left - 1, 0];
    if (left === 0) return date;
  }
  return null;
}
