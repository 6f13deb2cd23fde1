/** Weeks of shifts as they are drawn: seven days beside each other, each as wide as the other. Pure. */
import type { OnCallShift } from '../../server/contract/on-call.ts';
import { dayStart, nextDay } from './zoned-day.ts';

export interface ShiftDay {
  /** `2026-11-23`, in the zone in which the weeks are drawn. */
  readonly date: string;
  readonly fromMs: number;
  readonly toMs: number;
}
export interface ShiftWeek {
  readonly days: readonly ShiftDay[];
  readonly fromMs: number;
  readonly toMs: number;
}
/** A shift in a week: where it is drawn, in hundredths of the week. */
export interface ShiftBar {
  readonly shift: OnCallShift;
  readonly left: number;
  readonly width: number;
}

/** The Monday on or before a date. */
export function mondayOf(date: string): string {
  const at = new Date(`${date}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() - ((at.getUTCDay() + 6) % 7));
  return at.toISOString().slice(0, 10);
}

/** So many days later, or earlier. */
export const daysAfter = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** So many weeks from a Monday on, by the clocks of a zone. */
export function weeksFrom(monday: string, count: number, zone: string): ShiftWeek[] {
  const startMs = (date: string): number => Date.parse(dayStart(date, zone)!);
  return Array.from({ length: count }, (_, week) => {
    const first = daysAfter(monday, week * 7);
    const days = Array.from({ length: 7 }, (__, day) => {
      const date = daysAfter(first, day);
      return { date, fromMs: startMs(date), toMs: startMs(nextDay(date)) };
    });
    return { days, fromMs: days[0]!.fromMs, toMs: days[6]!.toMs };
  });
}

/** Where an instant is drawn in a week, in hundredths of it; days are as wide as each other, whatever the clocks do. */
export function placeIn({ days }: ShiftWeek, atMs: number): number {
  const index = days.findIndex(({ toMs }) => atMs < toMs);
  if (index === -1) return 100;
  const { fromMs, toMs } = days[index]!;
  return ((index + Math.max(0, atMs - fromMs) / (toMs - fromMs)) / 7) * 100;
}

/** The shifts that touch a week. */
export function barsIn(week: ShiftWeek, shifts: readonly OnCallShift[]): ShiftBar[] {
  return shifts.flatMap((shift) => {
    const [fromMs, toMs] = [Math.max(Date.parse(shift.from), week.fromMs), Math.min(Date.parse(shift.to), week.toMs)];
    if (fromMs >= toMs) return [];
    const left = placeIn(week, fromMs);
    return [{ shift, left, width: placeIn(week, toMs) - left }];
  });
}

/** How many looks there are to tell people apart by, beside their names. */
const looks = 6;
/** The look of each person, in the order in which they first appear; those beyond share. */
export function looksOf(shifts: readonly OnCallShift[]): Map<string, number> {
  const names = [...new Set(shifts.flatMap(({ member }) => (member === null ? [] : [member])))];
  return new Map(names.map((name, at) => [name, (at % looks) + 1]));
}
