import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { minuteMs } from '../domain/durations.ts';
import { sketchKey } from '../domain/latency-sketch.ts';
import { groupBy } from '../domain/grouping.ts';
import { mergeObservations, type StoredObservation } from '../domain/packed-hour.ts';
import { Database } from '../platform/database.ts';
import { dayOf, ObservationsRepository } from './observations.repository.ts';
import { PackedHoursRepository } from './packed-hours.repository.ts';
import { bucketWidthsMs, RollupsRepository, type Bucket, type BucketWidthMs } from './rollups.repository.ts';

/** Results of a minute arrive a little after its end. */
const settleMs = 5_000;
const mostAtOnce = 60;

/** Brings dirty buckets in line with what they are made of. */
@Injectable()
export class RollupsService {
  constructor(
    readonly database: Database,
    readonly rollups: RollupsRepository,
    readonly observations: ObservationsRepository,
    readonly packed: PackedHoursRepository,
    readonly clock: SteadyClock,
  ) {}

  /** Replaces every dirty bucket that has ended, minutes first; answers how many. */
  async rollUp(): Promise<number> {
    let replaced = 0;
    for (const widthMs of bucketWidthsMs) {
      for (let some = mostAtOnce; some === mostAtOnce; replaced += some) some = await this.#rollUpSome(widthMs);
    }
    return replaced;
  }

  async #rollUpSome(widthMs: BucketWidthMs): Promise<number> {
    return this.database.transaction(async () => {
      const dirty = await this.rollups.takeDirty(widthMs, this.clock.now() - settleMs, mostAtOnce);
      if (widthMs === minuteMs) await this.#minutes(dirty);
      else for (const fromMs of dirty) await this.rollups.replaceFromFiner(widthMs, fromMs);
      return dirty.length;
    });
  }

  async #minutes(dirty: readonly number[]): Promise<void> {
    const sealed = await this.observations.openDays(dirty.map(dayOf));
    for (const fromMs of dirty) {
      if (!sealed.has(dayOf(fromMs))) await this.rollups.replaceMinute(fromMs);
      else await this.#minuteOfPacked(fromMs);
    }
  }

  /** While a sealed day is being packed, its observations are in two places. */
  async #minuteOfPacked(fromMs: number): Promise<void> {
    const left = await this.observations.leftOfDay(dayOf(fromMs), fromMs, fromMs + minuteMs);
    const packed = await this.packed.within(fromMs, fromMs + minuteMs);
    const leftBySeries = groupBy(left, ({ series }) => series);
    const buckets = [...new Set([...packed.keys(), ...leftBySeries.keys()])].map((series) =>
      bucketOf(series, fromMs, mergeObservations(packed.get(series) ?? [], leftBySeries.get(series) ?? [])),
    );
    await this.rollups.replace(minuteMs, buckets);
  }
}

/** The observations of one bucket, counted. */
export function bucketOf(series: number, fromMs: number, observations: readonly StoredObservation[]): Bucket {
  const count = (verdict: StoredObservation['verdict']) =>
    observations.filter((each) => each.verdict === verdict).length;
  const good = observations.filter(
    ({ verdict, latencyUs }) => latencyUs !== null && (verdict === 'up' || verdict === 'degraded'),
  );
  const sketch = [...groupBy(good, ({ latencyUs }) => sketchKey(latencyUs!))].sort(([a], [b]) => a - b);
  return {
    series,
    fromMs,
    up: count('up'),
    degraded: count('degraded'),
    down: count('down'),
    unknown: count('unknown'),
    sketchKeys: sketch.map(([key]) => key),
    sketchCounts: sketch.map(([, its]) => its.length),
  };
}
