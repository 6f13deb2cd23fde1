/** When deltas go out: news at once, but not too often, and what is less urgent together with others. */
export class DeltaPace {
  readonly #flush: () => void;
  #lastSentAt = 0;
  #dueAt = Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(flush: () => void) {
    this.#flush = flush;
  }

  /** Sends at least so long after the last time; what is urgent takes along what would wait longer. */
  send(restMs: number): void {
    const dueAt = this.#lastSentAt + restMs;
    if (dueAt >= this.#dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = dueAt;
    const waitMs = dueAt - performance.now();
    if (waitMs <= 0) return this.#send();
    this.#timer = setTimeout(() => this.#send(), waitMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#dueAt = Infinity;
    this.#flush();
    this.#lastSentAt = performance.now();
  }
}
