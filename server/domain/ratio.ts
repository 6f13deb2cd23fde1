/** Exact ratios of whole numbers, as text that never flatters. */

const decimals = 6;
const scale = 10n ** BigInt(decimals);

/** A share of non-negative whole numbers with six decimals, rounded down: `0.999999`; null of nothing. */
export function shareText(part: number, whole: number): string | null {
  if (whole <= 0) return null;
  const scaled = (BigInt(part) * scale) / BigInt(whole);
  return `${scaled / scale}.${String(scaled % scale).padStart(decimals, '0')}`;
}
