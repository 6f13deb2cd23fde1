import type { LatencyPoint } from '../contract/probing.ts';
import { minuteMs, hourMs, dayMs } from '../domain/durations.ts';
import { groupBy } from '../domain/grouping.ts';
import { mergeSketches, sketchQuantiles } from '../domain/latency-sketch.ts';
import { bucketWidthsMs, type Bucket, type BucketWidthMs, type RollupsRepository } from './rollups.repository.ts';

interface Span {
  fromMs: number;
  toMs: number;
}

const mostPoints = 500;

/** A step that people can read: at least a minute, at most 500 in the span; given ones are rounded up to that. */
export function stepWidthMs({ fromMs, toMs }: Span, askedMs: number | undefined): number {
  const steps = [1, 5, 15]
    .map((n) => n * minuteMs)
    .concat(
      [1, 3, 6, 12].map((n) => n * hourMs),
      dayMs,
      7 * dayMs,
    );
  const leastMs = Math.max(askedMs ?? 0, (toMs - fromMs) / (askedMs ? mostPoints : 200));
  return steps.find((step) => step >= leastMs) ?? steps.at(-1)!;
}

/** Steps of a span that hold observations, each from the widest buckets that fit it; what has not ended from finer ones. */
export async function latencyPoints(
  rollups: RollupsRepository,
  series: readonly number[],
  { fromMs, toMs }: Span,
  stepMs: number,
): Promise<LatencyPoint[]> {
  const buckets = await bucketsOf(rollups, series, { fromMs, toMs }, stepMs);
  const steps = groupBy(buckets, (bucket) => Math.floor(bucket.fromMs / stepMs) * stepMs);
  return [...steps].sort(([a], [b]) => a - b).map(([atMs, its]) => toPoint(atMs, stepMs, its));
}

/** The buckets that steps of a span are made of; the first step begins at or before the span. */
export function bucketsOf(
  rollups: RollupsRepository,
  series: readonly number[],
  { fromMs, toMs }: Span,
  stepMs: number,
): Promise<Bucket[]> {
  const alignedMs = Math.floor(fromMs / stepMs) * stepMs;
  const widest = bucketWidthsMs.findLast((widthMs) => stepMs % widthMs === 0)!;
  return withFinerEnd(rollups, series, widest, alignedMs, toMs);
}

/** Wide buckets exist once they have ended: behind the last of them, finer ones tell. */
async function withFinerEnd(
  rollups: RollupsRepository,
  series: readonly number[],
  widthMs: BucketWidthMs,
  fromMs: number,
  toMs: number,
): Promise<Bucket[]> {
  const buckets = await rollups.between(widthMs, series, fromMs, toMs);
  if (widthMs === minuteMs) return buckets;
  const endMs = buckets.reduce((end, bucket) => Math.max(end, bucket.fromMs + widthMs), fromMs);
  const finer = widthMs === dayMs ? hourMs : minuteMs;
  return endMs >= toMs ? buckets : [...buckets, ...(await withFinerEnd(rollups, series, finer, endMs, toMs))];
}

const toPoint = (atMs: number, stepMs: number, buckets: readonly Bucket[]): LatencyPoint => ({
  from: new Date(atMs).toISOString(),
  to: new Date(atMs + stepMs).toISOString(),
  ...runCounts(buckets),
  ...percentiles(buckets),
});

/** Runs by verdict over some buckets. */
export function runCounts(buckets: readonly Bucket[]): Pick<Bucket, 'up' | 'degraded' | 'down' | 'unknown'> {
  const sum = (field: 'up' | 'degraded' | 'down' | 'unknown') =>
    buckets.reduce((total, bucket) => total + bucket[field], 0);
  return { up: sum('up'), degraded: sum('degraded'), down: sum('down'), unknown: sum('unknown') };
}

/** Percentiles over some buckets, null without any latency. */
export function percentiles(buckets: readonly Bucket[]): Pick<LatencyPoint, 'p50Ms' | 'p95Ms' | 'p99Ms'> {
  const sketch = mergeSketches(
    buckets.map(({ sketchKeys, sketchCounts }) => new Map(sketchKeys.map((key, index) => [key, sketchCounts[index]!]))),
  );
  const [p50Ms = null, p95Ms = null, p99Ms = null] = sketchQuantiles(sketch, [0.5, 0.95, 0.99]);
  return { p50Ms, p95Ms, p99Ms };
}
