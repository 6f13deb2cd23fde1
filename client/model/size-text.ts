/** Sizes, counts and shares as people read them. */

const steps = [
  { unit: 'TB', bytes: 1e12 },
  { unit: 'GB', bytes: 1e9 },
  { unit: 'MB', bytes: 1e6 },
  { unit: 'kB', bytes: 1e3 },
] as const;

/** `812 B`, `4.2 kB`, `37 MB`: two digits where one would say too little. */
export function bytesText(bytes: number): string {
  const amount = Math.abs(bytes);
  const step = steps.find((candidate) => amount >= candidate.bytes);
  if (!step) return `${bytes} B`;
  const value = bytes / step.bytes;
  return `${Math.abs(value) < 10 ? value.toFixed(1) : Math.round(value)} ${step.unit}`;
}

const grouped = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

/** `12 345` with a narrow space, so that no comma is taken for a decimal point. */
export const countText = (count: number): string => grouped.format(count).replaceAll(',', '\u202f');

/** `1 service`, `12 services`. */
export const countOf = (count: number, one: string, many = `${one}s`): string =>
  `${countText(count)} ${count === 1 ? one : many}`;

/** A share of something as a percentage; what is not nothing never reads as 0 %. */
export function percentOf(part: number, whole: number): string {
  if (whole <= 0 || part <= 0) return '0 %';
  const percent = (100 * part) / whole;
  if (percent < 0.1) return '< 0.1 %';
  return `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}
