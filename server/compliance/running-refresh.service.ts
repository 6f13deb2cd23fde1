import { Inject, Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { Database } from '../platform/database.ts';
import { LOGGER, type Logger } from '../platform/logger.ts';
import { figuresChannel, RunningFiguresRepository } from './running-figures.repository.ts';
import { RunningFiguresService } from './running-figures.service.ts';

/** Changes that follow each other at once are worked off together. */
const restMs = 100;
/** So often it is looked whether time alone has changed a verdict. */
const watchMs = 15_000;
const retryMs = 2_000;
const mostAtOnce = 50;

/** Keeps running figures current: after changes, and before they run out. Any number of servers may do it at once. */
@Injectable()
export class RunningRefreshService {
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Infinity;
  #turning: Promise<void> | undefined;
  #isAsked = false;
  #watchAt = 0;
  #isRunning = false;
  #isStopping = false;

  constructor(
    readonly figures: RunningFiguresRepository,
    readonly running: RunningFiguresService,
    readonly database: Database,
    readonly clock: SteadyClock,
    @Inject(LOGGER) readonly log: Logger,
  ) {}

  start(): void {
    this.#isRunning = true;
    const soon = () => this.#soon();
    this.database.listen(figuresChannel, soon, soon);
    this.#turnIn(0);
  }

  async stop(): Promise<void> {
    this.#isRunning = false;
    this.#isStopping = true;
    clearTimeout(this.#timer);
    await this.#turning;
  }

  /** Evaluates anew what is in doubt or runs out; answers how many agreements. */
  async refresh(): Promise<number> {
    await this.figures.takeMarks();
    // One that fails must not keep the others from their turn.
    const failed = new Map<string, unknown>();
    let count = 0;
    for (let keys: string[] = []; ;) {
      keys = await this.figures.due(Math.floor(this.clock.now()), [...failed.keys()], mostAtOnce);
      for (const key of keys) {
        if (this.#isStopping) return count;
        await this.running.refresh(key).catch((err: unknown) => failed.set(key, err));
      }
      count += keys.length;
      if (keys.length < mostAtOnce) break;
    }
    if (failed.size > 0)
      throw new AggregateError(
        [...failed.values()],
        `the figures of ${[...failed.keys()].join(', ')} could not be made`,
      );
    return count;
  }

  #soon(): void {
    if (this.#turning) this.#isAsked = true;
    else this.#turnIn(restMs);
  }

  /** A turn that comes sooner stays: changes that never rest must not put it off. */
  #turnIn(waitMs: number): void {
    const dueAt = performance.now() + waitMs;
    if (!this.#isRunning || dueAt >= this.#dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = dueAt;
    this.#timer = setTimeout(() => {
      this.#dueAt = Infinity;
      this.#isAsked = false;
      this.#turning = this.#turn().then((nextMs) => {
        this.#turning = undefined;
        this.#turnIn(this.#isAsked ? restMs : nextMs);
      });
    }, waitMs);
  }

  /** Answers how long the next turn may wait. */
  async #turn(): Promise<number> {
    try {
      // Agreements that cannot be evaluated must not silence the others.
      await this.refresh().finally(() => this.#watch());
      const dueMs = await this.figures.nextDueMs();
      const watchInMs = this.#watchAt - performance.now();
      return Math.max(restMs, Math.min(watchInMs, (dueMs ?? Infinity) - this.clock.now()));
    } catch (err) {
      if (!this.#isStopping) this.log.warn({ err }, 'figures could not be kept current, trying again');
      return retryMs;
    }
  }

  async #watch(): Promise<void> {
    if (performance.now() < this.#watchAt) return;
    await this.running.noteVerdicts();
    this.#watchAt = performance.now() + watchMs;
  }
}
