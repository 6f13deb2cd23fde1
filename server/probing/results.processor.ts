import { Inject, Injectable } from '@nestjs/common';
import type { Job } from 'bullmq';
import { jobNames, resultBatchSchema, resultsQueue, wireObservationSchema } from '../../probes/contract.ts';
import { z } from 'zod';
import { Queues } from '../../probes/queues.ts';
import { Database } from '../platform/database.ts';
import { LOGGER, type Logger } from '../platform/logger.ts';
import { AgentsRepository } from './agents.repository.ts';
import { agentsChannel } from './dispatcher.service.ts';
import { RecordResultsService } from './record-results.service.ts';

const agentsAtOnce = 4;
const envelopeSchema = resultBatchSchema.extend({ observations: z.array(z.unknown()) });

/** Feeds what agents send into ingest. A job that cannot be read fails, is logged, and holds up nothing. */
@Injectable()
export class ResultsProcessor {
  constructor(
    readonly queues: Queues,
    readonly recordResults: RecordResultsService,
    readonly agents: AgentsRepository,
    readonly database: Database,
    @Inject(LOGGER) readonly log: Logger,
  ) {}

  readonly #turns = new Map<string, Promise<void>>();

  start(): void {
    const worker = this.queues.worker(resultsQueue, agentsAtOnce, (job) => this.process(job));
    worker.on('failed', (job, err) =>
      this.log.error({ err, job: job?.id, name: job?.name }, 'a job of results failed'),
    );
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
    if (batch.batch > 0) return this.#inTurn(batch.agent, () => this.recordResults.recordBatch(batch));
    if (await this.agents.seen(batch)) await this.database.notify(agentsChannel, batch.location);
  }

  /** Agents are served side by side, batches of one agent in their order: out of order they would be late results. */
  async #inTurn(agent: string, act: () => Promise<void>): Promise<void> {
    const turn = (this.#turns.get(agent) ?? Promise.resolve()).then(act, act);
    this.#turns.set(agent, turn);
    try {
      await turn;
    } finally {
      if (this.#turns.get(agent) === turn) this.#turns.delete(agent);
    }
  }
}
