/** For how long an agreement holds, where it ends or goes on by itself: local days, pure. */
import { Temporal } from 'temporal-polyfill';
import { endUrgencies, warningDays, type EndUrgency } from './end-urgency.ts';

export interface AgreementTerm {
  readonly from: string;
  /** The first day on which it no longer holds, or of what renews the end of its first term; null without an end. */
  readonly to: string | null;
  readonly atEnd: 'expires' | 'renews';
  /** So long it goes on each time. */
  readonly months: number;
  /** So long before the end of a term a party says that it does not go on. */
  readonly noticeDays: number;
}

const dayOf = (date: string): Temporal.PlainDate => Temporal.PlainDate.from(date);

/** The first end of a term behind a day; null without an end, and where the only one is past. */
export function termEndAfter({ to, atEnd, months }: AgreementTerm, date: string): string | null {
  if (to === null) return null;
  if (date < to) return to;
  if (atEnd === 'expires') return null;
  // From the first end on, so that ends on the 31st come back to it after a short month.
  const passed = dayOf(to).until(dayOf(date), { largestUnit: 'months' }).months;
  for (let count = Math.floor(passed / months); ; count += 1) {
    const end = dayOf(to)
      .add({ months: count * months })
      .toString();
    if (end > date) return end;
  }
}

/** Whether a term ends on a day, the first on which it no longer holds. */
export const isTermEnd = (term: AgreementTerm, date: string): boolean => termEndAfter(term, dayBefore(date)) === date;

export const dayBefore = (date: string): string => dayOf(date).subtract({ days: 1 }).toString();

/** The last day on which a party says that it does not go on behind an end. */
export const lastNoticeDay = ({ noticeDays }: AgreementTerm, end: string): string =>
  dayOf(end).subtract({ days: noticeDays }).toString();

/** The next end that a party can still say it for; null without an end. */
export function endInReach(term: AgreementTerm, today: string): string | null {
  let end = termEndAfter(term, today);
  while (end !== null && lastNoticeDay(term, end) < today) end = termEndAfter(term, end);
  return end;
}

/** The term that follows an end: as long as the first, in whole months where that was. */
export function nextTerm({ from, to }: AgreementTerm, begins: string): { from: string; to: string | null } {
  if (to === null) return { from: begins, to: null };
  const { months, days } = dayOf(from).until(dayOf(to), { largestUnit: 'months' });
  const length = days === 0 ? { months } : { days: dayOf(from).until(dayOf(to)).days };
  return { from: begins, to: dayOf(begins).add(length).toString() };
}

/** Days from one local date to another. */
export const daysUntil = (today: string, date: string): number => dayOf(today).until(dayOf(date)).days;

/** How near a day is; null while it is far, or past. */
export function urgencyOf(today: string, date: string): EndUrgency | null {
  const days = daysUntil(today, date);
  if (days < 0) return null;
  return endUrgencies.findLast((name) => days <= warningDays[name]) ?? null;
}
