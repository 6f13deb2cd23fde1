/** Texts of others, made fit for formats of others. */

/** They turn the direction of what is read around them: marks, embeddings, overrides and isolates. */
const direction = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;
const half = /\p{Surrogate}/gu;
const blank = /[\s\p{Cc}\u2028\u2029]+/gu;

/** One line that reads as it is written: no line ends, control characters, or turned direction. */
export const lineOf = (text: string): string =>
  text.replaceAll(direction, '').replaceAll(half, '\uFFFD').replaceAll(blank, ' ').trim();

export interface Fitting {
  /** What a character becomes in the format. */
  escape?: (text: string) => string;
  /** How a format measures; left out: by UTF-16 units. */
  size?: (text: string) => number;
}

const asItIs = (text: string): string => text;
const units = (text: string): number => text.length;
export const utf8Bytes = (text: string): number => Buffer.byteLength(text);

/** A text escaped and, where it would be larger than `most`, cut between characters and ended with `…`. */
export function fitted(text: string, most: number, { escape = asItIs, size = units }: Fitting = {}): string {
  const whole = escape(text);
  if (size(whole) <= most) return whole;
  const end = '…';
  let left = most - size(end);
  let result = '';
  for (const character of text) {
    const piece = escape(character);
    left -= size(piece);
    if (left < 0) break;
    result += piece;
  }
  return result.trimEnd() + end;
}

/** Markdown as chats read it: each sign that could mean something stands for itself. */
export const markdownEscaped = (text: string): string =>
  text
    .replaceAll(/[\\`*_{}[\]()#+\-.!|<>~:]/g, String.raw`\$&`)
    // A name behind it would be called: the invisible character between them takes that away.
    .replaceAll('@', '@\u200B');

/** A text of a JSON string, without its quotes. */
export const jsonEscaped = (text: string): string => JSON.stringify(text).slice(1, -1);
