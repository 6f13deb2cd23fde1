/** Tables as CSV (RFC 4180) that a spreadsheet shows as it is, and never runs. */

/** A text, or a number, which is none that could be run. */
export type CsvCell = string | number;

/** What a spreadsheet would take for a formula is led by an apostrophe. */
const harmless = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

function field(cell: CsvCell): string {
  const safe = typeof cell === 'number' ? String(cell) : harmless(cell);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A head and rows of cells. */
export const csvText = (head: readonly string[], rows: readonly (readonly CsvCell[])[]): string =>
  [head, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
