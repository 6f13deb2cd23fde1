/** Dates as people write them. */
import { Temporal } from 'temporal-polyfill';
import { monthNames } from '../../domain/month-names.ts';

/** `2026-01-09` is `9 January 2026`. */
export function dateWords(date: string): string {
  const { year, month, day } = Temporal.PlainDate.from(date);
  return `${day} ${monthNames[month - 1]} ${year}`;
}

/** The date of an instant in a zone. */
export const dateWordsAt = (at: string, zone: string): string =>
  dateWords(Temporal.Instant.from(at).toZonedDateTimeISO(zone).toPlainDate().toString());

/** The day before: the last on which something holds that ends with `date`. */
export const dayBeforeWords = (date: string): string =>
  dateWords(Temporal.PlainDate.from(date).subtract({ days: 1 }).toString());
