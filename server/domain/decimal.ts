/** Decimal numbers of at most six places, exact, as integers of millionths. */
const pattern = /^(-?)(\d{1,15})(?:\.(\d{1,6}))?$/;

export const micro = 1_000_000n;

/** `"4.5"` as 4500000 millionths. @throws RangeError for what is no such number */
export function microsOf(text: string): bigint {
  const [, sign, whole, fraction = ''] = pattern.exec(text) ?? [];
  if (whole === undefined) throw new RangeError(`${text} is not a decimal number of at most six places`);
  const micros = BigInt(whole + fraction.padEnd(6, '0'));
  return sign ? -micros : micros;
}

/** The shortest text of so many millionths: `"4.5"`. */
export function decimalOf(micros: bigint): string {
  const digits = (micros < 0n ? -micros : micros).toString().padStart(7, '0');
  const text = `${digits.slice(0, -6)}.${digits.slice(-6)}`.replace(/\.?0+$/, '');
  return micros < 0n ? `-${text}` : text;
}
