/** Exact fractions. No figure that decides anything is ever rounded by a binary float; texts say which way they are rounded. */

/** An integer: a number as long as that is exact, which is much the faster, beyond that a bigint. */
type Whole = number | bigint;

export interface Ratio {
  readonly numerator: Whole;
  /** Greater than 0. */
  readonly denominator: Whole;
}

/** A fraction of integers, such as milliseconds. @throws RangeError where the denominator is not above 0 */
export function ratioOf(numerator: Whole, denominator: Whole): Ratio {
  if (denominator <= 0) throw new RangeError('the denominator of a ratio must be above 0');
  return { numerator: wholeOf(numerator), denominator: wholeOf(denominator) };
}

export const zero: Ratio = ratioOf(0, 1);
export const one: Ratio = ratioOf(1, 1);

const safe = BigInt(Number.MAX_SAFE_INTEGER);

/** In the one form that it has. @throws RangeError for what is no integer */
function wholeOf(value: Whole): Whole {
  if (Number.isSafeInteger(value)) return value || 0;
  const exact = BigInt(value);
  return exact <= safe && exact >= -safe ? Number(exact) : exact;
}

/** What is safe was not rounded: neither were its operands, nor any result that was. */
function times(a: Whole, b: Whole): Whole {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (Number.isSafeInteger(product)) return product || 0;
  }
  return wholeOf(BigInt(a) * BigInt(b));
}

function plus(a: Whole, b: Whole): Whole {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return wholeOf(BigInt(a) + BigInt(b));
}

const negative = (value: Whole): Whole => (typeof value === 'number' ? 0 - value : -value);

/** The greatest integer that is not above n / d. */
function quotient(n: Whole, d: Whole): Whole {
  if (typeof n === 'number' && typeof d === 'number') {
    const rest = n % d;
    // Without its rest it divides into an integer: nothing is rounded.
    return (n - rest) / d - (rest < 0 ? 1 : 0) || 0;
  }
  const [dividend, divisor] = [BigInt(n), BigInt(d)];
  return wholeOf(dividend / divisor - (dividend % divisor < 0n ? 1n : 0n));
}

/** `"99.95"` (percent) as a fraction of 1. @throws RangeError for what is no decimal number */
export function ratioOfPercent(text: string): Ratio {
  const [, whole, fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === undefined) throw new RangeError(`${text} is not a decimal number`);
  return ratioOf(BigInt(whole + fraction), 100n * 10n ** BigInt(fraction.length));
}

/** Below 0 where a < b, 0 where they are equal, above 0 where a > b. */
export function compareRatios(a: Ratio, b: Ratio): number {
  const [left, right] = [times(a.numerator, b.denominator), times(b.numerator, a.denominator)];
  return left < right ? -1 : left > right ? 1 : 0;
}

export const add = (a: Ratio, b: Ratio): Ratio => ({
  numerator: plus(times(a.numerator, b.denominator), times(b.numerator, a.denominator)),
  denominator: times(a.denominator, b.denominator),
});
export const negated = ({ numerator, denominator }: Ratio): Ratio => ({ numerator: negative(numerator), denominator });
export const subtractRatio = (a: Ratio, b: Ratio): Ratio => add(a, negated(b));
export const multiply = (a: Ratio, b: Ratio): Ratio => ({
  numerator: times(a.numerator, b.numerator),
  denominator: times(a.denominator, b.denominator),
});
/** Null where b is 0 or less. */
export const divide = (a: Ratio, b: Ratio): Ratio | null =>
  b.numerator <= 0
    ? null
    : { numerator: times(a.numerator, b.denominator), denominator: times(a.denominator, b.numerator) };

const below = ({ numerator, denominator }: Ratio): Whole => quotient(numerator, denominator);
const above = (ratio: Ratio): Whole => negative(below(negated(ratio)));

/** The greatest integer that is not above it. */
export const floor = (ratio: Ratio): bigint => BigInt(below(ratio));
/** The least integer that is not below it. */
export const ceil = (ratio: Ratio): bigint => BigInt(above(ratio));

/** The same of amounts that are small enough for a number, such as the milliseconds of a period. */
export const floorNumber = (ratio: Ratio): number => Number(below(ratio));
export const ceilNumber = (ratio: Ratio): number => Number(above(ratio));

export type Rounding = 'down' | 'up';

const tens = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

/** A decimal text with so many places: `0.999500`. Down never flatters what should be high, up what should be low. */
export function decimalText({ numerator, denominator }: Ratio, places: number, rounding: Rounding): string {
  const scaled = { numerator: times(numerator, tens[places] ?? 10n ** BigInt(places)), denominator };
  const units = rounding === 'down' ? below(scaled) : above(scaled);
  const digits = String(units < 0 ? negative(units) : units).padStart(places + 1, '0');
  const sign = units < 0 ? '-' : '';
  return places === 0 ? sign + digits : `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** The same in percent: `99.95`. */
export const percentText = (ratio: Ratio, places: number, rounding: Rounding): string =>
  decimalText({ ...ratio, numerator: times(ratio.numerator, 100) }, places, rounding);

/** On the wire: six places, rounded down, `0.999512`. */
export const ratioText = (ratio: Ratio): string => decimalText(ratio, 6, 'down');

/** As people read it: two places, rounded down, without zeros that say nothing; `100 %` only where nothing is missing. */
export const readablePercent = (ratio: Ratio): string => `${percentText(ratio, 2, 'down').replace(/\.?0+$/, '')} %`;
