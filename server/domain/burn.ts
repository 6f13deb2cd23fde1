/**
 * When the budget of an objective over time burns so fast that somebody has to know. Everything is counted in agreed time:
 * an axis on which closed hours have no length, so that windows reach back over them and keep their lengths.
 */
import { Cover } from './cover.ts';
import type { Piece } from './objective-line.ts';
import { compareRatios, multiply, one, ratioOf, subtractRatio, type Ratio } from './ratio.ts';
import type { Spans } from './spans.ts';
import { burnRules } from './verdict.ts';

/** A rule for a target and a period: it burns where this share of both windows is bad. */
export interface BurnLimit {
  readonly windowMs: number;
  readonly shortWindowMs: number;
  readonly share: Ratio;
}

const mostShare = ratioOf(9, 10);

/** Fastest first; of so much agreed time in a period. A factor that nothing could reach is capped at nine tenths bad. */
export const burnLimits = (agreedMs: number, target: Ratio): BurnLimit[] =>
  burnRules(agreedMs).map(({ windowMs, shortWindowMs, factor }) => {
    const share = multiply(ratioOf(Math.round(factor * 10), 10), subtractRatio(one, target));
    return { windowMs, shortWindowMs, share: compareRatios(share, mostShare) > 0 ? mostShare : share };
  });

/** Lines of an objective on the axis of agreed time. */
export class BurnLine {
  readonly #agreed: Spans;
  /** Agreed time before each span. */
  readonly #before: readonly number[];
  readonly #bad: Cover;
  readonly #measured: Cover;

  /**
   * `agreed` reaches back at least as far as the longest window, and ahead as far as is asked; `lines` are inside of it,
   * ahead as they go on if nothing happens. `isMeasured` says which pieces count.
   */
  constructor(
    agreed: Spans,
    readonly lines: readonly (readonly Piece[])[],
    isMeasured: (piece: Piece) => boolean,
  ) {
    this.#agreed = agreed;
    let sum = 0;
    this.#before = agreed.map(({ fromMs, toMs }) => {
      const before = sum;
      sum += toMs - fromMs;
      return before;
    });
    const pieces = lines.flat().map((piece) => ({
      ...{ isBad: piece.isBad, isMeasured: isMeasured(piece) },
      fromMs: this.placeOf(piece.fromMs),
      toMs: this.placeOf(piece.toMs),
    }));
    this.#bad = new Cover(pieces.filter((piece) => piece.isBad));
    this.#measured = new Cover(pieces.filter((piece) => piece.isMeasured));
  }

  /** Whether there is anything bad in it. */
  get hasBad(): boolean {
    return this.#bad.edges.length > 0;
  }

  /** How much agreed time lies before an instant. */
  placeOf(atMs: number): number {
    let [low, high] = [0, this.#agreed.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#agreed[middle]!.toMs > atMs) high = middle;
      else low = middle + 1;
    }
    const span = this.#agreed[low];
    if (span) return this.#before[low]! + Math.max(0, atMs - span.fromMs);
    const last = this.#agreed.at(-1);
    return last ? this.#before.at(-1)! + last.toMs - last.fromMs : 0;
  }

  /** The first instant before which so much agreed time lies; null beyond what is known. */
  instantOf(place: number): number | null {
    const index = this.#before.findLastIndex((before) => before < place);
    const span = this.#agreed[Math.max(0, index)];
    if (!span) return null;
    const atMs = span.fromMs + place - this.#before[Math.max(0, index)]!;
    return atMs <= span.toMs ? atMs : null;
  }

  /** Whether it burns at a place, by a limit: as it was where one of the windows has nothing measured in it. */
  burns({ windowMs, shortWindowMs, share }: BurnLimit, was: boolean, place: number): boolean {
    const windows = [windowMs, shortWindowMs].map((lengthMs) => ({
      lengthMs,
      bad: this.#bad.between(place - lengthMs, place),
      measured: this.#measured.between(place - lengthMs, place),
    }));
    if (windows.some(({ measured }) => measured === 0)) return was;
    return windows.every(
      ({ lengthMs, bad, measured }) =>
        bad > 0 &&
        (was || 2 * measured >= lengthMs * this.lines.length) &&
        compareRatios(ratioOf(bad, measured), share) >= 0,
    );
  }

  /** The first place after one, up to another, at which it burns no more, or does; null where it stays as it is. */
  turn(limit: BurnLimit, is: boolean, from: number, to: number): number | null {
    const tails = [0, limit.windowMs, limit.shortWindowMs];
    const edges = [...this.#bad.edges, ...this.#measured.edges].flatMap((edge) => tails.map((tail) => edge + tail));
    const knots = [...new Set([...edges.filter((place) => place > from && place < to), to])].sort((a, b) => a - b);
    let last = from;
    for (const knot of knots) {
      const found = this.#turnBetween(limit, is, last, knot);
      if (found !== null) return found;
      last = knot;
    }
    return null;
  }

  /** Between two knots all sums are even, so that each condition turns once at most. */
  #turnBetween(limit: BurnLimit, is: boolean, from: number, to: number): number | null {
    const turns = this.#conditions(limit).flatMap((holds) => {
      const first = holds(from + 1);
      return holds(to) === first ? [] : [firstOther(holds, first, from + 1, to)];
    });
    const places = [...new Set([from + 1, ...turns, to])].filter((place) => place > from && place <= to);
    return places.sort((a, b) => a - b).find((place) => this.burns(limit, is, place) !== is) ?? null;
  }

  #conditions({ windowMs, shortWindowMs, share }: BurnLimit): ((place: number) => boolean)[] {
    return [windowMs, shortWindowMs].flatMap((lengthMs) => {
      const bad = (place: number): number => this.#bad.between(place - lengthMs, place);
      const measured = (place: number): number => this.#measured.between(place - lengthMs, place);
      return [
        (place: number) => measured(place) === 0,
        (place: number) => 2 * measured(place) >= lengthMs * this.lines.length,
        (place: number) => bad(place) > 0,
        (place: number) => compareRatios(ratioOf(bad(place), 1), multiply(share, ratioOf(measured(place), 1))) >= 0,
      ];
    });
  }
}

/** The first of (low, high] at which a condition that turns once is not what it is at `low`. */
function firstOther(holds: (place: number) => boolean, first: boolean, low: number, high: number): number {
  let [same, other] = [low, high];
  while (other - same > 1) {
    const middle = Math.floor((same + other) / 2);
    if (holds(middle) === first) same = middle;
    else other = middle;
  }
  return other;
}
