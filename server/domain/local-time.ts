/** Wall clocks of IANA zones, across the jumps of daylight saving time. */
import { Temporal } from 'temporal-polyfill';

/** Whether this platform knows a zone by that name. */
export function isTimeZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
}

/** Where the local day of a date begins, epoch ms; mostly midnight, later where the clock jumps over it. */
export const startOfDayMs = (date: Temporal.PlainDate, zone: string): number =>
  date.toZonedDateTime({ timeZone: zone }).startOfDay().epochMilliseconds;

/** The local date at an instant. */
export const dateAt = (atMs: number, zone: string): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone).toPlainDate();

/**
 * When a wall clock shows a time, epoch ms: of an hour that comes twice the first, and a time that the clock jumps over
 * counts as the end of the jump.
 */
export function instantOf(local: Temporal.PlainDateTime, zone: string): number {
  const earlier = local.toZonedDateTime(zone, { disambiguation: 'earlier' });
  if (earlier.toPlainDateTime().equals(local)) return earlier.epochMilliseconds;
  // The clock jumps over it: what was answered lies shortly before the jump.
  return earlier.getTimeZoneTransition('next')!.epochMilliseconds;
}
