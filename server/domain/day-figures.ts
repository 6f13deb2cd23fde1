/** What a service was, day by day of a zone; and its uptime over any time. */
import { dateAt, startOfDayMs } from './local-time.ts';
import type { ServiceState } from './service-state.ts';
import type { Interval } from './timeline.ts';

/** A calendar day of a zone: 23, 24 or 25 hours where the clocks change. */
export interface LocalDay {
  /** `2026-03-29` */
  date: string;
  fromMs: number;
  toMs: number;
}

export interface StateLengths {
  upMs: number;
  degradedMs: number;
  downMs: number;
  unknownMs: number;
  /** Paused, nothing to measure, or before the first measurement. */
  unmonitoredMs: number;
}

export interface DayFigures extends LocalDay, StateLengths {
  /** Outages that touched the day; one that lasted over midnight counts in both. */
  outages: number;
}

/** The days that [fromMs, toMs) touches, whole. A day that a zone left out of its calendar is no day. */
export function localDays(fromMs: number, toMs: number, zone: string): LocalDay[] {
  const days: LocalDay[] = [];
  let date = dateAt(fromMs, zone);
  let startMs = startOfDayMs(date, zone);
  while (startMs < toMs) {
    const next = date.add({ days: 1 });
    const endMs = startOfDayMs(next, zone);
    if (endMs > startMs) days.push({ date: date.toString(), fromMs: startMs, toMs: endMs });
    date = next;
    startMs = endMs;
  }
  return days;
}

/** Milliseconds of [fromMs, toMs) by state; what the timeline says nothing of is unmonitored. They sum to its length. */
export function stateLengths(timeline: Iterable<Interval<ServiceState>>, fromMs: number, toMs: number): StateLengths {
  const lengths = { upMs: 0, degradedMs: 0, downMs: 0, unknownMs: 0, unmonitoredMs: 0 };
  let told = 0;
  for (const { state, fromMs: from, toMs: to } of timeline) {
    const length = Math.max(0, Math.min(to ?? toMs, toMs) - Math.max(from, fromMs));
    lengths[`${state}Ms`] += length;
    told += length;
  }
  lengths.unmonitoredMs += toMs - fromMs - told;
  return lengths;
}

/**
 * The figures of days from a timeline, both sorted; of each day only what is before `untilMs`, the present. Days that
 * have not begun are left out.
 */
export function dayFigures(
  timeline: readonly Interval<ServiceState>[],
  days: readonly LocalDay[],
  untilMs: number,
): DayFigures[] {
  let first = 0;
  return days
    .filter(({ fromMs }) => fromMs < untilMs)
    .map((day) => {
      const endMs = Math.min(day.toMs, untilMs);
      while (first < timeline.length && (timeline[first]!.toMs ?? Infinity) <= day.fromMs) first += 1;
      let end = first;
      while (end < timeline.length && timeline[end]!.fromMs < endMs) end += 1;
      const its = timeline.slice(first, end);
      const outages = its.filter(({ state }) => state === 'down').length;
      return { ...day, ...stateLengths(its, day.fromMs, endMs), outages };
    });
}

/** Up or degraded over the time that was measured; null where nothing was. Unknown and unmonitored are neither. */
export function uptimeOf({
  upMs,
  degradedMs,
  downMs,
}: StateLengths): { numerator: number; denominator: number } | null {
  const numerator = upMs + degradedMs;
  const denominator = numerator + downMs;
  return denominator === 0 ? null : { numerator, denominator };
}
