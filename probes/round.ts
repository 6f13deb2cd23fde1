import {
  phases,
  reasons,
  verdictCode,
  type AddressGuard,
  type Outcome,
  type ProbeKind,
  type Round,
  type RoundRun,
  type SeriesSpec,
  type Timings,
  type Verdict,
  type WireObservation,
} from './contract.ts';
import { runMany, runProbe } from './run-probe.ts';

export interface RoundRunnerOptions {
  guard: AddressGuard;
  /** The server's time as far as this agent knows it, epoch ms. */
  now: () => number;
  /** The kind of a spec and its config with the secrets opened. @throws when the spec cannot be used */
  prepare: (spec: SeriesSpec) => Prepared;
  /** A finished attempt; `changed` when the verdict differs from the one before. */
  report: (observation: WireObservation, changed: boolean) => void;
  mostInFlight?: number;
}

interface Prepared {
  kind: ProbeKind;
  config: unknown;
}

/** A run that waits for its instant, with what its series shares instead of a config of its own: many would fill the heap. */
type DueRun = Omit<RoundRun, 'kind' | 'config' | 'version'> & { prepared: Prepared };

/** What is to be started at an instant, epoch ms. */
interface Due {
  dueMs: number;
  start: () => Promise<void>;
}

/** What of a round still waits: one timer for all of it. */
interface Waiting {
  timer: NodeJS.Timeout | undefined;
}

/** A run that has begun: what its outcome will be told as. */
interface Started<Run = DueRun> {
  run: Run;
  slotMs: number;
  /** 0 for the slot's own run. */
  attempt: number;
  startedMs: number;
}

/** What an agent remembers of a series between its runs. */
interface Memory {
  /** The slots that wait for their instants. */
  waitingMs: number[];
  /** The newest slot that was run, and its attempts so far; null before the first. */
  slotMs: number | null;
  attempt: number;
  verdict: Verdict | null;
  failures: number;
  version: string;
  prepared: Prepared | null;
}

/**
 * Puts the runs of rounds on timers and runs them at their due instants: each slot once, each run under its timeout,
 * what is overdue by more than its interval never. After a failure that is not confirmed yet it runs again by itself.
 */
export class RoundRunner {
  readonly #options: Required<RoundRunnerOptions>;
  readonly #memories = new Map<number, Memory>();
  readonly #waiting = new Set<Waiting>();
  readonly #held: (() => Promise<void>)[] = [];
  readonly #stop = new AbortController();
  #newestEpoch = 0;
  #inFlight = 0;
  #dropped = 0;
  #idle: (() => void) | undefined;

  constructor(options: RoundRunnerOptions) {
    this.#options = { mostInFlight: 8_192, ...options };
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** Takes a round over; false when its epoch is older than one already seen (its server lost the lease). */
  take(round: Round): boolean {
    if (round.epoch < this.#newestEpoch) return false;
    this.#newestEpoch = round.epoch;
    const dues: Due[] = [];
    const together = new Map<string, DueRun[]>();
    for (const whole of round.runs) {
      if (!this.#claim(whole, round.sentAtMs)) continue;
      const prepared = this.#prepare(whole);
      if (!prepared) continue;
      const run = dueRun(whole, prepared);
      if (prepared.kind.runMany) {
        const key = `${whole.kind} ${run.timeoutMs}`;
        together.set(key, [...(together.get(key) ?? []), run]);
      } else dues.push({ dueMs: round.sentAtMs + run.leadMs, start: () => this.#runAlone(run) });
    }
    for (const runs of together.values()) {
      const firstLeadMs = Math.min(...runs.map(({ leadMs }) => leadMs));
      dues.push({ dueMs: round.sentAtMs + firstLeadMs, start: () => this.#runTogether(runs) });
    }
    this.#wait(dues.sort((one, other) => one.dueMs - other.dueMs));
    return true;
  }

  /** Waits for the runs on timers and in flight to end; those that take longer than `patienceMs` are cut off. */
  async drain(patienceMs: number): Promise<void> {
    const cut = setTimeout(() => {
      for (const { timer } of this.#waiting) clearTimeout(timer);
      this.#waiting.clear();
      this.#stop.abort();
      this.#settle();
    }, patienceMs);
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
      this.#settle();
    });
    clearTimeout(cut);
  }

  /**
   * Whether a run is to be started here: neither its slot nor a newer one was run yet, and it is not overdue by more than
   * its interval. The rounds of a moment come in any order.
   */
  #claim(run: RoundRun, sentAtMs: number): boolean {
    const memory = this.#memories.get(run.series);
    if (!run.recheck && memory) {
      if (memory.waitingMs.includes(run.slotMs)) return false;
      if (memory.slotMs !== null && run.slotMs <= memory.slotMs) return false;
    }
    if (this.#options.now() > sentAtMs + run.leadMs + run.everyMs) {
      this.#dropped += 1;
      return false;
    }
    // What was never run here has no slot that could be attempted again.
    if (run.recheck) return memory !== undefined && memory.slotMs !== null;
    if (memory) memory.waitingMs.push(run.slotMs);
    else {
      this.#memories.set(run.series, {
        waitingMs: [run.slotMs],
        slotMs: null,
        attempt: 0,
        verdict: null,
        failures: 0,
        version: '',
        prepared: null,
      });
    }
    return true;
  }

  #prepare(run: RoundRun): Prepared | null {
    const memory = this.#memories.get(run.series)!;
    if (memory.prepared && memory.version === run.version) return memory.prepared;
    try {
      memory.prepared = this.#options.prepare(run);
      memory.version = run.version;
    } catch (error) {
      memory.prepared = null;
      const detail = error instanceof Error ? error.message : String(error);
      const outcome = { verdict: 'unknown', reason: 'config-invalid', latencyMs: null, detail } as const;
      const { slotMs, attempt, startedMs } = this.#begin(run);
      this.#tell(run.series, slotMs, attempt, startedMs, outcome);
    }
    return memory.prepared;
  }

  /** Starts each at its instant; they come in that order. A timer for each would outlive many collections of garbage. */
  #wait(dues: readonly Due[]): void {
    if (dues.length === 0) return;
    const waiting: Waiting = { timer: undefined };
    let next = 0;
    const sleep = () => (waiting.timer = setTimeout(wake, dues[next]!.dueMs - this.#options.now()));
    const wake = () => {
      // Timers are as coarse as this.
      const untilMs = this.#options.now() + 1;
      for (; next < dues.length && dues[next]!.dueMs < untilMs; next += 1) this.#startOrHold(dues[next]!);
      if (next < dues.length) sleep();
      else this.#waiting.delete(waiting);
    };
    this.#waiting.add(waiting);
    sleep();
  }

  #startOrHold({ start }: Due): void {
    if (this.#inFlight >= this.#options.mostInFlight) this.#held.push(start);
    else this.#start(start);
  }

  #start(start: () => Promise<void>): void {
    this.#inFlight += 1;
    void start().finally(() => {
      this.#inFlight -= 1;
      const next = this.#held.shift();
      if (next) this.#start(next);
      else this.#settle();
    });
  }

  #settle(): void {
    if (this.#inFlight + this.#waiting.size + this.#held.length === 0) this.#idle?.();
  }

  async #runAlone(run: DueRun): Promise<void> {
    const started = this.#begin(run);
    const { kind, config } = run.prepared;
    this.#report(started, await runProbe(kind, config, this.#runOptions(run)));
  }

  async #runTogether(runs: readonly DueRun[]): Promise<void> {
    const started = runs.map((run) => this.#begin(run));
    const configs = runs.map(({ prepared }) => prepared.config);
    const options = { ...this.#runOptions(runs[0]!), degradedAboveMs: null };
    const outcomes = await runMany(runs[0]!.prepared.kind, configs, options);
    started.forEach((each, index) => this.#report(each, outcomes[index]!));
  }

  /** An extra attempt counts for the newest slot that ran, whatever waits on a timer. */
  #begin<Run extends Pick<DueRun, 'series' | 'slotMs' | 'recheck'>>(run: Run): Started<Run> {
    const memory = this.#memories.get(run.series)!;
    const startedMs = this.#options.now();
    if (run.recheck) {
      memory.attempt += 1;
      return { run, slotMs: memory.slotMs!, attempt: memory.attempt, startedMs };
    }
    memory.waitingMs = memory.waitingMs.filter((slotMs) => slotMs !== run.slotMs);
    if (memory.slotMs === null || memory.slotMs < run.slotMs) Object.assign(memory, { slotMs: run.slotMs, attempt: 0 });
    return { run, slotMs: run.slotMs, attempt: 0, startedMs };
  }

  #runOptions({ timeoutMs, degradedAboveMs }: DueRun) {
    return { timeoutMs, degradedAboveMs, guard: this.#options.guard, stop: this.#stop.signal };
  }

  #report({ run, slotMs, attempt, startedMs }: Started, outcome: Outcome): void {
    this.#tell(run.series, slotMs, attempt, startedMs, outcome);
    if (outcome.verdict === 'unknown') return;
    const memory = this.#memories.get(run.series)!;
    memory.failures = outcome.verdict === 'down' ? memory.failures + 1 : 0;
    if (memory.failures > 0 && memory.failures < run.confirmFailures) this.#recheck(run, slotMs, startedMs);
  }

  #tell(series: number, slotMs: number, attempt: number, startedMs: number, outcome: Outcome): void {
    const memory = this.#memories.get(series)!;
    const changed = memory.verdict !== outcome.verdict;
    memory.verdict = outcome.verdict;
    this.#options.report(toWire(series, slotMs, attempt, startedMs, outcome, changed || attempt > 0), changed);
  }

  /** The next slot confirms as well as a re-check: where it comes first, no re-check is needed. */
  #recheck(run: DueRun, slotMs: number, startedMs: number): void {
    const dueMs = startedMs + run.recheckAfterMs;
    if (this.#stop.signal.aborted || dueMs >= slotMs + run.everyMs) return;
    const start = async () => {
      if (this.#memories.get(run.series)?.slotMs === slotMs) await this.#runAlone({ ...run, recheck: true });
    };
    this.#wait([{ dueMs, start }]);
  }
}

/** Field by field: copied with a rest, each would be several times as large for as long as it waits. */
const dueRun = (run: RoundRun, prepared: Prepared): DueRun => ({
  series: run.series,
  slotMs: run.slotMs,
  leadMs: run.leadMs,
  everyMs: run.everyMs,
  timeoutMs: run.timeoutMs,
  degradedAboveMs: run.degradedAboveMs,
  confirmFailures: run.confirmFailures,
  recheckAfterMs: run.recheckAfterMs,
  recheck: run.recheck,
  prepared,
});

const toUs = (ms: number): number => Math.min(2_147_483_647, Math.max(0, Math.round(ms * 1_000)));

/** Detail and facts travel with failures and changes alone: the rest is a row of numbers. */
function toWire(
  series: number,
  slotMs: number,
  attempt: number,
  startedMs: number,
  { verdict, reason, latencyMs, timings, detail, facts }: Outcome,
  telling: boolean,
): WireObservation {
  const tell = telling || verdict !== 'up';
  return [
    series,
    slotMs,
    attempt,
    verdictCode(verdict),
    reasons[reason].code,
    latencyMs === null ? null : toUs(latencyMs),
    Math.round(startedMs),
    timings ? wireTimings(timings) : null,
    tell ? (detail ?? null) : null,
    tell ? (facts ?? null) : null,
  ];
}

const wireTimings = (timings: Timings): (number | null)[] =>
  phases.map((phase) => (timings[phase] === undefined ? null : toUs(timings[phase])));
