import { Inject, Injectable } from '@nestjs/common';
import type { Job } from 'bullmq';
import {
  jobNames,
  resultBatchSchema,
  resultsQueue,
  wireObservationSchema,
  type ResultBatch,
} from '../../probes/contract.ts';
import { Queues } from '../../probes/queues.ts';
import { SteadyClock } from '../../probes/support/clock.ts';
import { batchObservationsSchema } from '../../probes/support/packed-job.ts';
import { Database } from '../platform/database.ts';
import { LOGGER, type Logger } from '../platform/logger.ts';
import { AgentTurns } from './agent-turns.ts';
import { AgentsRepository } from './agents.repository.ts';
import { agentsChannel } from './dispatcher.service.ts';
import { RecordResultsService } from './record-results.service.ts';

const agentsAtOnce = 4;
/** Those of one agent are recorded together. */
export const jobsAtOnce = 32;
const envelopeSchema = resultBatchSchema.extend({ observations: batchObservationsSchema });

/** Feeds what agents send into ingest. A job that cannot be read fails, is logged, and holds up nothing. */
@Injectable()
export class ResultsProcessor {
  constructor(
    readonly queues: Queues,
    readonly recordResults: RecordResultsService,
    readonly agents: AgentsRepository,
    readonly database: Database,
    readonly clock: SteadyClock,
    @Inject(LOGGER) readonly log: Logger,
  ) {}

  readonly #turns = new AgentTurns(agentsAtOnce, (batches) => this.recordResults.recordBatches(batches));
  /** When this server took each job that it has in hand, by the steady clock. */
  readonly #takenAt = new Map<Job<unknown, unknown>, number>();

  start(): void {
    const worker = this.queues.worker(resultsQueue, jobsAtOnce, (job: Job<unknown, unknown>) => this.#inHand(job));
    worker.on('failed', (job, err) =>
      this.log.error({ err, job: job?.id, name: job?.name }, 'a job of results failed'),
    );
  }

  /** How long the oldest of what agents have sent waits right now, in the queue or in hand, ms; 0 when nothing waits. */
  async lagMs(): Promise<number> {
    const [oldest] = await this.queues.queue(resultsQueue).getWaiting(0, 0);
    const waitingMs = oldest ? this.clock.now() - sentAtMs(oldest) : 0;
    const inHandMs = [...this.#takenAt.values()].map((takenAt) => performance.now() - takenAt);
    return Math.max(0, waitingMs, ...inHandMs);
  }

  async #inHand(job: Job<unknown, unknown>): Promise<void> {
    this.#takenAt.set(job, performance.now());
    try {
      await this.process(job);
    } finally {
      this.#takenAt.delete(job);
    }
  }

  async process(job: Job<unknown, unknown>): Promise<void> {
    if (job.name !== jobNames.batch) throw new Error(`the results queue knows no job named ${job.name}`);
    const { observations, ...head } = envelopeSchema.parse(job.data);
    const read = observations.flatMap((each) => {
      const { success, data } = wireObservationSchema.safeParse(each);
      return success ? [data] : [];
    });
    // One that cannot be read must not take the others along, nor come again for ever.
    if (read.length < observations.length)
      this.recordResults.refuse(head.location, 'unreadable', observations.length - read.length);
    const batch = { ...head, observations: read };
    if (batch.batch > 0) return this.#turns.take(batch);
    if (await this.agents.seen(batch)) await this.database.notify(agentsChannel, batch.location);
  }
}

/** When a job was put on the queue, by the server's clock: agents say how far theirs is off. */
function sentAtMs({ data, timestamp }: Job): number {
  const { clockOffsetMs } = (data ?? {}) as Partial<ResultBatch>;
  return timestamp - (Number.isFinite(clockOffsetMs) ? clockOffsetMs! : 0);
}
