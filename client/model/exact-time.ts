/** Instants to the millisecond as the clocks of a zone show them: for inputs that must lose nothing. */
import { zoneOffsetMs } from './time-text.ts';

/** `2026-10-06T11:00:00`, with milliseconds where there are any. */
export const exactLocal = (at: string, zone: string): string => {
  const atMs = Date.parse(at);
  return new Date(atMs + zoneOffsetMs(atMs, zone))
    .toISOString()
    .slice(0, -1)
    .replace(/\.000$/, '');
};

/** The instant of such a text, ISO; empty for any other text. Of an hour that comes twice it is one of both. */
export function exactInstant(local: string, zone: string): string {
  const wallMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(local) ? Date.parse(`${local}Z`) : Number.NaN;
  if (Number.isNaN(wallMs)) return '';
  const guessMs = wallMs - zoneOffsetMs(wallMs, zone);
  return new Date(wallMs - zoneOffsetMs(guessMs, zone)).toISOString();
}
