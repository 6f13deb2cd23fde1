/** Frozen reports in words, as a screen says them. */
import type { ReportChain, ReportIncident } from '../../server/contract/reports.ts';
import { instantText } from './time-text.ts';

/** Enough of a hash to tell reports apart by eye. */
export const shortHash = (hash: string): string => hash.slice(0, 12);

/** The answer of a check of the chain: whether it holds, in a sentence. */
export function chainText({ holds, checked, broken }: ReportChain): string {
  if (broken)
    return `The chain is broken at the report of ${broken.period}, revision ${broken.revision}: ${broken.why}.`;
  if (checked === 0) return 'There is no report yet.';
  const what = checked === 1 ? 'The one report says' : `All ${checked} reports say`;
  return holds ? `${what} what was frozen, and none is gone.` : 'The chain is broken.';
}

/** When an incident was answered and resolved. */
export function courseText({ respondedAt, resolvedAt }: ReportIncident, zone: string): string {
  const answered = respondedAt ? `answered ${instantText(respondedAt, zone)}` : 'not answered';
  const resolved = resolvedAt
    ? `resolved ${instantText(resolvedAt, zone)}`
    : 'not resolved when the period had settled';
  return `${answered}, ${resolved}`;
}

export interface ReportFile {
  readonly title: string;
  readonly href: string;
}

/** The files of a revision of a report. */
export function reportFiles(agreement: string, period: string, revision: number): ReportFile[] {
  const path = `/api/v1/agreements/${encodeURIComponent(agreement)}/reports/${encodeURIComponent(period)}`;
  const query = `?revision=${revision}`;
  return [
    { title: 'PDF', href: `${path}/report.pdf${query}` },
    { title: 'Workbook (XLSX)', href: `${path}/report.xlsx${query}` },
    { title: 'CSV of the figures', href: `${path}/figures.csv${query}` },
    { title: 'CSV of every interval', href: `${path}/intervals.csv${query}` },
    { title: 'Markdown', href: `${path}/report.md${query}` },
    { title: 'JSON', href: `${path}${query}` },
  ];
}
