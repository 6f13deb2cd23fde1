import { Injectable } from '@nestjs/common';
import { minuteMs, hourMs, dayMs } from '../domain/durations.ts';
import { sketchGamma } from '../domain/latency-sketch.ts';
import { Database } from '../platform/database.ts';
import { PartitionsRepository } from './partitions.repository.ts';

/** Widths of buckets and what each is made of: minutes of observations, the others of the one before. */
export const bucketWidthsMs = [minuteMs, hourMs, dayMs] as const;
export type BucketWidthMs = (typeof bucketWidthsMs)[number];

export interface Bucket {
  series: number;
  fromMs: number;
  up: number;
  degraded: number;
  down: number;
  unknown: number;
  sketchKeys: number[];
  sketchCounts: number[];
}

const columns = 'width_ms, series_id, from_ms, up, degraded, down, unknown, sketch_keys, sketch_counts';
const replace = `on conflict (width_ms, series_id, from_ms) do update set
  up = excluded.up, degraded = excluded.degraded, down = excluded.down, unknown = excluded.unknown,
  sketch_keys = excluded.sketch_keys, sketch_counts = excluded.sketch_counts`;

/** Counts and latencies by minute, hour and day. Buckets are replaced from what they are made of, never added to. */
@Injectable()
export class RollupsRepository {
  constructor(
    readonly database: Database,
    readonly partitions: PartitionsRepository,
  ) {}

  /** Notes the minutes that hold these slots as no longer agreeing with their observations. */
  async markDirty(slotsMs: readonly number[]): Promise<void> {
    const minutes = [...new Set(slotsMs.map((slotMs) => Math.floor(slotMs / minuteMs) * minuteMs))].sort(
      (a, b) => a - b,
    );
    if (minutes.length > 0) await this.#mark(minuteMs, minutes);
  }

  /** A mark of its own for each transaction: one that leant on the mark of another would be forgotten with that. */
  async #mark(widthMs: number, fromMs: readonly number[]): Promise<void> {
    await this.database.query(
      `insert into dirty_buckets (width_ms, from_ms) select $1, from_ms from unnest($2::bigint[]) as from_ms`,
      [widthMs, fromMs],
    );
  }

  /** Takes the dirty buckets of a width that ended before an instant; in the transaction that replaces them. */
  async takeDirty(widthMs: BucketWidthMs, endedBeforeMs: number, most: number): Promise<number[]> {
    const rows = await this.database.query<{ from_ms: number }>(
      `with taken as (
         delete from dirty_buckets where width_ms = $1 and from_ms = any(array(
           select distinct from_ms from dirty_buckets where width_ms = $1 and from_ms <= $2 order by from_ms limit $3
         )) returning from_ms
       ) select distinct from_ms from taken order by from_ms`,
      [widthMs, Math.floor(endedBeforeMs) - widthMs, most],
    );
    return rows.map(({ from_ms }) => from_ms);
  }

  /** Replaces a minute of all series from the observations of its day, which is not sealed. */
  async replaceMinute(fromMs: number): Promise<void> {
    const day = Math.floor(fromMs / dayMs);
    await this.partitions.ensure('buckets_minute', [fromMs]);
    await this.database.query(
      `with seen as (
         select series, verdict,
           case when latency_us is not null and verdict <= 1
             then greatest(0, ceil(ln(greatest(latency_us, 1)) / ln(${sketchGamma})))::smallint end as key
         from observations_${day} where slot_ms >= $2 and slot_ms < $3
       ), counts as (
         select series, count(*) filter (where verdict = 0) as up, count(*) filter (where verdict = 1) as degraded,
           count(*) filter (where verdict = 2) as down, count(*) filter (where verdict = 3) as unknown
         from seen group by series
       ), keyed as (
         select series, key, count(*)::int as n from seen where key is not null group by series, key
       ), sketches as (
         select series, array_agg(key order by key) as keys, array_agg(n order by key) as counts from keyed group by series
       )
       insert into buckets (${columns})
       select ${minuteMs}, c.series, $1, c.up, c.degraded, c.down, c.unknown, coalesce(s.keys, '{}'), coalesce(s.counts, '{}')
       from counts c left join sketches s using (series) ${replace}`,
      [fromMs, fromMs - day * dayMs, fromMs - day * dayMs + minuteMs],
    );
    await this.#mark(hourMs, [Math.floor(fromMs / hourMs) * hourMs]);
  }

  /** Forgets the buckets of a series that share time with [fromMs, toMs); days are made anew of what is left. */
  async remove(series: number, fromMs: number, toMs: number): Promise<void> {
    const ends = bucketWidthsMs.map((widthMs) => Math.floor(fromMs / widthMs) * widthMs);
    await this.database.query(
      `delete from buckets b using unnest($2::int[], $3::bigint[]) as w (width_ms, from_ms)
       where b.series_id = $1 and b.width_ms = w.width_ms and b.from_ms >= w.from_ms and b.from_ms < $4`,
      [series, bucketWidthsMs, ends, toMs],
    );
    const days: number[] = [];
    for (let atMs = ends[2]!; atMs < toMs; atMs += dayMs) days.push(atMs);
    await this.#mark(dayMs, days);
  }

  /** Replaces given buckets by given values: of days that are packed minutes, of longer ago hours. */
  async replace(widthMs: typeof minuteMs | typeof hourMs, buckets: readonly Bucket[]): Promise<void> {
    if (buckets.length === 0) return;
    if (widthMs === minuteMs)
      await this.partitions.ensure(
        'buckets_minute',
        buckets.map(({ fromMs }) => fromMs),
      );
    await this.database.query(
      `insert into buckets (${columns})
       select $1, series_id, from_ms, up, degraded, down, unknown, keys::smallint[], counts::int[]
       from unnest($2::int[], $3::bigint[], $4::int[], $5::int[], $6::int[], $7::int[], $8::text[], $9::text[])
         as given (series_id, from_ms, up, degraded, down, unknown, keys, counts) ${replace}`,
      [
        widthMs,
        buckets.map(({ series }) => series),
        buckets.map(({ fromMs }) => fromMs),
        buckets.map(({ up }) => up),
        buckets.map(({ degraded }) => degraded),
        buckets.map(({ down }) => down),
        buckets.map(({ unknown }) => unknown),
        buckets.map(({ sketchKeys }) => `{${sketchKeys.join(',')}}`),
        buckets.map(({ sketchCounts }) => `{${sketchCounts.join(',')}}`),
      ],
    );
    const nextMs = widthMs === minuteMs ? hourMs : dayMs;
    await this.#mark(nextMs, [...new Set(buckets.map(({ fromMs }) => Math.floor(fromMs / nextMs) * nextMs))]);
  }

  /** Replaces an hour or a day of all series from the next finer buckets. */
  async replaceFromFiner(widthMs: typeof hourMs | typeof dayMs, fromMs: number): Promise<void> {
    const finerMs = widthMs === dayMs ? hourMs : minuteMs;
    await this.database.query(
      `with finer as (
         select * from buckets where width_ms = $2 and from_ms >= $3 and from_ms < $3 + $1::bigint
       ), counts as (
         select series_id, sum(up) as up, sum(degraded) as degraded, sum(down) as down, sum(unknown) as unknown
         from finer group by series_id
       ), keyed as (
         select series_id, key, sum(n)::int as n from finer, unnest(sketch_keys, sketch_counts) as entry (key, n)
         group by series_id, key
       ), sketches as (
         select series_id, array_agg(key order by key) as keys, array_agg(n order by key) as counts from keyed group by series_id
       )
       insert into buckets (${columns})
       select $1, c.series_id, $3, c.up, c.degraded, c.down, c.unknown, coalesce(s.keys, '{}'), coalesce(s.counts, '{}')
       from counts c left join sketches s using (series_id) ${replace}`,
      [widthMs, finerMs, fromMs],
    );
    if (widthMs === hourMs) await this.#mark(dayMs, [Math.floor(fromMs / dayMs) * dayMs]);
  }

  /** Buckets of some series that begin in [fromMs, toMs), in order of time. */
  async between(widthMs: BucketWidthMs, series: readonly number[], fromMs: number, toMs: number): Promise<Bucket[]> {
    const rows = await this.database.query<Omit<Bucket, 'series' | 'fromMs'> & { series_id: number; from_ms: number }>(
      `select series_id, from_ms, up, degraded, down, unknown, sketch_keys as "sketchKeys", sketch_counts as "sketchCounts"
       from buckets where width_ms = $1 and series_id = any($2) and from_ms >= $3 and from_ms < $4 order by from_ms`,
      [widthMs, series, fromMs, toMs],
    );
    return rows.map(({ series_id, from_ms, ...rest }) => ({ ...rest, series: series_id, fromMs: from_ms }));
  }
}
