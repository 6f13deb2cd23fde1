import type { Span } from './spans.ts';

/** Spans, where they overlap each by itself, and how much of them lies before any instant. */
export class Cover {
  readonly edges: readonly number[];
  /** Before each edge: the sum, and how many spans go on after it. */
  readonly #sums: number[] = [];
  readonly #depths: number[] = [];

  constructor(spans: Iterable<Span>) {
    const steps = new Map<number, number>();
    for (const { fromMs, toMs } of spans) {
      steps.set(fromMs, (steps.get(fromMs) ?? 0) + 1);
      steps.set(toMs, (steps.get(toMs) ?? 0) - 1);
    }
    const sorted = [...steps].filter(([, step]) => step !== 0).sort(([a], [b]) => a - b);
    this.edges = sorted.map(([atMs]) => atMs);
    let [sum, depth] = [0, 0];
    for (const [index, [atMs, step]] of sorted.entries()) {
      if (index > 0) sum += depth * (atMs - sorted[index - 1]![0]);
      depth += step;
      this.#sums.push(sum);
      this.#depths.push(depth);
    }
  }

  between(fromMs: number, toMs: number): number {
    return this.#before(toMs) - this.#before(fromMs);
  }

  #before(atMs: number): number {
    let low = 0;
    let high = this.edges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.edges[middle]! <= atMs) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return 0;
    const depth = this.#depths[low - 1]!;
    return this.#sums[low - 1]! + (depth === 0 ? 0 : depth * (atMs - this.edges[low - 1]!));
  }
}
