/** Chance that comes out the same each time: a demo is worth the more for being known. */
export class DemoRandom {
  #state: number;

  /** @param name gives each part of the demo a sequence of its own */
  constructor(name: string) {
    this.#state = [...name].reduce(
      (hash, letter) => Math.imul(hash ^ letter.codePointAt(0)!, 16_777_619),
      2_166_136_261,
    );
  }

  /** From 0 up to, not including, 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number of [least, most]. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  isOnceIn(times: number): boolean {
    return this.next() * times < 1;
  }

  /** Often short, seldom long: milliseconds around a median. */
  lengthMs(medianMs: number): number {
    return Math.round((medianMs * Math.exp((this.next() + this.next() + this.next() - 1.5) * 1.6)) / 1_000) * 1_000;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.next() * items.length)]!;
  }
}
