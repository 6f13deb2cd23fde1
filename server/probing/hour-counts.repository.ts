import { Injectable } from '@nestjs/common';
import { hourMs } from '../domain/durations.ts';
import { sketchKey } from '../domain/latency-sketch.ts';
import type { Span, Spans } from '../domain/spans.ts';
import { Database } from '../platform/database.ts';

/** Whole hours of some series, with the thresholds that are asked about. */
export interface HoursAsk {
  readonly series: readonly number[];
  readonly hours: Spans;
  readonly thresholdsMs: readonly number[];
}

export interface HourTotals {
  up: number;
  degraded: number;
  down: number;
  unknown: number;
  timed: number;
}

/** Timed observations at or under a threshold, and the hours in which only the observations themselves can tell. */
export interface HoursWithin {
  within: number;
  doubtful: { series: number; fromMs: number }[];
}

const hoursOf = `
  from unnest($1::int[], $2::bigint[], $3::bigint[]) as span (ask, from_ms, to_ms)
  join unnest($4::int[], $5::int[]) as member (ask, series_id) using (ask)
  join buckets b on b.width_ms = ${hourMs} and b.series_id = member.series_id
    and b.from_ms >= span.from_ms and b.from_ms < span.to_ms`;

/** Counts of hours that have been rolled up. */
@Injectable()
export class HourCountsRepository {
  constructor(readonly database: Database) {}

  /** Hours of [fromMs, toMs) whose buckets may not agree with their observations. */
  async dirtyHours(fromMs: number, toMs: number): Promise<Span[]> {
    const rows = await this.database.query<{ from_ms: number }>(
      `select distinct from_ms / ${hourMs} * ${hourMs} as from_ms from dirty_buckets
       where width_ms <= ${hourMs} and from_ms >= $1::bigint and from_ms < $2::bigint order by from_ms`,
      [Math.floor(fromMs / hourMs) * hourMs, toMs],
    );
    return rows.map(({ from_ms }) => ({ fromMs: from_ms, toMs: from_ms + hourMs }));
  }

  /** Sums over the hours of each ask. */
  async totals(asks: readonly HoursAsk[]): Promise<HourTotals[]> {
    const rows = await this.database.query<HourTotals & { ask: number }>(
      `select ask, sum(b.up) as up, sum(b.degraded) as degraded, sum(b.down) as down, sum(b.unknown) as unknown,
         sum((select sum(n) from unnest(b.sketch_counts) as n))::bigint as timed
       ${hoursOf} group by ask`,
      columnsOf(asks),
    );
    const none = { up: 0, degraded: 0, down: 0, unknown: 0, timed: 0 };
    const found = new Map(rows.map(({ ask, ...sums }) => [ask, { ...sums, timed: sums.timed ?? 0 }]));
    return asks.map((_, index) => found.get(index) ?? none);
  }

  /**
   * Of each ask and threshold what lies at or under it. The buckets of a sketch below that of the threshold hold nothing
   * else; an hour with anything in that bucket, or in those beside it, leaves the answer to its observations.
   */
  async within(asks: readonly HoursAsk[]): Promise<HoursWithin[][]> {
    const none = (): HoursWithin => ({ within: 0, doubtful: [] });
    const found = asks.map(({ thresholdsMs }) => thresholdsMs.map(none));
    const thresholds = asks.flatMap(({ thresholdsMs }, ask) =>
      thresholdsMs.map((thresholdMs, place) => ({ ask, place, key: sketchKey(thresholdMs * 1_000) })),
    );
    if (thresholds.length === 0) return found;
    const rows = await this.database.query<{
      ask: number;
      place: number;
      within: number;
      series: number[];
      hours: number[];
    }>(
      `select ask, place, coalesce(sum(told.under) filter (where told.near = 0), 0)::bigint as within,
         coalesce(array_agg(b.series_id) filter (where told.near > 0), '{}') as series,
         coalesce(array_agg(b.from_ms) filter (where told.near > 0), '{}')::float8[] as hours
       ${hoursOf}
       join unnest($6::int[], $7::int[], $8::int[]) as threshold (ask, place, key) using (ask)
       cross join lateral (
         select coalesce(sum(n) filter (where k < key - 1), 0) as under,
           coalesce(sum(n) filter (where k between key - 1 and key + 1), 0) as near
         from unnest(b.sketch_keys, b.sketch_counts) as entry (k, n)
       ) as told
       group by ask, place`,
      [
        ...columnsOf(asks),
        thresholds.map(({ ask }) => ask),
        thresholds.map(({ place }) => place),
        thresholds.map(({ key }) => key),
      ],
    );
    for (const { ask, place, within, series, hours } of rows)
      found[ask]![place] = { within, doubtful: series.map((id, index) => ({ series: id, fromMs: hours[index]! })) };
    return found;
  }
}

function columnsOf(asks: readonly HoursAsk[]): unknown[] {
  const spans = asks.flatMap(({ hours }, ask) => hours.map((span) => ({ ask, ...span })));
  const members = asks.flatMap(({ series }, ask) => series.map((id) => ({ ask, id })));
  return [
    spans.map(({ ask }) => ask),
    spans.map(({ fromMs }) => fromMs),
    spans.map(({ toMs }) => toMs),
    members.map(({ ask }) => ask),
    members.map(({ id }) => id),
  ];
}
