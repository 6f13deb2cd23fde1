import { Inject, Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { dayMs, hourMs } from '../domain/durations.ts';
import { portions } from '../domain/grouping.ts';
import { Database } from '../platform/database.ts';
import { ENVIRONMENT, type Environment } from '../platform/config.ts';
import { LOGGER, type Logger } from '../platform/logger.ts';
import { dayOf, ObservationsRepository } from './observations.repository.ts';
import { PackedHoursRepository } from './packed-hours.repository.ts';
import { PartitionsRepository } from './partitions.repository.ts';

/** A day is packed when it has been over for this long. */
const restMs = dayMs;
/** About this many are in memory at once: what a series can have in an hour, or more of several. */
const observationsAtOnce = 10_000;
const minuteBucketDays = 90;

/** Packs the observations of days that are over, and drops what is older than its retention. */
@Injectable()
export class PackingService {
  constructor(
    readonly database: Database,
    readonly observations: ObservationsRepository,
    readonly packed: PackedHoursRepository,
    readonly partitions: PartitionsRepository,
    readonly clock: SteadyClock,
    @Inject(ENVIRONMENT) readonly environment: Environment,
    @Inject(LOGGER) readonly log: Logger,
  ) {}

  /** Packs every day that is due; answers which. Ended in the middle, it goes on where it was. */
  async pack(): Promise<number[]> {
    const days = await this.observations.unpackedDaysBefore(dayOf(this.clock.now() - restMs));
    for (const day of days) await this.packDay(day);
    return days;
  }

  /** From the seal on, late results of the day go to its packed hours; then its table is copied there and dropped. */
  async packDay(day: number): Promise<void> {
    await this.observations.sealDay(day);
    for (let fromMs = day * dayMs; fromMs < (day + 1) * dayMs; fromMs += hourMs) await this.#packHour(day, fromMs);
    await this.#alone(day, () => this.observations.dropDay(day));
    this.log.info({ day: new Date(day * dayMs).toISOString().slice(0, 10) }, 'a day of observations was packed');
  }

  /** In pieces: late results of the day and everything else that the server does get their turn in between. */
  async #packHour(day: number, fromMs: number): Promise<void> {
    const toMs = fromMs + hourMs;
    const counts = await this.observations.countsOfDay(day, fromMs, toMs);
    for (const piece of portions(counts, ([, count]) => count, observationsAtOnce)) {
      const series = piece.map(([id]) => id);
      await this.#alone(day, async () => {
        await this.packed.merge(await this.observations.ofDay(day, fromMs, toMs, series));
      });
    }
  }

  async #alone(day: number, act: () => Promise<void>): Promise<void> {
    await this.database.transaction(async () => {
      await this.observations.holdDay(day);
      await act();
    });
  }

  /** Drops months of packed observations and details, and of minute buckets, that are past their retention. */
  async retain(): Promise<string[]> {
    const nowMs = this.clock.now();
    const keptMs = this.environment.TROTH_RETENTION_DAYS * dayMs;
    const gone = [
      ...(await this.partitions.dropBefore('packed_hours', nowMs - keptMs)),
      ...(await this.partitions.dropBefore('observation_details', nowMs - keptMs)),
      ...(await this.partitions.dropBefore('buckets_minute', nowMs - minuteBucketDays * dayMs)),
    ];
    if (gone.length > 0) this.log.info({ tables: gone }, 'months past their retention were dropped');
    return gone;
  }
}
