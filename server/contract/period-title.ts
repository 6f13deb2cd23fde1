/** Labels of periods as people read them: the same on screens and in documents. */
import type { CalendarPeriod } from '../domain/period-kind.ts';
import { monthNames } from '../domain/month-names.ts';

/** The kind of period that a label names; null for what is no label. */
export function kindOfLabel(label: string): CalendarPeriod | null {
  const [, year, rest] = /^(\d{4})(?:-(W\d\d|Q[1-4]|\d\d))?$/.exec(label) ?? [];
  if (year === undefined) return null;
  if (rest === undefined) return 'year';
  return rest.startsWith('W') ? 'week' : rest.startsWith('Q') ? 'quarter' : 'month';
}

/** `October 2026`, `Week 41 of 2026`, `Quarter 4 of 2026`, `2026`, `The last 30 days`, `2026-10-01 to 2026-10-30`. */
export function periodTitle(label: string): string {
  const [, days] = /^rolling-(\d+)d$/.exec(label) ?? [];
  if (days !== undefined) return days === '1' ? 'The last day' : `The last ${days} days`;
  const [, first, end] = /^(\d{4}-\d\d-\d\d)\/(\d{4}-\d\d-\d\d)$/.exec(label) ?? [];
  if (first !== undefined) return first === end ? first : `${first} to ${end}`;
  const kind = kindOfLabel(label);
  if (kind === null) return 'A span of its own';
  const [year = '', rest = ''] = label.split('-');
  if (kind === 'year') return year;
  if (kind === 'month') return `${monthNames[Number(rest) - 1] ?? rest} ${year}`;
  return `${kind === 'week' ? 'Week' : 'Quarter'} ${Number(rest.slice(1))} of ${year}`;
}

/** `Oct`, and in January `Jan 26`; of days the last, `10-30`; of other periods the rest of the label. */
export function shortPeriod(label: string): string {
  if (label.includes('/')) return label.slice(-5);
  const [year = '', rest] = label.split('-');
  if (rest === undefined) return year;
  if (!/^\d\d$/.test(rest)) return rest;
  const month = (monthNames[Number(rest) - 1] ?? rest).slice(0, 3);
  return rest === '01' ? `${month} ${year.slice(2)}` : month;
}
