export interface Figure {
  name: string;
  measured: number | string;
  unit: string;
  /** As the design has it; empty where it has none. */
  reach: string;
}

/** The value below which the share `q` of the values lies; NaN without values. */
export function quantile(values: Iterable<number>, q: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

export function printTable(figures: readonly Figure[]): void {
  const rows = [['figure', 'measured', 'to reach'], ...figures.map(toRow)];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  for (const row of rows) console.log(row.map((cell, column) => cell.padEnd(widths[column]!)).join('  '));
}

const toRow = ({ name, measured, unit, reach }: Figure): string[] => [
  name,
  `${typeof measured === 'number' ? Number(measured.toPrecision(3)) : measured} ${unit}`.trim(),
  reach,
];
