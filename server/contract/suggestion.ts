/** Words that people give, said back to them, and what they may have meant. */
import { nearest } from '../../probes/support/nearest.ts';

/** Longer words are no names, and dear to compare and to repeat. */
const longestName = 80;

export const quoted = (name: string): string =>
  name.length <= longestName ? `"${name}"` : `"${name.slice(0, longestName)}..."`;

/** `a, b or c` */
export const listed = (words: readonly string[]): string => words.join(', ').replace(/, ([^,]*)$/, ' or $1');

/** `; did you mean "payroll"?`, or nothing where no candidate is near. */
export function nearMiss(word: string, candidates: readonly string[]): string {
  const near = word.length <= longestName ? nearest(word, candidates) : undefined;
  return near === undefined ? '' : `; did you mean "${near}"?`;
}

/** As `nearMiss`; where nothing is near and the choice is small, what there is to choose from. */
export function suggestion(word: string, candidates: readonly string[]): string {
  const near = nearMiss(word, candidates);
  const few = candidates.length > 0 && candidates.length <= 12;
  if (near || !few) return near;
  return `; there is ${candidates.map((candidate) => `"${candidate}"`).join(', ')}`;
}
