/** When deltas go out: news at once, but not too often, and what is less urgent together with others. */
export class DeltaPace {
  readonly #ask: () => void;
  #lastSentAt = 0;
  #dueAt = Infinity;
  #timer: NodeJS.Timeout | undefined;

  /** @param ask has the delta sent, now or soon, and says so by `sent` */
  constructor(ask: () => void) {
    this.#ask = ask;
  }

  /** Sends at least so long after the last time; what is urgent takes along what would wait longer. */
  send(restMs: number): void {
    const dueAt = this.#lastSentAt + restMs;
    if (dueAt >= this.#dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = dueAt;
    const waitMs = dueAt - performance.now();
    if (waitMs <= 0) return this.#askNow();
    this.#timer = setTimeout(() => this.#askNow(), waitMs);
  }

  /** The delta has gone out; until then everything new is part of it. */
  sent(): void {
    this.#dueAt = Infinity;
    this.#lastSentAt = performance.now();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #askNow(): void {
    clearTimeout(this.#timer);
    this.#dueAt = -Infinity;
    this.#ask();
  }
}
