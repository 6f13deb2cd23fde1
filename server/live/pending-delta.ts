import type { BoardDelta, BoardFigure, BoardService, BoardTouch } from '../contract/live.ts';

type Told = Pick<BoardDelta, 'changed' | 'removed' | 'touched'> & { figures: BoardFigure[] | undefined };

/** What the next delta has to tell: keys, so that each service is told once and as it is then. */
export class PendingDelta {
  readonly #changed = new Set<string>();
  readonly #removed = new Set<string>();
  readonly #touched = new Set<string>();
  readonly #rebudgeted = new Set<string>();
  #isMinute = false;

  change(key: string): void {
    this.#changed.add(key);
    this.#removed.delete(key);
  }

  remove(key: string): void {
    this.#removed.add(key);
  }

  touch(key: string): void {
    this.#touched.add(key);
  }

  /** Budgets are others, which is told with the minute. */
  rebudget(keys: readonly string[]): void {
    for (const key of keys) this.#rebudgeted.add(key);
  }

  /** The line of latencies of every service grew by a value. */
  minute(): void {
    this.#isMinute = true;
  }

  /** What is to be told of these services, and nothing left to tell. */
  take(services: Iterable<BoardService>): Told {
    const byKey = new Map([...services].map((service) => [service.key, service]));
    const told: Told = {
      changed: [...this.#changed].flatMap((key) => byKey.get(key) ?? []),
      removed: [...this.#removed],
      touched: [...this.#touched].flatMap((key): BoardTouch[] => {
        const service = byKey.get(key);
        const isTold = this.#changed.has(key) || !service?.observedAt;
        return isTold ? [] : [[key, service.observedAt!, service.latencyMs]];
      }),
      figures: this.#isMinute ? this.#newFigures(byKey.values()) : undefined,
    };
    for (const keys of [this.#changed, this.#removed, this.#touched]) keys.clear();
    if (this.#isMinute) this.#rebudgeted.clear();
    this.#isMinute = false;
    return told;
  }

  #newFigures(services: Iterable<BoardService>): BoardFigure[] {
    return [...services]
      .filter(({ key }) => !this.#changed.has(key))
      .map(({ key, uptime, latencies, budget }) => {
        const latency = latencies.at(-1) ?? null;
        return this.#rebudgeted.has(key) ? [key, uptime, latency, budget] : [key, uptime, latency];
      });
  }
}
