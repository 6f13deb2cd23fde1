/** The ledger as a spreadsheet: texts as texts, whatever they begin with, and amounts as numbers. */
import writeXlsxFile from 'write-excel-file/node';
import type { Consequence } from '../contract/consequences.ts';
import { ledgerColumns } from './ledger-table.ts';

const widths: Readonly<Record<string, number>> = { title: 28, promise: 24, what: 40, why: 44, done: 40, reason: 40 };
const usualWidth = 16;

/** An XLSX file with one sheet. */
export function ledgerXlsx(entries: readonly Consequence[]): Promise<Buffer> {
  const head = ledgerColumns.map(({ title }) => ({ value: title, type: String, fontWeight: 'bold' as const }));
  const rows = entries.map((entry) =>
    ledgerColumns.map(({ cell, isAmount }) => {
      const value = cell(entry);
      if (value === null || value === undefined || value === '') return null;
      if (isAmount) return { value: Number(value), type: Number, format: '0.00' };
      return typeof value === 'number' ? { value, type: Number } : { value, type: String };
    }),
  );
  return writeXlsxFile([head, ...rows], {
    sheet: 'Consequences',
    stickyRowsCount: 1,
    columns: ledgerColumns.map(({ title }) => ({ width: widths[title] ?? usualWidth })),
  }).toBuffer();
}
