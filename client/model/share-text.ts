/** A ratio of the server, six decimals as text, in per cent: cut off after two decimals, so that it never flatters. */
export function shareText(ratio: string): string {
  const [whole = '0', decimals = ''] = ratio.split('.');
  if (whole !== '0') return '100 %';
  const digits = decimals.padEnd(4, '0');
  return `${Number(digits.slice(0, 2))}.${digits.slice(2, 4)} %`;
}
