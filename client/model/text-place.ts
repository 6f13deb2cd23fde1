/** Places in a text by line and column, both from 1. */

export interface TextPlace {
  line: number;
  column: number;
}

/** How many characters stand before a place; the end of the line or of the text where it is beyond. */
export function indexOfPlace(text: string, { line, column }: TextPlace): number {
  let start = 0;
  for (let number = 1; number < line; number += 1) {
    const end = text.indexOf('\n', start);
    if (end < 0) return text.length;
    start = end + 1;
  }
  const end = text.indexOf('\n', start);
  return Math.min(start + column - 1, end < 0 ? text.length : end);
}

/** Lines of a text; an empty text has one. */
export function lineCount(text: string): number {
  let count = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
