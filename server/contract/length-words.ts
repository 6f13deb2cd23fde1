/** Lengths of time as people say them. */

const units = [
  { name: 'day', ms: 86_400_000 },
  { name: 'hour', ms: 3_600_000 },
  { name: 'minute', ms: 60_000 },
  { name: 'second', ms: 1_000 },
] as const;

/** `1 hour`, `2 hours`. */
export const counted = (count: number | string, noun: string): string =>
  `${count} ${noun}${`${count}` === '1' ? '' : 's'}`;

/** `800 ms`, `15 minutes`, `1 hour 30 minutes`, `5 days`: exact, in the fewest words. */
export function lengthWords(ms: number): string {
  return wordsIn(ms, units);
}

/** The same without days, for working time: a day of 24 hours is no working day. `120 hours`. */
export function workingLengthWords(ms: number): string {
  return wordsIn(ms, units.slice(1));
}

function wordsIn(ms: number, sizes: readonly { name: string; ms: number }[]): string {
  let rest = ms;
  const words: string[] = [];
  for (const { name, ms: size } of sizes) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) words.push(counted(count, name));
  }
  if (rest > 0 || words.length === 0) words.push(`${rest} ms`);
  return words.join(' ');
}
