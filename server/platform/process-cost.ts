/** What this process has used, now and then: figures of the last hour are the difference of two. */
export interface CostSample {
  /** Monotonic, ms. */
  atMs: number;
  cpuMs: number;
  /** Whatever work is counted. */
  done: number;
}

export interface Cost {
  overMs: number;
  cpuCores: number;
  done: number;
  /** Null where nothing was done. */
  cpuMsEach: number | null;
}

const sampleEveryMs = 60_000;
const samplesKept = 60;

const cpuNowMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

/** The cost of what was done between two samples. */
export function costBetween(from: CostSample, to: CostSample): Cost {
  const overMs = to.atMs - from.atMs;
  const cpuMs = to.cpuMs - from.cpuMs;
  const done = to.done - from.done;
  return { overMs, cpuCores: overMs > 0 ? cpuMs / overMs : 0, done, cpuMsEach: done > 0 ? cpuMs / done : null };
}

/** Looks at this process once a minute and keeps an hour of it. */
export class ProcessCost {
  readonly #samples: CostSample[] = [];
  readonly #timer: NodeJS.Timeout;
  readonly #done: () => number;

  constructor(done: () => number) {
    this.#done = done;
    this.#samples.push(this.#now());
    this.#timer = setInterval(() => {
      this.#samples.push(this.#now());
      if (this.#samples.length > samplesKept) this.#samples.shift();
    }, sampleEveryMs).unref();
  }

  /** Of the last hour, or of the time since the start where that is shorter. */
  read(): Cost {
    return costBetween(this.#samples[0]!, this.#now());
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #now(): CostSample {
    return { atMs: performance.now(), cpuMs: cpuNowMs(), done: this.#done() };
  }
}
