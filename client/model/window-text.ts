/** Windows of maintenance as people read them by the clocks of a zone. */
import type { MaintenanceWindow } from '../../server/contract/maintenance.ts';
import { dateText } from './day-strip.ts';
import { instantText, lengthText, zoneOffsetMs } from './time-text.ts';

interface Local {
  readonly date: string;
  readonly time: string;
  readonly zone: string;
}
function localOf(instant: string, timeZone: string): Local {
  const [date, time, zone] = instantText(instant, timeZone).split(' ') as [string, string, string];
  return { date, time: time.slice(0, 5), zone };
}

export const windowMs = ({ from, to }: MaintenanceWindow): number => Date.parse(to) - Date.parse(from);

/** `Sun 2026-03-01 02:00–04:00 CET`; over midnight or over a change of the clocks both ends are written out. */
export function windowText(window: MaintenanceWindow, timeZone: string): string {
  const [from, to] = [localOf(window.from, timeZone), localOf(window.to, timeZone)];
  const isOneZone = from.zone === to.zone;
  if (isOneZone && from.date === to.date) return `${dateText(from.date)} ${from.time}–${to.time} ${to.zone}`;
  const begin = `${dateText(from.date)} ${from.time}${isOneZone ? '' : ` ${from.zone}`}`;
  const end = from.date === to.date ? to.time : `${dateText(to.date)} ${to.time}`;
  return `${begin} – ${end} ${to.zone}`;
}

/** `UTC+2`, `UTC−3:30` */
function offsetText(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  const rest = minutes % 60;
  return `UTC${ms < 0 ? '−' : '+'}${Math.floor(minutes / 60)}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`;
}

export interface ClockCheck {
  readonly timeZone: string;
  /** The time of the day at which it is meant to begin, `02:00`. */
  readonly time: string;
  readonly before?: MaintenanceWindow | undefined;
  readonly clockNote?: 'skipped' | 'repeated' | null | undefined;
}

/** What the changes of the clocks do to a window: at its begin, during it, and since the one before. */
export function clockNotes(window: MaintenanceWindow, { timeZone, time, before, clockNote }: ClockCheck): string[] {
  const offsetAt = (instant: string): number => zoneOffsetMs(Date.parse(instant), timeZone);
  const [from, to] = [offsetAt(window.from), offsetAt(window.to)];
  const begin = localOf(window.from, timeZone).time;
  const notes: string[] = [];
  if (clockNote === 'skipped') notes.push(`The clocks jump over ${time} on that day: it begins at ${begin}`);
  if (clockNote === 'repeated') notes.push(`${time} comes twice on that day: it begins at the first`);
  if (from !== to) {
    const way = to > from ? 'forward' : 'back';
    notes.push(`The clocks go ${way} during it: it lasts ${lengthText(windowMs(window))} all the same`);
  }
  if (before && offsetAt(before.to) !== from)
    notes.push(`The clocks have changed since the one before: ${offsetText(from)}`);
  return notes;
}
