/** Values of a metric as they are pasted from a spreadsheet: a time or a period and a number a line. */
import type { MetricPeriod } from '../../server/contract/metrics.ts';
import { exactInstant } from './exact-time.ts';

export interface PastedValue {
  readonly line: number;
  readonly at: string;
  readonly value: string;
}
export interface PasteFault {
  readonly line: number;
  readonly message: string;
}

const numberPattern = /^-?\d{1,15}(\.\d{1,6})?$/;
const exactPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/i;

/** Lines of `2026-07; 118`, `July 2026<tab>118` or `2026-07-31 17:00, 118`; empty ones are none. */
export function readPaste(
  text: string,
  periods: readonly Pick<MetricPeriod, 'label' | 'title' | 'at'>[],
  zone: string,
): { values: PastedValue[]; faults: PasteFault[] } {
  const values: PastedValue[] = [];
  const faults: PasteFault[] = [];
  for (const [index, given] of text.split(/\r\n|\n|\r/).entries()) {
    const line = index + 1;
    if (given.trim() === '') continue;
    const [when, number] = partsOf(given);
    const at = instantOf(when, periods, zone);
    if (at === '') faults.push({ line, message: `“${when}” is no time, and no period that is asked for` });
    else if (!numberPattern.test(number)) faults.push({ line, message: `“${number}” is no number such as 118 or 4.5` });
    else if (values.some((value) => value.at === at))
      faults.push({ line, message: 'is of the same time as a line before' });
    else values.push({ line, at, value: number });
  }
  return { values, faults };
}

/** What stands before the last separator, and behind it; a decimal comma is one where no comma separates. */
function partsOf(given: string): [when: string, number: string] {
  const separator = given.includes('\t') ? '\t' : given.includes(';') ? ';' : ',';
  const at = given.lastIndexOf(separator);
  if (at < 0) return [given.trim(), ''];
  const number = given.slice(at + 1).trim();
  return [given.slice(0, at).trim(), separator === ',' ? number : number.replace(',', '.')];
}

function instantOf(
  when: string,
  periods: readonly Pick<MetricPeriod, 'label' | 'title' | 'at'>[],
  zone: string,
): string {
  const meant = when.toLowerCase();
  const period = periods.find(({ label, title }) => label.toLowerCase() === meant || title.toLowerCase() === meant);
  if (period) return period.at;
  const time = when.replace(' ', 'T');
  if (exactPattern.test(time)) {
    const atMs = Date.parse(time);
    return Number.isNaN(atMs) ? '' : new Date(atMs).toISOString();
  }
  return exactInstant(/^\d{4}-\d\d-\d\d$/.test(time) ? `${time}T00:00` : time, zone);
}
