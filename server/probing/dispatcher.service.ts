import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { jobNames, roundsQueue, type RoundRun } from '../../probes/contract.ts';
import { Queues } from '../../probes/queues.ts';
import { SteadyClock } from '../../probes/support/clock.ts';
import { packRound } from '../../probes/support/packed-job.ts';
import { dayMs } from '../domain/durations.ts';
import { chunks, groupBy } from '../domain/grouping.ts';
import { Plan, type OwedRun } from '../domain/plan.ts';
import { spreadOffsetMs } from '../domain/slots.ts';
import { Database } from '../platform/database.ts';
import { LOGGER, type Logger } from '../platform/logger.ts';
import { Metrics } from '../platform/metrics.ts';
import { AgentsRepository, type AgentState } from './agents.repository.ts';
import { DispatchLease, type LeaseHolder } from './dispatch-lease.ts';
import type { LeaseGrant } from './lease.repository.ts';
import { PlanningRepository } from './planning.repository.ts';
import { SeriesDirectory, type OwedSeries } from './series-directory.ts';

/** An agent came to life somewhere; the payload is its location. */
export const agentsChannel = 'troth_agents';
/** Services whose probes are to be run again at once; the payload is their ids. */
export const recheckChannel = 'troth_recheck';

/** Each round costs about as much as three runs, and a large one holds up what is due as it is formed and taken in. */
const stepsMs = [1_000, 500, 250] as const;
const longestStepMs = stepsMs[0];
/** Slots are handed out this long before the end of the step they lie in. */
const aheadMs = 2_000;
const mostRunsInRound = 256;
/** A queue that has not taken a round by then is away. */
const queuePatienceMs = 5_000;
const emptyRoundEveryMs = 5_000;
/** After an outage, what is still owed starts within this, not all at once. */
const catchUpMs = 2_000;
/** A gap between two holders of the lease is at most this; a longer one is an outage. */
const takeOverMs = 30_000;

/** One location's part of the plan. */
interface Lane {
  plan: Plan<OwedSeries>;
  alive: boolean;
  lastRoundMs: number;
  /** What was taken from the plan and is not on the queue yet. */
  unsent: Unsent[];
  /** While its queue is asked to take rounds; a queue that does not answer holds up no other location. */
  sending: Promise<void> | null;
}

interface Unsent {
  run: OwedRun<OwedSeries>;
  /** The step it was taken in, to which two holders of the lease give the same name; null when it is none of its regular runs. */
  stepMs: number | null;
}

/** While this server holds the lease: forms the rounds of the coming step and puts them on their locations' queues. */
@Injectable()
export class DispatcherService implements LeaseHolder {
  readonly #lanes = new Map<string, Lane>();
  #agents: readonly AgentState[] = [];
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> = Promise.resolve();
  #untilMs = 0;
  #extraRounds = 0;
  readonly #dispatched: Counter;

  constructor(
    readonly lease: DispatchLease,
    readonly directory: SeriesDirectory,
    readonly planning: PlanningRepository,
    readonly agents: AgentsRepository,
    readonly queues: Queues,
    readonly clock: SteadyClock,
    @Inject(LOGGER) readonly log: Logger,
    @Inject(Metrics) metrics: Metrics,
    @Inject(Database) readonly database: Database,
  ) {
    const registers = [metrics.registry];
    this.#dispatched = new Counter({ name: 'troth_dispatched_runs_total', help: 'Runs handed to agents', registers });
    metrics.registry.registerMetric(
      new Gauge({
        name: 'troth_dispatch_lease_held',
        help: '1 while this server dispatches',
        registers: [],
        collect() {
          this.set(lease.isHeld ? 1 : 0);
        },
      }),
    );
  }

  get dispatchedUntilMs(): number {
    return Math.floor(this.#untilMs);
  }

  async start(): Promise<void> {
    this.directory.onChange(() => this.#soon(() => this.#followDirectory()));
    const nothing = () => undefined;
    this.database.listen(agentsChannel, () => this.#soon(() => this.#dispatch()), nothing);
    this.database.listen(recheckChannel, (ids) => this.#soon(() => this.#recheck(ids)), nothing);
    await this.lease.start(this);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#working;
    await Promise.all([...this.#lanes.values()].map(({ sending }) => sending));
    await this.lease.stop();
  }

  begin(grant: LeaseGrant): void {
    this.#soon(async () => {
      const nowMs = this.clock.now();
      const observed = await this.planning.observedSeries();
      const fromMs = Math.max(grant.dispatchedUntilMs, nowMs - dayMs);
      this.#lanes.clear();
      for (const owed of this.directory.all) {
        if (!owed.spec) continue;
        this.#lane(owed.location, fromMs).plan.set(owed, observed.has(owed.series) ? fromMs : nowMs - owed.everyMs + 1);
      }
      for (const lane of this.#lanes.values()) {
        lane.plan.resume(nowMs);
        if (nowMs - fromMs > takeOverMs) lane.alive = false;
      }
      await this.#dispatch();
      this.#tickLater();
    });
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#lanes.clear();
  }

  /** Runs one act after the other, and only while the lease is held. */
  #soon(act: () => Promise<void> | void): void {
    this.#working = this.#working.then(async () => {
      if (!this.lease.isHeld) return;
      try {
        await act();
      } catch (err) {
        this.log.warn({ err }, 'rounds could not be handed out');
      }
    });
  }

  #tickLater(): void {
    clearTimeout(this.#timer);
    const stepMs = Math.min(longestStepMs, ...[...this.#lanes.values()].map(({ plan }) => stepOf(plan)));
    this.#timer = setTimeout(
      () => {
        this.#soon(() => this.#dispatch());
        this.#tickLater();
      },
      stepMs - (this.clock.now() % stepMs) + 1,
    );
  }

  #lane(location: string, fromMs: number): Lane {
    const known = this.#lanes.get(location);
    if (known) return known;
    const lane = { plan: new Plan<OwedSeries>(fromMs), alive: true, lastRoundMs: 0, unsent: [], sending: null };
    this.#lanes.set(location, lane);
    return lane;
  }

  /** Brings the lanes in line with the directory; a new or rescheduled series runs the slot it is in at once. */
  #followDirectory(): void {
    const nowMs = this.clock.now();
    const fresh = new Set<string>();
    for (const owed of this.directory.all) {
      if (!owed.spec) continue;
      const { plan } = this.#lane(owed.location, nowMs);
      const known = plan.get(owed.series);
      if (known?.spec && known.everyMs === owed.everyMs && known.offsetMs === owed.offsetMs) {
        if (known.spec !== owed.spec) plan.replace(owed);
        continue;
      }
      plan.set(owed, nowMs - owed.everyMs + 1);
      fresh.add(owed.location);
    }
    for (const { plan } of this.#lanes.values()) {
      for (const series of plan.series) if (!this.directory.get(series)) plan.delete(series);
    }
    for (const location of fresh) {
      const lane = this.#lanes.get(location)!;
      if (lane.alive) this.#send(location, lane, lane.plan.take(lane.plan.untilMs), null);
    }
  }

  async #dispatch(): Promise<void> {
    const nowMs = this.clock.now();
    const stepEndMs = (stepMs: number): number => Math.floor(nowMs / stepMs) * stepMs + aheadMs;
    this.#agents = await this.agents.all();
    for (const [location, lane] of this.#lanes) {
      const wasAlive = lane.alive;
      lane.alive = this.#agents.some((agent) => agent.alive && agent.location === location);
      if (!lane.alive) continue;
      // An agent is back: what became due meanwhile is run late only where that still says something.
      if (!wasAlive) lane.plan.resume(nowMs);
      const stepMs = stepOf(lane.plan);
      const runs = lane.plan.take(stepEndMs(stepMs));
      if (runs.length + lane.unsent.length > 0 || nowMs - lane.lastRoundMs >= emptyRoundEveryMs)
        this.#send(location, lane, runs, wasAlive ? stepMs : null);
    }
    // What is not on a queue yet would have to be handed out by the next holder.
    const unsent = [...this.#lanes.values()].flatMap((lane) => lane.unsent.map(({ run }) => run.slotMs));
    this.#untilMs = Math.min(stepEndMs(longestStepMs), ...unsent);
  }

  /** Puts runs on the queue of their location, after what could not be put there before and is still worth a run. */
  #send(location: string, lane: Lane, runs: readonly OwedRun<OwedSeries>[], stepMs: number | null): void {
    const nowMs = this.clock.now();
    const isYoung = ({ run: { planned, slotMs } }: Unsent) => slotMs > nowMs - planned.everyMs;
    lane.unsent = [...lane.unsent.filter(isYoung), ...runs.map((run) => ({ run, stepMs }))];
    lane.sending ??= this.#sendAll(location, lane)
      .catch((err: unknown) => this.log.warn({ err, location }, 'rounds could not be handed out, trying again'))
      .finally(() => (lane.sending = null));
  }

  async #sendAll(location: string, lane: Lane): Promise<void> {
    do {
      const sentAtMs = this.clock.now();
      const batch = lane.unsent;
      // Whether the queue has taken a call that failed is not known: what it holds must not swallow what comes again.
      lane.unsent = lane.unsent.map((each) => ({ ...each, stepMs: null }));
      const again = new Set(lane.unsent);
      await this.#add(location, sentAtMs, this.#roundsOf(location, sentAtMs, batch));
      lane.lastRoundMs = sentAtMs;
      lane.unsent = lane.unsent.filter((each) => !again.has(each));
    } while (lane.unsent.length > 0);
  }

  /** Runs of the same step together; without any run an empty round, which confirms batches. */
  #roundsOf(location: string, sentAtMs: number, unsent: readonly Unsent[]): { id: string; runs: RoundRun[] }[] {
    const byStep = groupBy(unsent, ({ run: { slotMs }, stepMs }) =>
      stepMs === null ? null : `r-${location}-${stepMs}x${Math.floor(slotMs / stepMs)}`,
    );
    const rounds = [...byStep].flatMap(([step, due]) =>
      chunks(due, mostRunsInRound).map((part, index) => ({
        id: step === null ? this.#extraId(location) : `${step}-${index}`,
        runs: part.map(({ run: { planned, slotMs } }) => toRun(planned, slotMs, sentAtMs)),
      })),
    );
    return rounds.length > 0 ? rounds : [{ id: this.#extraId(location), runs: [] }];
  }

  async #add(location: string, sentAtMs: number, rounds: readonly { id: string; runs: RoundRun[] }[]): Promise<void> {
    const epoch = this.lease.epoch;
    if (epoch === null) return;
    const mine = this.#agents.filter((agent) => agent.location === location);
    const confirmed = Object.fromEntries(mine.map(({ id, through, beyond }) => [id, { through, beyond: [...beyond] }]));
    const kept = { removeOnComplete: { age: 300 }, removeOnFail: { age: 300 } };
    const queue = this.queues.queue(roundsQueue(location));
    // One by one: on Postgres adding in bulk makes tables for each call, which costs as much as five jobs.
    const adding = Promise.all(
      rounds.map(({ id, runs }) =>
        queue.add(jobNames.round, packRound({ location, epoch, sentAtMs, runs, confirmed }), { jobId: id, ...kept }),
      ),
    );
    await within(queuePatienceMs, adding);
    this.#dispatched.inc(rounds.reduce((sum, { runs }) => sum + runs.length, 0));
  }

  #extraId(location: string): string {
    this.#extraRounds += 1;
    return `x-${location}-${this.lease.epoch}-${Math.floor(this.clock.now())}-${this.#extraRounds}`;
  }

  /** Runs the probes of services again, since something that rests on them is suspect. */
  #recheck(payload: string): void {
    const ids = new Set(payload.split(',').map(Number));
    const sentAtMs = this.clock.now();
    const byLocation = groupBy(
      this.directory.ofServices(ids).filter(({ spec }) => spec),
      ({ location }) => location,
    );
    for (const [location, series] of byLocation) {
      if (!this.#lanes.get(location)?.alive) continue;
      const runs = series.map((owed) => ({ ...toRun(owed, Math.floor(sentAtMs), sentAtMs), leadMs: 0, recheck: true }));
      const rounds = chunks(runs, mostRunsInRound).map((part) => ({ id: this.#extraId(location), runs: part }));
      this.#add(location, sentAtMs, rounds).catch((err: unknown) =>
        this.log.warn({ err, location }, 'what a suspect service rests on could not be run again'),
      );
    }
  }
}

/** The longest step whose runs fit into one round. */
const stepOf = ({ perSecond }: Plan<OwedSeries>): number =>
  stepsMs.find((stepMs) => (perSecond * stepMs) / 1_000 <= mostRunsInRound) ?? stepsMs.at(-1)!;

function toRun({ spec, series, everyMs }: OwedSeries, slotMs: number, sentAtMs: number): RoundRun {
  const leadMs = slotMs - sentAtMs;
  const spreadMs = Math.min(catchUpMs, everyMs / 2);
  return { ...spec!, slotMs, leadMs: leadMs < 0 ? spreadOffsetMs(series, spreadMs) : leadMs };
}

/** @throws when the promise is not settled in time */
async function within<Result>(limitMs: number, promise: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
