/** Days as columns of a strip: what each is made of, and how it is told. */
import type { ServiceState } from '../../server/contract/live.ts';
import type { DayFiguresView } from '../../server/contract/probing.ts';
import { lengthText } from './time-text.ts';

export interface DayPart {
  state: ServiceState;
  /** Of the height of the column, 0 to 1. */
  share: number;
}

/** Bottom to top: what hurts stands on the ground, so that days can be compared. */
const order = ['down', 'degraded', 'unknown', 'unmonitored', 'up'] as const satisfies readonly ServiceState[];
/** An outage of a second is seen too. */
const leastShare = 0.14;

/** The states of a day by their share of the time that is over; down and degraded never too small to be seen. */
export function dayParts(day: DayFiguresView): DayPart[] {
  const total = order.reduce((sum, state) => sum + day[`${state}Ms`], 0);
  if (total === 0) return [];
  const parts = order
    .filter((state) => day[`${state}Ms`] > 0)
    .map((state) => {
      const share = day[`${state}Ms`] / total;
      return { state, share: state === 'down' || state === 'degraded' ? Math.max(leastShare, share) : share };
    });
  const sum = parts.reduce((all, { share }) => all + share, 0);
  return parts.map(({ state, share }) => ({ state, share: share / sum }));
}

const weekdays = new Intl.DateTimeFormat('en-GB', { weekday: 'short', timeZone: 'UTC' });

/** `Sun 2026-03-29` */
export const dateText = (date: string): string => `${weekdays.format(new Date(`${date}T12:00:00Z`))} ${date}`;

/** Shorter times would read as `0 s`. */
const told = 1_000;

/** The figures of a day in words, the uptime first. */
export function dayWords(day: DayFiguresView): string[] {
  const words = [day.uptime ? `${day.uptime.text} up` : 'no data: nothing was measured'];
  if (day.outages > 0)
    words.push(`${day.outages === 1 ? '1 outage' : `${day.outages} outages`}, ${lengthText(day.downMs)} down`);
  if (day.degradedMs >= told) words.push(`${lengthText(day.degradedMs)} degraded`);
  if (day.unknownMs >= told) words.push(`${lengthText(day.unknownMs)} unknown`);
  if (day.unmonitoredMs >= told && day.uptime) words.push(`${lengthText(day.unmonitoredMs)} unmonitored`);
  return words;
}
