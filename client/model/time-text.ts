/** Times as people read them. Instants are epoch milliseconds or ISO texts, zones IANA names. */
import { instantParts } from '../../server/domain/instant-text.ts';

export { instantText } from '../../server/domain/instant-text.ts';
export { lengthText, shortLengthText } from '../../server/domain/length-text.ts';

/** `14:03:22` */
export function clockText(instant: number | string, zone: string): string {
  const { hour, minute, second } = instantParts(instant, zone);
  return `${hour}:${minute}:${second}`;
}

/** `14:03:22` on the day of `nowMs`, else `11-23 14:03`. */
export function momentText(instant: number | string, zone: string, nowMs: number): string {
  const { month, day, hour, minute, second } = instantParts(instant, zone);
  const today = instantParts(nowMs, zone);
  const isToday = today.month === month && today.day === day;
  return isToday ? `${hour}:${minute}:${second}` : `${month}-${day} ${hour}:${minute}`;
}

/** `14:03` within a day or so, `11-23 14:03` within a week, else `11-23`: the label of a point on an axis. */
export function axisText(instant: number, zone: string, spanMs: number): string {
  const { month, day, hour, minute } = instantParts(instant, zone);
  if (spanMs <= 2 * 86_400_000) return `${hour}:${minute}`;
  return spanMs <= 8 * 86_400_000 ? `${month}-${day} ${hour}:${minute}` : `${month}-${day}`;
}

/** How far a zone's clock is ahead of UTC at an instant, ms. */
export function zoneOffsetMs(instant: number, zone: string): number {
  const { year, month, day, hour, minute, second } = instantParts(instant, zone);
  const local = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  return local - Math.floor(instant / 1_000) * 1_000;
}

/** `0.42 ms`, `4.2 ms`, `123 ms`, `1.23 s`, `12.3 s`; a dash where nothing was measured. */
export function latencyText(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–';
  if (ms < 1) return `${ms.toFixed(2)} ms`;
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  return ms < 9_995 ? `${(ms / 1_000).toFixed(2)} s` : `${(ms / 1_000).toFixed(1)} s`;
}
