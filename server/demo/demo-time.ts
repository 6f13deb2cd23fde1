/** Days of the demo, counted back from the day on which it is loaded. */
import { Temporal } from 'temporal-polyfill';
import { dateAt, instantOf, startOfDayMs } from '../domain/local-time.ts';

export const demoZone = 'Europe/Berlin';
/** Whole months of history before the running one. */
export const demoMonths = 13;

export class DemoTime {
  readonly nowMs: number;
  readonly today: Temporal.PlainDate;
  /** The first day of the history. */
  readonly first: Temporal.PlainDate;
  /** All days from the first until today. */
  readonly days: readonly Temporal.PlainDate[];

  constructor(nowMs: number) {
    this.nowMs = Math.floor(nowMs / 1_000) * 1_000;
    this.today = dateAt(this.nowMs, demoZone);
    this.first = this.month(demoMonths);
    const { days: count } = this.first.until(this.today, { largestUnit: 'days' });
    this.days = Array.from({ length: count + 1 }, (_, place) => this.first.add({ days: place }));
  }

  get fromMs(): number {
    return startOfDayMs(this.first, demoZone);
  }

  /** The first day of a month so many months ago; negative: to come. */
  month(ago: number): Temporal.PlainDate {
    return this.today.with({ day: 1 }).subtract({ months: ago });
  }

  /** The n-th working day of a month, from 1. */
  workday(monthsAgo: number, place: number): Temporal.PlainDate {
    let day = this.month(monthsAgo);
    for (let left = place; ; day = day.add({ days: 1 })) {
      if (day.dayOfWeek <= 5) left -= 1;
      if (left === 0) return day;
    }
  }

  /** When clocks in Berlin show a time of a day. */
  at(day: Temporal.PlainDate, time: string): number {
    return instantOf(day.toPlainDateTime(Temporal.PlainTime.from(time)), demoZone);
  }

  /** Instants at which the clocks were changed. */
  clockChanges(): number[] {
    const changes: number[] = [];
    let at: Temporal.ZonedDateTime | null = Temporal.Instant.fromEpochMilliseconds(this.fromMs).toZonedDateTimeISO(
      demoZone,
    );
    while ((at = at.getTimeZoneTransition('next')) && at.epochMilliseconds < this.nowMs)
      changes.push(at.epochMilliseconds);
    return changes;
  }
}
