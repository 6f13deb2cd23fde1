import { Injectable } from '@nestjs/common';
import { verdictOf } from '../../probes/contract.ts';
import { dayMs, hourMs } from '../domain/durations.ts';
import { groupBy } from '../domain/grouping.ts';
import { mergeObservations, unpackHour, type StoredObservation } from '../domain/packed-hour.ts';
import type { Span } from '../domain/spans.ts';
import { Database } from '../platform/database.ts';
import type { ObservationRow } from './observation-details.ts';
import { dayOf, ObservationsRepository } from './observations.repository.ts';

/** Spans of each series that is asked about: rising, apart from each other. */
export type SeriesRanges = ReadonlyMap<number, readonly Span[]>;

interface Asked {
  columns: [number[], number[], number[]];
  fromMs: number;
  toMs: number;
}

/** Reads observations in many spans of many series at once. */
@Injectable()
export class ObservationRangesRepository {
  constructor(
    readonly database: Database,
    readonly observations: ObservationsRepository,
  ) {}

  /** Own runs in the spans, fresh and packed, of each series in order of time. In a transaction: no day vanishes meanwhile. */
  async within(ranges: SeriesRanges): Promise<Map<number, StoredObservation[]>> {
    const rows = [...ranges].flatMap(([series, spans]) => spans.map((span) => ({ series, ...span })));
    if (rows.length === 0) return new Map();
    const asked: Asked = {
      columns: [rows.map(({ series }) => series), rows.map(({ fromMs }) => fromMs), rows.map(({ toMs }) => toMs)],
      fromMs: rows.reduce((least, { fromMs }) => Math.min(least, fromMs), Infinity),
      toMs: rows.reduce((greatest, { toMs }) => Math.max(greatest, toMs), -Infinity),
    };
    // A day that is being packed is in both places for a while, and then in the second.
    const fresh = groupBy(await this.#fresh(asked), ({ series }) => series);
    const packed = groupBy(await this.#packed(asked, ranges), ({ series }) => series);
    return new Map(
      [...ranges.keys()].map((series) => [
        series,
        mergeObservations(packed.get(series) ?? [], fresh.get(series) ?? []),
      ]),
    );
  }

  async #fresh({ columns, fromMs, toMs }: Asked): Promise<ObservationRow[]> {
    const days = await this.#heldDays(fromMs, toMs);
    if (days.length === 0) return [];
    const selects = days.map((day) => {
      const startMs = day * dayMs;
      return `select o.series, o.slot_ms + ${startMs} as slot_ms, o.latency_us, o.verdict, o.reason
        from observations_${day} o join asked on asked.series = o.series
          and o.slot_ms >= asked.from_ms - ${startMs} and o.slot_ms < asked.to_ms - ${startMs}
        where o.slot_ms >= $4::bigint - ${startMs} and o.slot_ms < $5::bigint - ${startMs}`;
    });
    const rows = await this.database.query<Omit<ObservationRow, 'verdict'> & { verdict: number }>(
      `with asked as (select * from unnest($1::int[], $2::bigint[], $3::bigint[]) as asked (series, from_ms, to_ms))
       select series, slot_ms as "slotMs", latency_us as "latencyUs", verdict, reason
       from (${selects.join(' union all ')}) as found`,
      [...columns, fromMs, toMs],
    );
    return rows.map((row) => ({ ...row, verdict: verdictOf(row.verdict) }));
  }

  /** Days with a table of their own, which nobody drops before the transaction ends. */
  async #heldDays(fromMs: number, toMs: number): Promise<number[]> {
    await this.database.query(
      `select from observation_days
       where day between $1 and $2 and to_regclass('observations_' || day) is not null order by day for share`,
      [dayOf(fromMs), dayOf(toMs - 1)],
    );
    // Whoever held a day may have dropped its table while we waited.
    return this.observations.freshDays(fromMs, toMs);
  }

  async #packed({ columns, fromMs, toMs }: Asked, ranges: SeriesRanges): Promise<ObservationRow[]> {
    const rows = await this.database.query<{ series_id: number; from_ms: number; observations: Buffer }>(
      `select distinct on (p.series_id, p.from_ms) p.series_id, p.from_ms, p.observations
       from unnest($1::int[], $2::bigint[], $3::bigint[]) as asked (series_id, from_ms, to_ms)
       join packed_hours p on p.series_id = asked.series_id
         and p.from_ms > asked.from_ms - ${hourMs} and p.from_ms < asked.to_ms
       where p.from_ms > $4::bigint - ${hourMs} and p.from_ms < $5`,
      [...columns, fromMs, toMs],
    );
    return rows.flatMap(({ series_id: series, from_ms, observations }) => {
      const spans = ranges.get(series)!.filter((span) => span.fromMs < from_ms + hourMs && span.toMs > from_ms);
      return unpackHour(from_ms, observations)
        .filter(({ slotMs }) => spans.some((span) => slotMs >= span.fromMs && slotMs < span.toMs))
        .map((observation) => ({ series, ...observation }));
    });
  }
}
