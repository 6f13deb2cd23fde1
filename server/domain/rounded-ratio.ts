/** Ratios of whole numbers as text that never flatters: exact until they are printed, then cut off, never rounded up. */

/** `0.999900`: cut off after six decimals. The denominator is positive. */
export function ratioText(numerator: number, denominator: number): string {
  return decimal((BigInt(numerator) * 1_000_000n) / BigInt(denominator), 6);
}

/** `99.99 %`: cut off after two decimals; `100 %` only where nothing is missing. */
export function percentText(numerator: number, denominator: number): string {
  const text = decimal((BigInt(numerator) * 10_000n) / BigInt(denominator), 2);
  return `${text.replace(/\.?0+$/, '')} %`;
}

function decimal(scaled: bigint, decimals: number): string {
  const digits = scaled.toString().padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
