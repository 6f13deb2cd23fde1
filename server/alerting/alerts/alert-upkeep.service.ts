import { Inject, Injectable } from '@nestjs/common';
import { Database, isDatabaseAway } from '../../platform/database.ts';
import { LOGGER, type Logger } from '../../platform/logger.ts';
import { AlertDutiesService } from './alert-duties.service.ts';
import { alertsChannel } from './alerts.event.ts';

/** Nothing waits for it: it finds what a lost notice or a killed server has left. */
const sweepEveryMs = 15_000;
const soonMs = 50;
const forgetEveryMs = 3_600_000;

/** Does what is due of alerts when it is due: the database says when that is. Any number of servers may do it at once. */
@Injectable()
export class AlertUpkeepService {
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Infinity;
  #turn: Promise<void> | undefined;
  #isAsked = false;
  #isRunning = false;
  #forgetting: NodeJS.Timeout | undefined;

  constructor(
    readonly duties: AlertDutiesService,
    readonly database: Database,
    @Inject(LOGGER) readonly log: Logger,
  ) {}

  start(): void {
    this.#isRunning = true;
    const soon = () => this.#soon();
    this.database.listen(alertsChannel, soon, soon);
    this.#turnIn(0);
    this.#forgetting = setInterval(() => {
      this.duties.forget().catch((err: unknown) => this.log.warn({ err }, 'forgetting alerts failed'));
    }, forgetEveryMs);
  }

  async stop(): Promise<void> {
    this.#isRunning = false;
    clearInterval(this.#forgetting);
    clearTimeout(this.#timer);
    await this.#turn;
  }

  #soon(): void {
    if (this.#turn) this.#isAsked = true;
    else this.#turnIn(soonMs);
  }

  /** A turn that comes sooner stays: notices that never rest must not put it off. */
  #turnIn(waitMs: number): void {
    const dueAt = performance.now() + waitMs;
    if (!this.#isRunning || dueAt >= this.#dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = dueAt;
    this.#timer = setTimeout(() => {
      this.#dueAt = Infinity;
      this.#isAsked = false;
      this.#turn = this.#do().then((nextMs) => {
        this.#turn = undefined;
        this.#turnIn(this.#isAsked ? soonMs : nextMs);
      });
    }, waitMs);
  }

  /** Answers how long the next turn may wait. */
  async #do(): Promise<number> {
    try {
      const nextInMs = await this.duties.do();
      return Math.max(soonMs, Math.min(sweepEveryMs, nextInMs));
    } catch (err) {
      if (isDatabaseAway(err)) this.log.warn({ err }, 'what is due of alerts waits for the database');
      else this.log.error({ err }, 'what is due of alerts could not be done');
      return 2_000;
    }
  }
}
