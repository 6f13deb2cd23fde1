import { Inject, Injectable } from '@nestjs/common';
import type { Job } from 'bullmq';
import { Queues } from '../../../probes/queues.ts';
import { Database } from '../../platform/database.ts';
import type { Health } from '../../platform/health-registry.ts';
import { LOGGER, type Logger } from '../../platform/logger.ts';
import { channelKinds } from './channel-kinds.ts';
import { DeliveriesRepository } from './deliveries.repository.ts';
import { deliveriesChannel, DeliveriesService } from './deliveries.service.ts';
import { keptDays } from './delivery-timing.ts';
import { SelfTestsService } from './self-tests.service.ts';

const queueName = 'deliveries';
const jobName = 'send';
/** Nothing waits for it: it finds what a lost notice or a killed server has left. */
const sweepEveryMs = 15_000;
const forgetEveryMs = 3_600_000;
const mostAtOnce = 500;
/** Attempts wait for receivers and cost nothing meanwhile; how many one channel may have is limited by its kind. */
const attemptsAtOnce = 200;
const rooms = Object.fromEntries(channelKinds.map(({ kind, concurrency }) => [kind, concurrency]));

interface DeliveryJob {
  id: number;
  attempts: number;
}

/** Sends what is in the outbox by jobs: the database says what is due, and when the next will be; the queue carries it. */
@Injectable()
export class DeliveriesProcessor {
  /** Ids of channels to look at, or all of them; null: none. */
  #asked: Set<number> | 'all' | null = null;
  #isLooking = false;
  #stopped = true;
  #timers: NodeJS.Timeout[] = [];
  #wake: { at: number; timer: NodeJS.Timeout } | null = null;

  constructor(
    readonly queues: Queues,
    readonly database: Database,
    readonly deliveries: DeliveriesRepository,
    readonly sending: DeliveriesService,
    readonly selfTests: SelfTestsService,
    @Inject(LOGGER) readonly log: Logger,
  ) {}

  start(): void {
    this.#stopped = false;
    const worker = this.queues.worker(queueName, attemptsAtOnce, (job: Job<DeliveryJob, void>) => this.process(job));
    worker.on('failed', (job, err) => this.log.error({ err, job: job?.id }, 'a delivery failed'));
    this.database.listen(
      deliveriesChannel,
      (channelId) => this.look(Number(channelId)),
      () => this.look('all'),
    );
    const sweep = () => {
      this.look('all');
      this.#try('giving deliveries up', () => this.sending.giveUpHeld());
      this.#try('self-tests of channels', () => this.selfTests.order());
    };
    const forget = () => this.#try('forgetting deliveries', () => this.deliveries.forget(keptDays));
    this.#timers = [setInterval(sweep, sweepEveryMs), setInterval(forget, forgetEveryMs)];
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) clearInterval(timer);
    if (this.#wake) clearTimeout(this.#wake.timer);
  }

  /** Looks soon at what a channel has to send, or all have; what is asked for during a look is looked at after it. */
  look(what: number | 'all'): void {
    if (this.#stopped) return;
    if (what === 'all') this.#asked = 'all';
    else if (this.#asked !== 'all') this.#asked = (this.#asked ?? new Set()).add(what);
    if (!this.#isLooking) void this.#lookOn();
  }

  async #lookOn(): Promise<void> {
    this.#isLooking = true;
    try {
      while (this.#asked !== null && !this.#stopped) {
        const channelIds = this.#asked === 'all' ? null : [...this.#asked];
        this.#asked = null;
        await this.#lookAt(channelIds);
      }
    } catch (err) {
      // The sweep, or the line that comes back, looks again.
      this.log.warn({ err }, 'deliveries could not be queued');
    } finally {
      this.#isLooking = false;
    }
  }

  /**
   * Adds a job for each delivery that is due. A job is named by its attempt, so that it waits once however many servers add
   * it; one that has ended goes, whatever came of it: kept, it would be in the way of the next under the same name.
   */
  async #lookAt(channelIds: readonly number[] | null): Promise<void> {
    const due = await this.deliveries.due(rooms, channelIds, mostAtOnce);
    if (due.length > 0) {
      await this.queues.queue(queueName).addBulk(
        due.map(({ id, attempts }) => ({
          name: jobName,
          data: { id, attempts },
          opts: { jobId: `delivery-${id}-${attempts}`, removeOnComplete: true, removeOnFail: true },
        })),
      );
    }
    const nextMs = await this.deliveries.nextInMs(channelIds);
    if (nextMs !== null) this.#wakeIn(nextMs);
  }

  /** Looks at everything when the next is due. */
  #wakeIn(ms: number): void {
    const at = performance.now() + ms;
    if (ms > sweepEveryMs || (this.#wake && this.#wake.at <= at)) return;
    if (this.#wake) clearTimeout(this.#wake.timer);
    const timer = setTimeout(() => {
      this.#wake = null;
      this.look('all');
    }, ms);
    this.#wake = { at, timer };
  }

  async process({ name, data: { id, attempts } }: Pick<Job<DeliveryJob>, 'name' | 'data'>): Promise<void> {
    if (name !== jobName) throw new Error(`the queue of deliveries knows no job named ${name}`);
    const channelId = await this.sending.attempt(id, attempts);
    // There is room for another one now.
    if (channelId !== null) this.look(channelId);
  }

  /** Whether everybody was told what the last day had to tell, and nothing lies about that should be sent. */
  async health(): Promise<Health> {
    const { failed, overdue } = await this.deliveries.troubles();
    const told = [
      ...(failed > 0 ? [`${messagesOf(failed)} of the last day could not be delivered`] : []),
      ...(overdue > 0 ? [`${messagesOf(overdue)} should have been sent long ago`] : []),
    ];
    return { ok: told.length === 0, detail: told.join('; ') || 'every message was delivered' };
  }

  #try(what: string, act: () => Promise<void>): void {
    act().catch((err: unknown) => this.log.warn({ err }, `${what} failed`));
  }
}

const messagesOf = (count: number): string => `${count} ${count === 1 ? 'message' : 'messages'}`;
