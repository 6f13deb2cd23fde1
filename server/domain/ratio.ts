/** Exact fractions. No figure that decides anything is ever a binary float; texts say which way they are rounded. */

export interface Ratio {
  readonly numerator: bigint;
  /** Greater than 0. */
  readonly denominator: bigint;
}

/** A fraction of integers, such as milliseconds. @throws RangeError where the denominator is not above 0 */
export function ratioOf(numerator: number | bigint, denominator: number | bigint): Ratio {
  if (denominator <= 0) throw new RangeError('the denominator of a ratio must be above 0');
  return { numerator: BigInt(numerator), denominator: BigInt(denominator) };
}

export const zero: Ratio = ratioOf(0, 1);
export const one: Ratio = ratioOf(1, 1);

/** `"99.95"` (percent) as a fraction of 1. @throws RangeError for what is no decimal number */
export function ratioOfPercent(text: string): Ratio {
  const [, whole, fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === undefined) throw new RangeError(`${text} is not a decimal number`);
  return ratioOf(BigInt(whole + fraction), 100n * 10n ** BigInt(fraction.length));
}

/** Below 0 where a < b, 0 where they are equal, above 0 where a > b. */
export function compareRatios(a: Ratio, b: Ratio): number {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export const add = (a: Ratio, b: Ratio): Ratio =>
  ratioOf(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
export const subtractRatio = (a: Ratio, b: Ratio): Ratio => add(a, { ...b, numerator: -b.numerator });
export const multiply = (a: Ratio, b: Ratio): Ratio =>
  ratioOf(a.numerator * b.numerator, a.denominator * b.denominator);
/** Null where b is 0 or less. */
export const divide = (a: Ratio, b: Ratio): Ratio | null =>
  b.numerator <= 0n ? null : ratioOf(a.numerator * b.denominator, a.denominator * b.numerator);

/** The greatest integer that is not above it. */
export function floor({ numerator, denominator }: Ratio): bigint {
  const quotient = numerator / denominator;
  return numerator % denominator < 0n ? quotient - 1n : quotient;
}
/** The least integer that is not below it. */
export const ceil = ({ numerator, denominator }: Ratio): bigint => -floor({ numerator: -numerator, denominator });

export type Rounding = 'down' | 'up';

/** A decimal text with so many places: `0.999500`. Down never flatters what should be high, up what should be low. */
export function decimalText({ numerator, denominator }: Ratio, places: number, rounding: Rounding): string {
  const scaled = { numerator: numerator * 10n ** BigInt(places), denominator };
  const units = rounding === 'down' ? floor(scaled) : ceil(scaled);
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0');
  const sign = units < 0n ? '-' : '';
  return places === 0 ? sign + digits : `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** The same in percent: `99.95`. */
export const percentText = (ratio: Ratio, places: number, rounding: Rounding): string =>
  decimalText({ ...ratio, numerator: ratio.numerator * 100n }, places, rounding);

/** On the wire: six places, rounded down, `0.999512`. */
export const ratioText = (ratio: Ratio): string => decimalText(ratio, 6, 'down');

/** As people read it: two places, rounded down, without zeros that say nothing; `100 %` only where nothing is missing. */
export const readablePercent = (ratio: Ratio): string => `${percentText(ratio, 2, 'down').replace(/\.?0+$/, '')} %`;
