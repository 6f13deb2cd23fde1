/** Sets of time: lists of half-open spans [fromMs, toMs) in epoch ms that rise, do not overlap and do not touch. */

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}
export type Spans = readonly Span[];

/** Everything that any of the spans covers, each instant once; spans without length vanish. */
export function unionOf(spans: Iterable<Span>): Span[] {
  const sorted = [...spans].filter(({ fromMs, toMs }) => fromMs < toMs).sort((a, b) => a.fromMs - b.fromMs);
  const result: { fromMs: number; toMs: number }[] = [];
  for (const { fromMs, toMs } of sorted) {
    const last = result.at(-1);
    if (last && fromMs <= last.toMs) last.toMs = Math.max(last.toMs, toMs);
    else result.push({ fromMs, toMs });
  }
  return result;
}

/** What both cover. */
export function intersect(a: Spans, b: Spans): Span[] {
  const result: Span[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const fromMs = Math.max(a[i]!.fromMs, b[j]!.fromMs);
    const toMs = Math.min(a[i]!.toMs, b[j]!.toMs);
    if (fromMs < toMs) result.push({ fromMs, toMs });
    if (a[i]!.toMs < b[j]!.toMs) i += 1;
    else j += 1;
  }
  return result;
}

/** What `a` covers and `b` does not. */
export function subtract(a: Spans, b: Spans): Span[] {
  const result: Span[] = [];
  let j = 0;
  for (const { fromMs, toMs } of a) {
    let atMs = fromMs;
    while (j < b.length && b[j]!.toMs <= atMs) j += 1;
    for (let k = j; k < b.length && b[k]!.fromMs < toMs; k += 1) {
      if (b[k]!.fromMs > atMs) result.push({ fromMs: atMs, toMs: b[k]!.fromMs });
      atMs = Math.max(atMs, b[k]!.toMs);
    }
    if (atMs < toMs) result.push({ fromMs: atMs, toMs });
  }
  return result;
}

/** What lies inside [fromMs, toMs). */
export const within = (spans: Spans, fromMs: number, toMs: number): Span[] =>
  fromMs < toMs ? intersect(spans, [{ fromMs, toMs }]) : [];

/** Milliseconds covered. */
export const lengthMs = (spans: Spans): number => spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);

/** How much of [fromMs, toMs) a set covers, ms; finds its place by halving, so that many questions to one set are cheap. */
export function coveredMs(spans: Spans, fromMs: number, toMs: number): number {
  if (fromMs >= toMs) return 0;
  let covered = 0;
  for (let index = firstEndingAfter(spans, fromMs); index < spans.length && spans[index]!.fromMs < toMs; index += 1) {
    covered += Math.min(toMs, spans[index]!.toMs) - Math.max(fromMs, spans[index]!.fromMs);
  }
  return covered;
}

/** The place of the first span that ends after an instant; their number where none does. */
export function firstEndingAfter(spans: Spans, atMs: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (spans[middle]!.toMs > atMs) high = middle;
    else low = middle + 1;
  }
  return low;
}
