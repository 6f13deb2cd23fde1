import { randomUUID } from 'node:crypto';
import type { Job } from 'bullmq';
import type { AgentLog } from './agent-log.ts';
import {
  jobNames,
  resultsQueue,
  roundsQueue,
  triesQueue,
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
import { packBatch, unpackRound } from './support/packed-job.ts';
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
/** The clocks are compared over this long: what waited in the queue while this agent was paused comes all at once. */
const offsetWindowMs = 60_000;
const triesAtOnce = 4;

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
  #offsetMs = 0;
  /** The least offset of each second of the window, by that second of the monotonic clock. */
  readonly #offsets = new Map<number, number>();

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
        await this.#queues.queue(resultsQueue).add(jobNames.batch, packBatch(batch), {
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
    return this.#offsetMs;
  }

  serverNow(): number {
    return this.#clock.now() - this.clockOffsetMs;
  }

  async start(): Promise<void> {
    await this.#queues.migrate();
    this.#outbox.start();
    const { location } = this.#options;
    const rounds = this.#queues.worker<unknown, unknown>(roundsQueue(location), roundsAtOnce, async (job) =>
      this.#takeRound(job),
    );
    rounds.on('failed', (job, err) => this.#options.log.error({ err, job: job?.id }, 'a round cannot be read'));
    // A queue of their own: tries of targets that hang hold up each other alone.
    this.#queues.worker<unknown, unknown>(triesQueue(location), triesAtOnce, (job) => this.#tryRun(job));
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

  /** Done as soon as the runs are on timers: targets that hang never hold up the queue. */
  #takeRound({ name, data }: Job<unknown, unknown>): string {
    if (name !== jobNames.round) throw new Error(`the queue of rounds knows no job named ${name}`);
    const round = unpackRound(data);
    // A round that does not know this agent was formed before it began, and may have waited for any time.
    if (this.id in round.confirmed) this.#compareClocks(this.#clock.now() - round.sentAtMs);
    for (const [agent, { through, beyond }] of Object.entries(round.confirmed))
      this.#outbox.confirm(agent, through, beyond);
    if (this.#runner.take(round)) return 'taken';
    this.#options.log.warn({ epoch: round.epoch }, 'a round of a server that lost its lease is refused');
    return 'refused';
  }

  #compareClocks(offsetMs: number): void {
    const nowMs = performance.now();
    const second = Math.floor(nowMs / 1_000);
    this.#offsets.set(second, Math.min(offsetMs, this.#offsets.get(second) ?? Infinity));
    for (const old of this.#offsets.keys()) if (old * 1_000 < nowMs - offsetWindowMs) this.#offsets.delete(old);
    const least = Math.min(...this.#offsets.values());
    this.#offsetMs = least < 0 || least > toleratedOffsetMs ? least : 0;
  }

  async #tryRun({ data }: Job<unknown, unknown>): Promise<Outcome> {
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
