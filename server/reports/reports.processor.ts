import { Inject, Injectable } from '@nestjs/common';
import type { Job } from 'bullmq';
import { Queues } from '../../probes/queues.ts';
import { SteadyClock } from '../../probes/support/clock.ts';
import { LOGGER, type Logger } from '../platform/logger.ts';
import { ReportClosingService } from './report-closing.service.ts';

const queueName = 'reports';
const jobName = 'close';
/** Servers that ask within the same slot add one job. */
const slotMs = 300_000;
/** Kept for longer than a slot, so that a slot is not worked off twice. */
const kept = { age: 3_600 };

/** Closes periods by a job that any server may add, any may run, and any may run again. */
@Injectable()
export class ReportsProcessor {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    readonly queues: Queues,
    readonly closing: ReportClosingService,
    readonly clock: SteadyClock,
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
    await this.queues.queue(queueName).add(jobName, {}, { jobId, removeOnComplete: kept, removeOnFail: kept });
  }

  /** Answers how many reports it froze. */
  async process({ name }: Pick<Job, 'name'>): Promise<number> {
    if (name !== jobName) throw new Error(`the queue of reports knows no job named ${name}`);
    const closed = await this.closing.closeDue();
    const revised = await this.closing.reviseDoubtful();
    if (closed + revised > 0) this.log.info({ closed, revised }, 'reports were frozen');
    return closed + revised;
  }
}
