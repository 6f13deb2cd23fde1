import type { ResultBatch } from '../../probes/contract.ts';

interface Waiting {
  batch: ResultBatch;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** What is taken together is not much larger than what an agent sends at once. */
const mostObservations = 5_000;

/**
 * Takes batches of agents in: some agents side by side, the batches of one in their order, as out of order they would be
 * late results. What of an agent has come while it had its turn is taken together in its next: in a storm each batch
 * holds little, and its transaction costs the same.
 */
export class AgentTurns {
  readonly #record: (batches: readonly ResultBatch[]) => Promise<void>;
  readonly #agentsAtOnce: number;
  /** By agent, that first which has waited longest. */
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #busy = new Set<string>();

  constructor(agentsAtOnce: number, record: (batches: readonly ResultBatch[]) => Promise<void>) {
    this.#agentsAtOnce = agentsAtOnce;
    this.#record = record;
  }

  /** Resolves once the batch is recorded. @throws what recording it alone throws */
  take(batch: ResultBatch): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(batch.agent) ?? [];
      this.#waiting.set(batch.agent, [...waiting, { batch, resolve, reject }]);
      this.#next();
    });
  }

  #next(): void {
    if (this.#busy.size >= this.#agentsAtOnce) return;
    for (const [agent, waiting] of this.#waiting) {
      if (this.#busy.has(agent)) continue;
      this.#waiting.delete(agent);
      const count = together(waiting);
      if (count < waiting.length) this.#waiting.set(agent, waiting.slice(count));
      this.#busy.add(agent);
      void this.#turn(waiting.slice(0, count)).finally(() => {
        this.#busy.delete(agent);
        this.#next();
      });
      return;
    }
  }

  async #turn(taken: readonly Waiting[]): Promise<void> {
    try {
      await this.#record(taken.map(({ batch }) => batch));
      for (const { resolve } of taken) resolve();
    } catch (error) {
      if (taken.length === 1) return taken[0]!.reject(error);
      // One that cannot be recorded must not take the others along.
      for (const each of taken) await this.#turn([each]);
    }
  }
}

/** How many of the first are taken together: one at least. */
function together(waiting: readonly Waiting[]): number {
  let sum = 0;
  const tooMany = waiting.findIndex(({ batch }) => (sum += batch.observations.length) > mostObservations);
  return tooMany < 0 ? waiting.length : Math.max(1, tooMany);
}
