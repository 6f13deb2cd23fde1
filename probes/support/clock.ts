/** Two clocks of one process, so that a test can hold both. */
export interface ClockSource {
  /** Wall clock, epoch ms. */
  wallMs(): number;
  /** Never steps, arbitrary origin, ms. */
  monotonicMs(): number;
}

const systemSource: ClockSource = { wallMs: () => Date.now(), monotonicMs: () => performance.now() };

const slewRatio = 0.01;
const stepThresholdMs = 1_000;

/**
 * Time that never steps: follows the monotonic clock from an anchor and closes the gap to the wall clock at no more
 * than 1 %. A step of the wall clock is thereby absorbed; `takeStep` reports it once.
 */
export class SteadyClock {
  readonly #source: ClockSource;
  #steadyMs: number;
  #monotonicMs: number;
  #lastOffsetMs = 0;
  #pendingStepMs = 0;

  constructor(source: ClockSource = systemSource) {
    this.#source = source;
    this.#steadyMs = source.wallMs();
    this.#monotonicMs = source.monotonicMs();
  }

  /** Epoch milliseconds, fractional, never going back. */
  now(): number {
    const monotonicMs = this.#source.monotonicMs();
    const elapsedMs = monotonicMs - this.#monotonicMs;
    const followedMs = this.#steadyMs + elapsedMs;
    const offsetMs = this.#source.wallMs() - followedMs;
    const limitMs = elapsedMs * slewRatio;
    if (Math.abs(offsetMs - this.#lastOffsetMs) > stepThresholdMs) this.#pendingStepMs += offsetMs - this.#lastOffsetMs;
    const slewMs = Math.max(-limitMs, Math.min(limitMs, offsetMs));
    this.#steadyMs = followedMs + slewMs;
    this.#lastOffsetMs = offsetMs - slewMs;
    this.#monotonicMs = monotonicMs;
    return this.#steadyMs;
  }

  /** Milliseconds that the wall clock stepped by since the last call, 0 when it did not. */
  takeStep(): number {
    this.now();
    const stepMs = this.#pendingStepMs;
    this.#pendingStepMs = 0;
    return stepMs;
  }

  /** Moves the clock forward to an instant that is already taken (the newest stored slot after a restart). */
  notBefore(epochMs: number): void {
    if (this.now() < epochMs) this.#steadyMs = epochMs;
  }

  /** Wall clock less steady time, ms: what is left to absorb. */
  get offsetMs(): number {
    return this.#lastOffsetMs;
  }
}
