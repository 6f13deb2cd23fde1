/** A frozen report as tables for spreadsheets: one row for each promise, or for each interval of each. */
import type { Report } from '../contract/reports.ts';
import { csvText, type CsvCell } from '../domain/csv-text.ts';

const figureHead = [
  'agreement',
  'period',
  'revision',
  'version',
  'objective',
  'title',
  'type',
  'promise',
  'attained_ratio',
  'reached',
  'coverage_ratio',
  'verdict',
  'unproven',
  'agreed_seconds',
  'excluded_seconds',
  'up_seconds',
  'degraded_seconds',
  'down_seconds',
  'unknown_seconds',
  'unmonitored_seconds',
  'bad_seconds',
  'budget_seconds',
  'budget_left_seconds',
  'events',
  'missed_events',
  'sentence',
];

const orEmpty = (cell: CsvCell | null | undefined): CsvCell => cell ?? '';
const isTrue = (value: boolean): string => (value ? 'yes' : 'no');

export function figuresCsv({ agreement, period, revision, content: { parts } }: Report): string {
  const rows = parts.flatMap(({ version, objectives }) =>
    objectives.map(({ result }): CsvCell[] => [
      ...[agreement, period, revision, version, result.key, result.title, result.type, result.promise],
      orEmpty(result.attained?.ratio),
      orEmpty(result.reached),
      orEmpty(result.coverage?.ratio),
      result.verdict,
      isTrue(result.unproven),
      orEmpty(result.seconds?.agreed),
      orEmpty(result.seconds?.excluded),
      orEmpty(result.seconds?.up),
      orEmpty(result.seconds?.degraded),
      orEmpty(result.seconds?.down),
      orEmpty(result.seconds?.unknown),
      orEmpty(result.seconds?.unmonitored),
      orEmpty(result.seconds?.bad),
      orEmpty(result.budget.seconds),
      orEmpty(result.budget.leftSeconds),
      orEmpty(result.events?.total),
      orEmpty(result.events?.bad),
      result.sentence,
    ]),
  );
  return csvText(figureHead, rows);
}

const intervalHead = [
  'objective',
  'version',
  'service',
  'from',
  'to',
  'seconds',
  'class',
  'bad',
  'rule',
  'reason',
  'upstream',
];

export function intervalsCsv({ content: { parts } }: Report): string {
  const rows = parts.flatMap(({ version, objectives }) =>
    objectives.flatMap(({ result: { key }, lines, events }) => [
      ...lines
        .flat()
        .map(({ service, from, to, seconds, class: kind, bad, rule, reason, upstream }): CsvCell[] => [
          ...[key, version, service, from, to, seconds, kind, isTrue(bad), rule],
          orEmpty(reason),
          orEmpty(upstream),
        ]),
      ...events.map(({ from, to, class: kind, bad, what }): CsvCell[] => [
        ...[key, version, '', from, orEmpty(to), '', kind, isTrue(bad > 0), what, '', ''],
      ]),
    ]),
  );
  return csvText(intervalHead, rows);
}
