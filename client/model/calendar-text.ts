/** What a calendar says in few words. */
import type { Calendar } from '../../server/contract/calendars.ts';

const countries = new Intl.DisplayNames('en-GB', { type: 'region', fallback: 'code' });

/** `Germany`, `Germany (BE)`; null where it keeps no holidays. */
export const holidaysText = ({ holidays }: Pick<Calendar, 'holidays'>): string | null => {
  if (!holidays) return null;
  const name = countries.of(holidays.country) ?? holidays.country;
  return holidays.region ? `${name} (${holidays.region})` : name;
};
