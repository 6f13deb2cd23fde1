/** What follows a missed objective: credits between cost centres, within caps. Amounts are integers of the smallest unit. */
import { compareRatios, floor, multiply, ratioOf, type Ratio } from './ratio.ts';

export interface CreditTier {
  /** Attained below this share earns the credit. */
  readonly below: Ratio;
  /** Of the base amount. */
  readonly share: Ratio;
}

export interface CreditCaps {
  /** Of the base amount, for a period and for a year; null: none. */
  readonly period: Ratio | null;
  readonly year: Ratio | null;
}

/** The tier of the lowest limit that was not reached counts alone; null where none was missed. */
export function tierOf(tiers: readonly CreditTier[], attained: Ratio): CreditTier | null {
  const missed = tiers.filter(({ below }) => compareRatios(attained, below) < 0);
  return missed.reduce<CreditTier | null>(
    (lowest, tier) => (lowest === null || compareRatios(tier.below, lowest.below) < 0 ? tier : lowest),
    null,
  );
}

/** A share of an amount, rounded down to the smallest unit. */
export const amountOf = (base: bigint, share: Ratio): bigint => floor(multiply(ratioOf(base, 1), share));

/** An amount in proportion to the part of a period for which it holds, rounded down. */
export const proportional = (amount: bigint, part: number, whole: number): bigint =>
  whole > 0 ? amountOf(amount, ratioOf(part, whole)) : 0n;

/**
 * Credits of a period after its caps, in their order: the period's cap first, then what the year has left. What a cap
 * takes, it takes from the last.
 */
export function capped(amounts: readonly bigint[], base: bigint, caps: CreditCaps, givenThisYear: bigint): bigint[] {
  const limits = [
    ...(caps.period ? [amountOf(base, caps.period)] : []),
    ...(caps.year ? [amountOf(base, caps.year) - givenThisYear] : []),
  ];
  let left = limits.reduce<bigint | null>((least, limit) => (least === null || limit < least ? limit : least), null);
  return amounts.map((amount) => {
    if (left === null) return amount;
    const given = amount < left ? amount : left > 0n ? left : 0n;
    left -= given;
    return given;
  });
}
