/** Planned maintenance in few words. */
import { axisText } from './time-text.ts';

const dayMs = 86_400_000;

/** `14:00` of the next day or so, `11-28 14:00` of a later one. */
export const edgeText = (at: string, zone: string, nowMs: number): string => {
  const atMs = Date.parse(at);
  // A time of day alone means the nearest one.
  return axisText(atMs, zone, Math.abs(atMs - nowMs) < dayMs ? dayMs : 7 * dayMs);
};

/** `Maintenance until 14:00` */
export const untilText = (until: string, zone: string, nowMs: number): string =>
  `Maintenance until ${edgeText(until, zone, nowMs)}`;

/** `02:00–04:00`, or with the day where that is not near. */
export const windowText = (window: { from: string; to: string }, zone: string, nowMs: number): string =>
  `${edgeText(window.from, zone, nowMs)}–${edgeText(window.to, zone, nowMs)}`;
