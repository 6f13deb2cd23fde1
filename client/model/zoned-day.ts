/** Days as people name them, as instants of their zone. */
import { zoneOffsetMs } from './time-text.ts';

/** When a day such as `2026-03-29` begins in a zone, ISO; undefined for any other text. */
export function dayStart(day: string, zone: string): string | undefined {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? [];
  if (year === undefined) return undefined;
  const wall = Date.UTC(Number(year), Number(month) - 1, Number(date));
  // The offset may change during the very night: it is looked up at the instant that the first guess leads to.
  const guess = wall - zoneOffsetMs(wall, zone);
  return new Date(wall - zoneOffsetMs(guess, zone)).toISOString();
}

/** The day after. */
export function nextDay(day: string): string {
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(at) ? '' : new Date(at + 86_400_000).toISOString().slice(0, 10);
}
