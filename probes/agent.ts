import { randomUUID } from 'node:crypto';
import type { Job } from 'bullmq';
import type { AgentLog } from './agent-log.ts';
import {
  jobNames,
  resultsQueue,
  roundSchema,
  roundsQueue,
  tryRunSchema,
  type AddressGuard,
  type Outcome,
  type ResultBatch,
  type SeriesSpec,
} from './contract.ts';
import { Outbox } from './outbox.ts';
import { Queues, type QueueStore } from './queues.ts';
import { probeKind, secretPaths } from './registry.ts';
import { RoundRunner } from './round.ts';
import { runProbe } from './run-probe.ts';
import { SteadyClock } from './support/clock.ts';
import { isSealed, mapPaths, unseal } from './support/sealed.ts';

export interface AgentOptions {
  location: string;
  /** Opens the secrets of this location, 32 bytes. */
  locationKey: Buffer;
  store: QueueStore;
  /** Folder for results that cannot be handed over yet. */
  spoolFolder: string;
  guard: AddressGuard;
  log: AgentLog;
  version: string;
  clock?: SteadyClock;
}

const signOfLifeEveryMs = 5_000;
const drainPatienceMs = 10_000;
const roundsAtOnce = 16;
/** Round trips of a queue look like a clock that is a little behind: less than this is taken for that. */
const toleratedOffsetMs = 250;
const offsetSamples = 60;

/** Runs the probes of one location: takes rounds from its queue, hands results back. */
export class Agent {
  readonly id = randomUUID();
  readonly #options: AgentOptions;
  readonly #clock: SteadyClock;
  readonly #startedAtMs: number;
  readonly #queues: Queues;
  readonly #outbox: Outbox;
  readonly #runner: RoundRunner;
  #lifeTimer: NodeJS.Timeout | undefined;
  #offsets: number[] = [];

  constructor(options: AgentOptions) {
    const { location, store, spoolFolder, guard, log } = options;
    this.#options = options;
    this.#clock = options.clock ?? new SteadyClock();
    this.#startedAtMs = this.#clock.now();
    this.#queues = new Queues(store, (err) => log.debug({ err }, 'queue connection'));
    this.#outbox = new Outbox({
      folder: spoolFolder,
      log,
      describe: () => this.#describe(),
      send: async (batch, jobId) => {
        await this.#queues.queue(resultsQueue).add(jobNames.batch, batch, {
          jobId,
          removeOnComplete: { age: 60 },
          // A failed job that is kept would swallow the same batch when it is sent again.
          removeOnFail: true,
        });
      },
    });
    this.#runner = new RoundRunner({
      guard,
      now: () => this.serverNow(),
      prepare: (spec) => prepareSpec(spec, options.locationKey),
      report: (observation, changed) => this.#outbox.add(observation, changed),
    });
    log.info({ agent: this.id, location }, 'agent made');
  }

  /** This agent's clock less the server's, ms; 0 while it cannot be told from the way through the queue. */
  get clockOffsetMs(): number {
    const least = Math.min(...this.#offsets);
    return Number.isFinite(least) && (least < 0 || least > toleratedOffsetMs) ? least : 0;
  }

  serverNow(): number {
    return this.#clock.now() - this.clockOffsetMs;
  }

  async start(): Promise<void> {
    await this.#queues.migrate();
    this.#outbox.start();
    this.#queues.worker<unknown, unknown>(roundsQueue(this.#options.location), roundsAtOnce, (job) =>
      this.#handle(job),
    );
    this.#signOfLife();
    this.#lifeTimer = setInterval(() => this.#signOfLife(), signOfLifeEveryMs);
  }

  /** Takes no more rounds, ends the runs it has, hands their results over or keeps them on disk. */
  async stop(): Promise<void> {
    clearInterval(this.#lifeTimer);
    await this.#queues.closeWorkers();
    await this.#runner.drain(drainPatienceMs);
    await this.#outbox.stop();
    await this.#queues.close();
  }

  async #handle(job: Job<unknown, unknown>): Promise<unknown> {
    switch (job.name) {
      case jobNames.round:
        return this.#takeRound(job.data);
      case jobNames.try:
        return this.#tryRun(job.data);
      default:
        throw new Error(`an agent knows no job named ${job.name}`);
    }
  }

  /** Done as soon as the runs are on timers: targets that hang never hold up the queue. */
  #takeRound(data: unknown): string {
    const round = roundSchema.parse(data);
    this.#offsets = [...this.#offsets.slice(1 - offsetSamples), this.#clock.now() - round.sentAtMs];
    for (const [agent, { through, beyond }] of Object.entries(round.confirmed))
      this.#outbox.confirm(agent, through, beyond);
    if (this.#runner.take(round)) return 'taken';
    this.#options.log.warn({ epoch: round.epoch }, 'a round of a server that lost its lease is refused');
    return 'refused';
  }

  async #tryRun(data: unknown): Promise<Outcome> {
    const { kind, config, timeoutMs } = tryRunSchema.parse(data);
    const prepared = prepareSpec({ kind, config }, this.#options.locationKey);
    return runProbe(prepared.kind, prepared.config, { timeoutMs, guard: this.#options.guard });
  }

  #describe(): Omit<ResultBatch, 'batch' | 'observations'> {
    return {
      agent: this.id,
      location: this.#options.location,
      version: this.#options.version,
      sentAtMs: this.serverNow(),
      startedAtMs: this.#startedAtMs,
      clockOffsetMs: this.clockOffsetMs,
      inFlight: this.#runner.inFlight,
      droppedRuns: this.#runner.dropped,
      unconfirmedBatches: this.#outbox.unconfirmed,
    };
  }

  #signOfLife(): void {
    const stepMs = this.#clock.takeStep();
    if (stepMs !== 0)
      this.#options.log.warn({ stepMs: Math.round(stepMs) }, 'the wall clock stepped; it is absorbed slowly');
    const life: ResultBatch = { ...this.#describe(), batch: 0, observations: [] };
    this.#queues
      .queue(resultsQueue)
      .add(jobNames.batch, life, { removeOnComplete: true, removeOnFail: true })
      .catch((err: unknown) => this.#options.log.debug({ err }, 'no sign of life could be sent'));
  }
}

function prepareSpec({ kind: name, config }: Pick<SeriesSpec, 'kind' | 'config'>, key: Buffer) {
  const kind = probeKind(name);
  const open = (text: string) => (isSealed(text) ? unseal(key, text) : text);
  return { kind, config: mapPaths(config, secretPaths(name), open) };
}
