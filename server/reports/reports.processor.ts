import { Inject, Injectable } from '@nestjs/common';
import type { Job } from 'bullmq';
import { Queues } from '../../probes/queues.ts';
import { SteadyClock } from '../../probes/support/clock.ts';
import { Database } from '../platform/database.ts';
import { LOGGER, type Logger } from '../platform/logger.ts';
import { ReportClosingService } from './report-closing.service.ts';

const queueName = 'reports';
const jobNames = { close: 'close', revise: 'revise' } as const;
/** Servers that ask within the same slot add one job. */
const slotMs = 300_000;
/** Kept for longer than a slot, so that a slot is not worked off twice. */
const kept = { age: 3_600 };

/** Closes and revises periods by jobs that any server may add, any may run, and any may run again. */
@Injectable()
export class ReportsProcessor {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    readonly queues: Queues,
    readonly closing: ReportClosingService,
    readonly clock: SteadyClock,
    readonly database: Database,
    @Inject(LOGGER) readonly log: Logger,
  ) {}

  start(): void {
    const worker = this.queues.worker(queueName, 1, (job: Job<unknown, number>) => this.process(job));
    worker.on('failed', (job, err) => this.log.error({ err, job: job?.id }, 'a job of reports failed'));
    const ask = () =>
      void this.ask().catch((err: unknown) => this.log.warn({ err }, 'the closing of periods could not be queued'));
    ask();
    this.#timer = setInterval(ask, slotMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Adds the job of the present slot; there is one whoever asks. */
  async ask(): Promise<void> {
    const jobId = `close-${Math.floor(this.clock.now() / slotMs)}`;
    await this.queues.queue(queueName).add(jobNames.close, {}, { jobId, removeOnComplete: kept, removeOnFail: kept });
  }

  /** Adds a job that revises what is in doubt, as soon as what brought it there is committed. Lost, it comes with the slot. */
  reviseAfterCommit(): void {
    const add = () =>
      this.queues.queue(queueName).add(jobNames.revise, {}, { removeOnComplete: kept, removeOnFail: kept });
    this.database.afterCommit(() => {
      add().catch((err: unknown) => this.log.warn({ err }, 'the revision of reports could not be queued'));
    });
  }

  /** Answers how many reports it froze. */
  async process({ name }: Pick<Job, 'name'>): Promise<number> {
    if (name !== jobNames.close && name !== jobNames.revise)
      throw new Error(`the queue of reports knows no job named ${name}`);
    const closed = name === jobNames.close ? await this.closing.closeDue() : 0;
    const revised = await this.closing.reviseDoubtful();
    if (closed + revised > 0) this.log.info({ closed, revised }, 'reports were frozen');
    return closed + revised;
  }
}
