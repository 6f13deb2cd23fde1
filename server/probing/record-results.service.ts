import { Inject, Injectable } from '@nestjs/common';
import { Counter, Histogram } from 'prom-client';
import type { ResultBatch } from '../../probes/contract.ts';
import { SteadyClock } from '../../probes/support/clock.ts';
import { commitBatch, hasBatch } from '../domain/batch-ledger.ts';
import { Database } from '../platform/database.ts';
import { LOGGER, type Logger } from '../platform/logger.ts';
import { Metrics } from '../platform/metrics.ts';
import { AgentsRepository } from './agents.repository.ts';
import { OwedSlots, type Refusal } from './owed-slots.ts';
import { SeriesFoldService } from './series-fold.service.ts';

/** Takes batches of agents in: each is one transaction, and counts once. */
@Injectable()
export class RecordResultsService {
  readonly #refused: Counter<'reason'>;
  readonly #stored: Counter;
  readonly #lag: Histogram;
  #storedHere = 0;

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

  /** Observations that this process has stored since its start. */
  get storedHere(): number {
    return this.#storedHere;
  }

  /** Records a numbered batch of an agent, once: a batch that comes again changes nothing. */
  async recordBatch(batch: ResultBatch): Promise<void> {
    const { owed, refused } = await this.owedSlots.sort(batch.location, batch.observations);
    const isNew = await this.database.transaction(async () => {
      const ledger = await this.agents.lockLedger(batch);
      if (!ledger) return false;
      const isFirst = !hasBatch(ledger, batch.batch);
      if (isFirst) await this.fold.record(owed);
      // Also when it came again: that its sender is told so needs an agent that was heard of late.
      await this.agents.writeLedger(batch.agent, isFirst ? commitBatch(ledger, batch.batch) : ledger);
      return isFirst;
    });
    if (!isNew) return;
    this.#stored.inc(owed.length);
    this.#storedHere += owed.length;
    for (const [reason, count] of refused) this.refuse(batch.location, reason, count);
    this.#lag.observe(Math.max(0, this.clock.now() - batch.sentAtMs) / 1_000);
  }

  /** Counts and logs observations that are not taken. */
  refuse(location: string, reason: Refusal | 'unreadable', count: number): void {
    this.#refused.inc({ reason }, count);
    this.log.warn({ location, reason, count }, 'observations were refused');
  }
}
