/** What is said of dates with hours of their own. */
import type { CalendarImport } from '../../server/contract/calendars.ts';
import { dateText } from './day-strip.ts';
import { openingsText } from './opening-text.ts';

/** `1 date`, `12 dates` */
export const datesText = (count: number): string => (count === 1 ? '1 date' : `${count} dates`);

type Exception = CalendarImport['added'][number];

/** `Thu 2026-12-24: 08:00–12:00, Christmas Eve` */
export const exceptionText = ({ date, hours, name }: Exception): string =>
  [`${dateText(date)}: ${openingsText(hours)}`, name].filter(Boolean).join(', ');
