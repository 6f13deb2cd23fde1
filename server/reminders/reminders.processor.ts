import { Inject, Injectable } from '@nestjs/common';
import type { Job } from 'bullmq';
import { Queues } from '../../probes/queues.ts';
import { SteadyClock } from '../../probes/support/clock.ts';
import { LOGGER, type Logger } from '../platform/logger.ts';
import { RemindingService } from './reminding.service.ts';

const queueName = 'reminders';
const jobName = 'remind';
/** Servers that ask within the same slot add one job. */
const slotMs = 600_000;
/** Kept for longer than a slot, so that a slot is not worked off twice. */
const kept = { age: 3_600 };

/** Reminds by a job that any server may add, any may run, and any may run again. */
@Injectable()
export class RemindersProcessor {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    readonly queues: Queues,
    readonly reminding: RemindingService,
    readonly clock: SteadyClock,
    @Inject(LOGGER) readonly log: Logger,
  ) {}

  start(): void {
    const worker = this.queues.worker(queueName, 1, (job: Job<unknown, number>) => this.process(job));
    worker.on('failed', (job, err) => this.log.error({ err, job: job?.id }, 'a job of reminders failed'));
    const ask = () => void this.ask().catch((err: unknown) => this.log.warn({ err }, 'reminders could not be queued'));
    ask();
    this.#timer = setInterval(ask, slotMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Adds the job of the present slot; there is one whoever asks. */
  async ask(): Promise<void> {
    const jobId = `remind-${Math.floor(this.clock.now() / slotMs)}`;
    await this.queues.queue(queueName).add(jobName, {}, { jobId, removeOnComplete: kept, removeOnFail: kept });
  }

  /** Answers of how many steps it reminded. */
  async process({ name }: Pick<Job, 'name'>): Promise<number> {
    if (name !== jobName) throw new Error(`the queue of reminders knows no job named ${name}`);
    const count = await this.reminding.remindDue();
    if (count > 0) this.log.info({ count }, 'people were reminded');
    return count;
  }
}
