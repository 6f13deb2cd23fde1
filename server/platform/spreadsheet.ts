/** Workbooks (XLSX) that a spreadsheet shows as they are: no text in them is ever run as a formula. */
import { Temporal } from 'temporal-polyfill';

/** A text, a number, an amount of money, or an instant as the wall clock of a zone shows it; null: an empty cell. */
export type SheetCell = string | number | { amount: number } | { at: string; zone: string } | null;

export interface WorkSheet {
  /** At most 31 letters. */
  name: string;
  head: readonly string[];
  rows: readonly (readonly SheetCell[])[];
}

/** What a cell can hold. */
const mostLetters = 32_767;
const amountFormat = '0.00';
const timeFormat = 'yyyy-mm-dd hh:mm:ss';
/** Letters; a column is as wide as what is in it, within these. */
const widths = { least: 9, most: 60 };

/** The bytes of a workbook: each sheet with a head that stays in sight. */
export async function xlsxOf(sheets: readonly WorkSheet[]): Promise<Buffer> {
  // Loaded when first needed: most processes write none.
  const { default: writeXlsx } = await import('write-excel-file/node');
  const written = sheets.map(({ name, head, rows }) => ({
    sheet: name,
    data: [head.map((text) => ({ value: text, type: String, fontWeight: 'bold' as const })), ...rows.map(rowOf)],
    columns: head.map((text, column) => ({ width: widthOf([text, ...rows.map((row) => row[column] ?? null)]) })),
    stickyRowsCount: 1,
  }));
  return writeXlsx(written).toBuffer();
}

const rowOf = (row: readonly SheetCell[]) => row.map(cellOf);

function cellOf(cell: SheetCell) {
  if (cell === null || cell === '') return null;
  if (typeof cell === 'number') return { value: cell, type: Number };
  if (typeof cell === 'string') return { value: cell.slice(0, mostLetters), type: String };
  if ('amount' in cell) return { value: cell.amount, type: Number, format: amountFormat };
  const local = Temporal.Instant.from(cell.at).toZonedDateTimeISO(cell.zone).toPlainDateTime();
  // A cell knows no zone: what it shows is taken for UTC.
  return { value: new Date(`${local.toString({ smallestUnit: 'second' })}Z`), type: Date, format: timeFormat };
}

function widthOf(cells: readonly SheetCell[]): number {
  const lengths = cells.map((cell) =>
    typeof cell === 'object' ? (cell ? timeFormat.length : 0) : String(cell).length,
  );
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  return Math.min(widths.most, Math.max(widths.least, longest + 2));
}
