/** Imports of history in words: what a file may hold, where an import is, what it would do. */
import {
  importEndings,
  type HistoryImport,
  type ImportedSubject,
  type ImportFault,
  type ImportKind,
  type ImportState,
} from '../../server/contract/history-imports.ts';
import { bytesText, countOf, countText, percentOf } from './size-text.ts';

export const kindTexts: Readonly<Record<ImportKind, { title: string; hint: string; example: string }>> = {
  timeline: {
    title: 'States of services',
    hint: 'When a service was up, degraded, down or unknown. It counts above what was measured here.',
    example:
      'service,state,from,to\npayroll,up,2025-01-01T00:00:00Z,2025-01-14T09:12:00Z\npayroll,down,2025-01-14T09:12:00Z,2025-01-14T09:40:00Z',
  },
  observations: {
    title: 'Single checks of a probe',
    hint: 'Of the time before Troth itself measured: they count in shares of success and in latency.',
    example:
      'probe,location,at,verdict,latencyMs\npayroll.login,hq,2025-01-14T09:10:00Z,up,120.5\npayroll.login,hq,2025-01-14T09:11:00Z,down,',
  },
  metrics: {
    title: 'Values of metrics',
    hint: 'Numbers that teams owe, such as leads delivered or satisfaction.',
    example: 'metric,at,value\nleads,2025-01-31T17:00:00Z,118\nleads,2025-02-28T17:00:00Z,131',
  },
};

export const importAccept = importEndings.map((ending) => `.${ending}`).join(',');

export const stateTexts: Readonly<Record<ImportState, string>> = {
  receiving: 'On its way',
  checking: 'Being checked',
  faulty: 'Not right',
  checked: 'Waits for your word',
  applying: 'Being taken over',
  applied: 'Taken over',
};

export interface ProgressView {
  readonly text: string;
  readonly done: number;
  readonly all: number;
}

/** How far an import is in what goes on now; null where nothing does. */
export function progressOf(found: HistoryImport, sentBytes = found.receivedBytes): ProgressView | null {
  const { state, bytes, checkedBytes, rows, appliedRows } = found;
  if (state === 'receiving')
    return {
      text: `${bytesText(sentBytes)} of ${bytesText(bytes)} sent, ${percentOf(sentBytes, bytes)}`,
      done: sentBytes,
      all: bytes,
    };
  if (state === 'checking')
    return {
      text: `${countOf(rows, 'row')} read, ${percentOf(checkedBytes, bytes)} of the file`,
      done: checkedBytes,
      all: bytes,
    };
  if (state === 'applying')
    return {
      text: `${countText(appliedRows)} of ${countOf(rows, 'row')} taken over, ${percentOf(appliedRows, rows)}`,
      done: appliedRows,
      all: rows,
    };
  return null;
}

/** `row 40,000, column to`; empty for what is of no row. */
export function placeText({ row, column }: ImportFault): string {
  if (row === null) return '';
  return column === null ? `row ${countText(row)}` : `row ${countText(row)}, column ${column}`;
}

const nouns: Readonly<Record<ImportKind, string>> = {
  timeline: 'imported interval',
  observations: 'observation',
  metrics: 'value',
};

/** What gives way to the rows of one thing. */
export function replacedText(
  kind: ImportKind,
  { rows, replaces, unchanged }: ImportedSubject,
  isDone: boolean,
): string {
  const told = [
    ...(replaces > 0 ? [`${isDone ? 'replaced' : 'replaces'} ${countOf(replaces, nouns[kind])}`] : []),
    ...(unchanged > 0 ? [`${countText(unchanged)} ${unchanged === 1 ? 'is' : 'are'} there already`] : []),
  ];
  return told.join('; ') || (rows > 0 ? (isDone ? 'replaced nothing' : 'replaces nothing') : '');
}

const longestSpanMs = 90 * 86_400_000;

/** Where what was taken over is seen: its end, where it is longer than a page shows. */
export function subjectLink(kind: ImportKind, { key, from, to }: ImportedSubject): string {
  if (kind === 'metrics') return `/metric-values/${key}`;
  const fromMs = Math.max(Date.parse(from), Date.parse(to) - longestSpanMs);
  const query = new URLSearchParams({ from: new Date(Math.min(fromMs, Date.parse(to) - 3_600_000)).toISOString(), to });
  return `/services/${key}?${query}`;
}

/** Why a file cannot be what is missing of an import; empty where it may. */
export function resumeFault(
  { name, bytes }: Pick<HistoryImport, 'name' | 'bytes'>,
  file: Pick<File, 'name' | 'size'>,
): string {
  if (file.name !== name) return `This is ${file.name}; the rest of ${name} is awaited.`;
  return file.size === bytes ? '' : `${name} has another size than when it was begun: it was changed meanwhile.`;
}
