import { Inject, Injectable } from '@nestjs/common';
import { Counter, Histogram } from 'prom-client';
import type { ResultBatch } from '../../probes/contract.ts';
import { SteadyClock } from '../../probes/support/clock.ts';
import { commitBatch, hasBatch } from '../domain/batch-ledger.ts';
import { Database } from '../platform/database.ts';
import { LOGGER, type Logger } from '../platform/logger.ts';
import { Metrics } from '../platform/metrics.ts';
import { AgentsRepository } from './agents.repository.ts';
import { OwedSlots } from './owed-slots.ts';
import { SeriesFoldService } from './series-fold.service.ts';

/** Takes batches of agents in: each is one transaction, and counts once. */
@Injectable()
export class RecordResultsService {
  readonly #refused: Counter<'reason'>;
  readonly #stored: Counter;
  readonly #lag: Histogram;
  #newestLagMs = 0;

  constructor(
    readonly database: Database,
    readonly agents: AgentsRepository,
    readonly owedSlots: OwedSlots,
    readonly fold: SeriesFoldService,
    readonly clock: SteadyClock,
    @Inject(LOGGER) readonly log: Logger,
    @Inject(Metrics) metrics: Metrics,
  ) {
    const registers = [metrics.registry];
    this.#refused = new Counter({
      name: 'troth_refused_observations_total',
      help: 'Observations that were not owed',
      labelNames: ['reason'],
      registers,
    });
    this.#stored = new Counter({ name: 'troth_observations_total', help: 'Observations stored', registers });
    this.#lag = new Histogram({
      name: 'troth_ingest_lag_seconds',
      help: 'From the agent sending a batch to its commit',
      buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
      registers,
    });
  }

  /** Milliseconds from sending to commit of the newest batch. */
  get lagMs(): number {
    return this.#newestLagMs;
  }

  /** Records a numbered batch of an agent, once: a batch that comes again changes nothing. */
  async recordBatch(batch: ResultBatch): Promise<void> {
    const { owed, refused } = await this.owedSlots.sort(batch.location, batch.observations);
    await this.database.transaction(async () => {
      const ledger = await this.agents.lockLedger(batch);
      if (!ledger || hasBatch(ledger, batch.batch)) return;
      await this.fold.record(owed);
      await this.agents.writeLedger(batch.agent, commitBatch(ledger, batch.batch));
    });
    this.#stored.inc(owed.length);
    for (const [reason, count] of refused) this.#refused.inc({ reason }, count);
    if (refused.size > 0) {
      this.log.warn({ location: batch.location, refused: Object.fromEntries(refused) }, 'observations were refused');
    }
    this.#newestLagMs = Math.max(0, this.clock.now() - batch.sentAtMs);
    this.#lag.observe(this.#newestLagMs / 1_000);
  }
}
