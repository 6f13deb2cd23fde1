/** Amounts of money as whole cents, and as text with two decimals. */

/** `"10000.5"` in cents. */
export function centsOf(amount: string): bigint {
  const [whole, fraction = ''] = amount.split('.') as [string, string?];
  return BigInt(whole + fraction.padEnd(2, '0'));
}

/** Cents as an amount: `10000.50`, `-300.00`. */
export function amountText(cents: bigint): string {
  const digits = (cents < 0n ? -cents : cents).toString().padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
