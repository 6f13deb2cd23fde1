/** What rows of a file mean, each by itself: pure. */
import { reasons, verdicts, type Reason } from '../../../probes/contract.ts';
import { importColumns, type ImportKind } from '../../contract/history-imports.ts';
import { metricNumberSchema } from '../../contract/metrics.ts';
import { nearMiss } from '../../contract/suggestion.ts';
import { decimalOf, microsOf } from '../../domain/decimal.ts';
import { serviceStates } from '../../domain/service-state.ts';
import { readTime } from '../../domain/time-reader.ts';
import type { HeadCheck, TableFault, TableRecord } from '../../domain/table-reader.ts';

/** A row that is right by itself. */
export interface ReadRow {
  readonly row: number;
  /** What it is of, in one word: the service, the metric, or probe and location as `payroll.login@hq`. */
  readonly subject: string;
  readonly atMs: number;
  readonly toMs: number | null;
  /** Of the state or the verdict; null of values. */
  readonly code: number | null;
  /** Null where the other system does not say. */
  readonly reason: number | null;
  /** The value, or the latency in microseconds; exact. */
  readonly amount: string | null;
}

/** What rows are of that do not say it, and the zone of their times. */
export interface RowSettings {
  readonly service?: string | undefined;
  readonly probe?: string | undefined;
  readonly location?: string | undefined;
  readonly metric?: string | undefined;
  readonly timeZone?: string | undefined;
}

type Cells = TableRecord['cells'];
type Report = (column: string, message: string) => void;
type CellFault = Omit<TableFault, 'row'>;

/** Columns that are missing, unknown or there twice. */
export function headCheck(kind: ImportKind, settings: RowSettings): HeadCheck {
  const { subject, needed, others } = importColumns[kind];
  const known: readonly string[] = [...subject, ...needed, ...others];
  const main = subject[0] as keyof RowSettings;
  const wanted: readonly string[] = settings[main] === undefined ? [main, ...needed] : needed;
  return (names) => {
    const faults: CellFault[] = [];
    for (const [place, name] of names.entries()) {
      if (!known.includes(name))
        faults.push({ column: name, message: `is no column of ${kind}${nearMiss(name, known)}` });
      else if (names.indexOf(name) !== place) faults.push({ column: name, message: 'is there twice' });
    }
    for (const name of wanted) if (!names.includes(name)) faults.push({ column: name, message: 'is missing' });
    return faults;
  };
}

/** Reads rows of a kind; `nowMs` bounds what can have happened. */
export function rowReader(kind: ImportKind, settings: RowSettings, nowMs: number) {
  const read = { timeline: timelineRow, observations: observationRow, metrics: metricRow }[kind];
  return ({ row, cells }: TableRecord): ReadRow | TableFault[] => {
    const faults: TableFault[] = [];
    const report: Report = (column, message) => void faults.push({ row, column, message });
    const found = read(cells, { settings, nowMs, report });
    return faults.length > 0 ? faults : { row, ...found };
  };
}

interface Reading {
  readonly settings: RowSettings;
  readonly nowMs: number;
  readonly report: Report;
}
type Found = Omit<ReadRow, 'row'>;

function timelineRow(cells: Cells, reading: Reading): Found {
  const [atMs, toMs] = [instant(cells, 'from', reading), instant(cells, 'to', reading)];
  if (toMs <= atMs) reading.report('to', 'must be after from');
  if (toMs > reading.nowMs) reading.report('to', 'must not lie in the future');
  const code = choice(cells, 'state', serviceStates, reading);
  return {
    subject: subjectOf(cells, 'service', reading),
    atMs,
    toMs,
    code,
    reason: reasonOf(cells, reading),
    amount: null,
  };
}

function observationRow(cells: Cells, reading: Reading): Found {
  const { settings } = reading;
  const atMs = past(cells, 'at', reading);
  const code = choice(cells, 'verdict', verdicts, reading);
  const location = cells['location'] || settings.location || '';
  const subject = `${subjectOf(cells, 'probe', reading)}@${location}`;
  return { subject, atMs, toMs: null, code, reason: reasonOf(cells, reading), amount: latencyUs(cells, reading) };
}

function metricRow(cells: Cells, reading: Reading): Found {
  const atMs = past(cells, 'at', reading);
  const value = metricNumberSchema.safeParse(cells['value'] ?? '');
  if (!value.success) reading.report('value', value.error.issues[0]!.message);
  const amount = value.success ? decimalOf(microsOf(value.data)) : null;
  return { subject: subjectOf(cells, 'metric', reading), atMs, toMs: null, code: null, reason: null, amount };
}

function subjectOf(cells: Cells, name: 'service' | 'probe' | 'metric', { settings, report }: Reading): string {
  const found = cells[name] || settings[name] || '';
  if (found === '') report(name, 'must not be empty');
  return found;
}

function choice(cells: Cells, name: string, words: readonly string[], { report }: Reading): number {
  const word = cells[name] ?? '';
  const code = words.indexOf(word);
  if (code < 0) report(name, word === '' ? 'must not be empty' : `must be ${words.join(', ')}${nearMiss(word, words)}`);
  return code;
}

function reasonOf(cells: Cells, { report }: Reading): number | null {
  const word = cells['reason'];
  if (!word) return null;
  if (Object.hasOwn(reasons, word)) return reasons[word as Reason].code;
  report('reason', `is none that Troth knows${nearMiss(word, Object.keys(reasons))}`);
  return null;
}

/** Longer than any probe may take. */
const longestLatencyMs = 300_000;

function latencyUs(cells: Cells, { report }: Reading): string | null {
  const text = cells['latencyMs'];
  if (!text) return null;
  const latencyMs = /^\d{1,6}(\.\d{1,6})?$/.test(text) ? Number(text) : NaN;
  if (latencyMs <= longestLatencyMs) return String(Math.round(latencyMs * 1_000));
  report('latencyMs', 'must be milliseconds from 0 to 300000, such as 12.5');
  return null;
}

function past(cells: Cells, name: string, reading: Reading): number {
  const atMs = instant(cells, name, reading);
  if (atMs > reading.nowMs) reading.report(name, 'must not lie in the future');
  return atMs;
}

/** What is older is a slip of the pen. */
const firstMs = Date.UTC(2000, 0, 1);

function instant(cells: Cells, name: string, { settings: { timeZone }, report }: Reading): number {
  const text = cells[name] ?? '';
  const found = readTime(text, timeZone);
  if (typeof found === 'number' && found >= firstMs) return found;
  if (text === '') report(name, 'must not be empty');
  else if (typeof found === 'number') report(name, 'must not lie before the year 2000');
  else if (found === 'no zone')
    report(name, 'has no zone: write it such as 2025-03-01T08:00:00Z, or choose a zone for the file');
  else report(name, 'must be a time such as 2025-03-01T08:00:00Z');
  return NaN;
}
