import { Injectable } from '@nestjs/common';
import { hourMs } from '../domain/durations.ts';
import { groupBy } from '../domain/grouping.ts';
import { mergeObservations, packHour, unpackHour, type StoredObservation } from '../domain/packed-hour.ts';
import { Database } from '../platform/database.ts';
import type { ObservationRow } from './observation-details.ts';
import { PartitionsRepository } from './partitions.repository.ts';

const hourOf = (atMs: number): number => Math.floor(atMs / hourMs) * hourMs;

/** Observations that are older than a day: one row a series and hour. */
@Injectable()
export class PackedHoursRepository {
  constructor(
    readonly database: Database,
    readonly partitions: PartitionsRepository,
  ) {}

  /**
   * Puts observations into their hours; a slot that is there already stays as it is. Answers how many are new. Hours are
   * replaced whole: the caller holds their day, or has opened it and holds the statuses of the series.
   */
  async merge(rows: readonly ObservationRow[]): Promise<number> {
    if (rows.length === 0) return 0;
    const hours = [...groupBy(rows, ({ series, slotMs }) => `${series}/${hourOf(slotMs)}`).values()].map((late) => ({
      series: late[0]!.series,
      fromMs: hourOf(late[0]!.slotMs),
      late,
    }));
    await this.partitions.ensure(
      'packed_hours',
      hours.map(({ fromMs }) => fromMs),
    );
    const stored = await this.#stored(hours);
    let added = 0;
    const packed = hours.map(({ series, fromMs, late }) => {
      const known = stored.get(`${series}/${fromMs}`) ?? [];
      const merged = mergeObservations(known, late);
      added += merged.length - known.length;
      return { series, fromMs, bytes: Buffer.from(packHour(fromMs, merged)) };
    });
    await this.database.query(
      `insert into packed_hours (series_id, from_ms, observations)
       select * from unnest($1::int[], $2::bigint[], $3::bytea[])
       on conflict (series_id, from_ms) do update set observations = excluded.observations`,
      [packed.map(({ series }) => series), packed.map(({ fromMs }) => fromMs), packed.map(({ bytes }) => bytes)],
    );
    return added;
  }

  /** Removes what a series has in [fromMs, toMs), a short while; answers how many. The caller holds the days. */
  async remove(series: number, fromMs: number, toMs: number): Promise<number> {
    const rows = await this.database.query<{ from_ms: number; observations: Buffer }>(
      `delete from packed_hours where series_id = $1 and from_ms > $2::bigint - ${hourMs} and from_ms < $3
       returning from_ms, observations`,
      [series, fromMs, toMs],
    );
    const stored = rows.flatMap(({ from_ms, observations }) => unpackHour(from_ms, observations));
    const kept = stored.filter(({ slotMs }) => slotMs < fromMs || slotMs >= toMs);
    await this.merge(kept.map((observation) => ({ ...observation, series })));
    return stored.length - kept.length;
  }

  /** The packed observations of all series with slots in [fromMs, toMs), which lies in one hour. */
  async within(fromMs: number, toMs: number): Promise<Map<number, StoredObservation[]>> {
    const hourFromMs = hourOf(fromMs);
    const rows = await this.database.query<{ series_id: number; observations: Buffer }>(
      `select series_id, observations from packed_hours where from_ms = $1`,
      [hourFromMs],
    );
    return new Map(
      rows.map(({ series_id, observations }) => [
        series_id,
        unpackHour(hourFromMs, observations).filter(({ slotMs }) => slotMs >= fromMs && slotMs < toMs),
      ]),
    );
  }

  async #stored(hours: readonly { series: number; fromMs: number }[]) {
    const rows = await this.database.query<{ series_id: number; from_ms: number; observations: Buffer }>(
      `select p.series_id, p.from_ms, p.observations from packed_hours p
       join unnest($1::int[], $2::bigint[]) as asked (series_id, from_ms) using (series_id, from_ms)`,
      [hours.map(({ series }) => series), hours.map(({ fromMs }) => fromMs)],
    );
    return new Map(
      rows.map(({ series_id, from_ms, observations }) => [
        `${series_id}/${from_ms}`,
        unpackHour(from_ms, observations).map((observation) => ({ ...observation, series: series_id })),
      ]),
    );
  }
}
