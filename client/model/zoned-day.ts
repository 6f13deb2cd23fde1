/** Days as people name them, as instants of their zone. */
import { zoneOffsetMs } from './time-text.ts';

/** When a day such as `2026-03-29` begins in a zone, ISO; undefined for any other text. */
export const dayStart = (day: string, zone: string): string | undefined =>
  /^\d{4}-\d\d-\d\d$/.test(day) ? instantIn(`${day}T00:00`, zone) : undefined;

/** The day after. */
export function nextDay(day: string): string {
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(at) ? '' : new Date(at + 86_400_000).toISOString().slice(0, 10);
}

const dates = new Map<string, Intl.DateTimeFormat>();

/** The date of an instant by the clocks of a zone, `2026-03-29`. */
export function dateIn(atMs: number, zone: string): string {
  const format = dates.get(zone) ?? new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
  dates.set(zone, format);
  return format.format(atMs);
}

/** What the clocks of a zone show at an instant, `2026-03-29T14:03`. */
export const localText = (atMs: number, zone: string): string =>
  new Date(atMs + zoneOffsetMs(atMs, zone)).toISOString().slice(0, 16);

/** The instant at which the clocks of a zone show such a text, ISO; undefined for any other text. */
export function instantIn(local: string, zone: string): string | undefined {
  const wall = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(local) ? Date.parse(`${local.slice(0, 16)}Z`) : Number.NaN;
  if (Number.isNaN(wall)) return undefined;
  // The offset may change close by: it is looked up at the instant that the first guess leads to.
  const guess = wall - zoneOffsetMs(wall, zone);
  return new Date(wall - zoneOffsetMs(guess, zone)).toISOString();
}
