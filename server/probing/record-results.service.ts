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

/** Takes batches of agents in; each counts once. */
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

  /** Records numbered batches of one agent in one transaction, each once: one that comes again changes nothing. */
  async recordBatches(batches: readonly ResultBatch[]): Promise<void> {
    const sorted = await Promise.all(
      batches.map(async (batch) => ({ batch, ...(await this.owedSlots.sort(batch.location, batch.observations)) })),
    );
    const recorded = await this.database.transaction(async () => {
      let ledger = await this.agents.lockLedger(batches[0]!);
      if (!ledger) return [];
      const isNew: typeof sorted = [];
      for (const each of sorted) {
        if (!hasBatch(ledger, each.batch.batch)) isNew.push(each);
        ledger = commitBatch(ledger, each.batch.batch);
      }
      await this.fold.record(isNew.flatMap(({ owed }) => owed));
      // Also when all came again: that their sender is told so needs an agent that was heard of late.
      await this.agents.writeLedger(batches[0]!.agent, ledger);
      return isNew;
    });
    for (const { batch, owed, refused } of recorded) {
      this.#stored.inc(owed.length);
      this.#storedHere += owed.length;
      for (const [reason, count] of refused) this.refuse(batch.location, reason, count);
      this.#lag.observe(Math.max(0, this.clock.now() - batch.sentAtMs) / 1_000);
    }
  }

  /** Counts and logs observations that are not taken. */
  refuse(location: string, reason: Refusal | 'unreadable', count: number): void {
    this.#refused.inc({ reason }, count);
    this.log.warn({ location, reason, count }, 'observations were refused');
  }
}
