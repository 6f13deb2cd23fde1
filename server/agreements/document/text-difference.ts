/** What changed between two texts, word by word. */
import type { TextPiece } from '../../contract/agreement-document.ts';

/** Words with the space behind them, so that all of them together are the text. */
const wordsOf = (text: string): string[] => text.match(/\S+\s*|\s+/g) ?? [];

/** Pieces that are the same, removed or inserted; what is not inserted is the old text, what is not removed the new one. */
export function textDifference(before: string, after: string): TextPiece[] {
  const [old, young] = [wordsOf(before), wordsOf(after)];
  let head = 0;
  while (head < old.length && head < young.length && old[head] === young[head]) head += 1;
  let tail = 0;
  while (
    tail < Math.min(old.length, young.length) - head &&
    old[old.length - 1 - tail] === young[young.length - 1 - tail]
  ) {
    tail += 1;
  }
  const pieces: TextPiece[] = [];
  const add = (change: TextPiece['change'], words: readonly string[]): void => {
    const last = pieces.at(-1);
    if (words.length === 0) return;
    if (last?.change === change) last.text += words.join('');
    else pieces.push({ change, text: words.join('') });
  };
  add('same', old.slice(0, head));
  walk(old.slice(head, old.length - tail), young.slice(head, young.length - tail), add);
  add('same', old.slice(old.length - tail));
  return pieces;
}

/** Along the longest common subsequence; what was removed comes before what stands in its place. */
function walk(
  old: readonly string[],
  young: readonly string[],
  add: (change: TextPiece['change'], words: readonly string[]) => void,
): void {
  const width = young.length + 1;
  const common = commonLengths(old, young);
  let [i, j] = [0, 0];
  while (i < old.length && j < young.length) {
    if (old[i] === young[j]) {
      add('same', [old[i]!]);
      [i, j] = [i + 1, j + 1];
    } else if (common[(i + 1) * width + j]! >= common[i * width + j + 1]!) {
      add('removed', [old[i]!]);
      i += 1;
    } else {
      add('inserted', [young[j]!]);
      j += 1;
    }
  }
  add('removed', old.slice(i));
  add('inserted', young.slice(j));
}

/** For each pair of places how many words the rests have in common, in their order. */
function commonLengths(old: readonly string[], young: readonly string[]): Uint16Array {
  const width = young.length + 1;
  const lengths = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = young.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        old[i] === young[j]
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
    }
  }
  return lengths;
}
