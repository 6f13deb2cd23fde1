import type { RunSignal } from '../contract.ts';

/**
 * What ends a run, and the signal that tells it so. Node lets go of an AbortSignal, and of all that its listeners know,
 * at a full collection of garbage alone: with one for each run an agent would grow by several kilobytes a run until then.
 */
export class RunAbort implements RunSignal {
  #aborted = false;
  #listeners: (() => void)[] = [];

  get aborted(): boolean {
    return this.#aborted;
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.push(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners = this.#listeners.filter((one) => one !== listener);
  }

  abort(): void {
    this.#aborted = true;
    for (const listener of this.#listeners.splice(0)) listener();
  }
}
