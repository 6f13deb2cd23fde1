/** Wall clocks of IANA zones, across the jumps of daylight saving time. */
import { Temporal } from 'temporal-polyfill';
import type { Span } from './spans.ts';

/** Where the local day of a date begins, epoch ms; mostly midnight, later where the clock jumps over it. */
export const startOfDayMs = (date: Temporal.PlainDate, zone: string): number =>
  date.toZonedDateTime({ timeZone: zone }).startOfDay().epochMilliseconds;

/** Local days from one date until another, `null` without an end, as instants; open at the end as Infinity. */
export const spanOfDays = (from: string, to: string | null, zone: string): Span => ({
  fromMs: startOfDayMs(Temporal.PlainDate.from(from), zone),
  toMs: to === null ? Infinity : startOfDayMs(Temporal.PlainDate.from(to), zone),
});

/** The local date at an instant. */
export const dateAt = (atMs: number, zone: string): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone).toPlainDate();

/** Whether the wall clock jumps nowhere between two instants. */
export function isOffsetSteady(fromMs: number, toMs: number, zone: string): boolean {
  const next = Temporal.Instant.fromEpochMilliseconds(fromMs).toZonedDateTimeISO(zone).getTimeZoneTransition('next');
  return next === null || next.epochMilliseconds >= toMs;
}

/**
 * As `instantOf`, of many times that rise, each given as the epoch ms at which a clock of UTC shows it: arithmetic between
 * the few jumps of the zone.
 */
export function instantsOf(localsMs: readonly number[], zone: string): number[] {
  const [firstMs, lastMs] = [localsMs[0], localsMs.at(-1)];
  if (firstMs === undefined || lastMs === undefined) return [];
  const offsets = offsetsBetween(firstMs - farthestMs, lastMs + farthestMs, zone);
  let at = 0;
  return localsMs.map((localMs) => {
    // The clock has reached the next offset once even the time after its jump is no later than this one.
    while (at + 1 < offsets.length && localMs - offsets[at]!.offsetMs >= offsets[at + 1]!.fromMs) at += 1;
    return Math.max(offsets[at]!.fromMs, localMs - offsets[at]!.offsetMs);
  });
}

/** Further than this no wall clock is from UTC. */
const farthestMs = 86_400_000;

/** Offsets from UTC, each from its instant on, that a zone has in a span. */
function offsetsBetween(fromMs: number, toMs: number, zone: string): { fromMs: number; offsetMs: number }[] {
  let at: Temporal.ZonedDateTime | null = Temporal.Instant.fromEpochMilliseconds(fromMs).toZonedDateTimeISO(zone);
  const offsets: { fromMs: number; offsetMs: number }[] = [];
  while (at && at.epochMilliseconds <= toMs) {
    offsets.push({ fromMs: at.epochMilliseconds, offsetMs: at.offsetNanoseconds / 1e6 });
    at = at.getTimeZoneTransition('next');
  }
  return offsets;
}

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
