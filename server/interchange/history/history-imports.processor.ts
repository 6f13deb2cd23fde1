import { Inject, Injectable } from '@nestjs/common';
import type { Job } from 'bullmq';
import { Queues } from '../../../probes/queues.ts';
import { LOGGER, type Logger } from '../../platform/logger.ts';
import { HistoryApplyService } from './history-apply.service.ts';
import { HistoryCheckService } from './history-check.service.ts';
import { HistoryImportsRepository } from './history-imports.repository.ts';
import { HistoryImportsService } from './history-imports.service.ts';

const queueName = 'history-imports';
const lookEveryMs = 10_000;
const forgetEveryMs = 3_600_000;
const workersAtOnce = 2;

interface ImportJob {
  id: number;
}

/** Checks files and takes them over by jobs: the database says what is to be done, the queue carries it. */
@Injectable()
export class HistoryImportsProcessor {
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(
    readonly queues: Queues,
    readonly imports: HistoryImportsRepository,
    readonly service: HistoryImportsService,
    readonly checking: HistoryCheckService,
    readonly applying: HistoryApplyService,
    @Inject(LOGGER) readonly log: Logger,
  ) {}

  start(): void {
    const worker = this.queues.worker(queueName, workersAtOnce, (job: Job<ImportJob, void>) => this.process(job));
    worker.on('failed', (job, err) => this.log.error({ err, job: job?.id }, 'a job of an import failed'));
    const guarded = (act: () => Promise<unknown>) => () =>
      void act().catch((err: unknown) => this.log.warn({ err }, 'imports could not be looked after'));
    const look = guarded(() => this.look());
    look();
    this.service.onDue(look);
    this.#timers.push(setInterval(look, lookEveryMs));
    this.#timers.push(
      setInterval(
        guarded(() => this.imports.removeForgotten()),
        forgetEveryMs,
      ),
    );
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  /** Adds a job for each import that waits; one that has ended goes, since it may be needed again under its name. */
  async look(): Promise<void> {
    const due = await this.imports.due();
    if (due.length === 0) return;
    await this.queues.queue(queueName).addBulk(
      due.map(({ id, state }) => ({
        name: state,
        data: { id },
        opts: { jobId: `${state}-${id}`, removeOnComplete: true, removeOnFail: true },
      })),
    );
  }

  process({ name, data: { id } }: Pick<Job<ImportJob>, 'name' | 'data'>): Promise<void> {
    if (name === 'checking') return this.checking.check(id);
    if (name === 'applying') return this.applying.apply(id);
    throw new Error(`the queue of imports knows no job named ${name}`);
  }
}
