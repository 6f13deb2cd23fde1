/**
 * A DDSketch of latencies: counts by logarithmic bucket, mergeable by adding counts, quantiles within 1 % of the truth.
 * The database fills the buckets (see the rollups); this side merges and reads them. For display only.
 */
export const sketchGamma = 1.02;

/** Bucket index to count. */
export type LatencySketch = ReadonlyMap<number, number>;

/** The bucket of a latency in microseconds: ceil(log_gamma(latency)), at least 0. */
export const sketchKey = (latencyUs: number): number =>
  Math.max(0, Math.ceil(Math.log(Math.max(1, latencyUs)) / Math.log(sketchGamma)));

export function mergeSketches(sketches: Iterable<LatencySketch>): LatencySketch {
  const sum = new Map<number, number>();
  for (const sketch of sketches) for (const [key, count] of sketch) sum.set(key, (sum.get(key) ?? 0) + count);
  return sum;
}

/** The latency in milliseconds below which a share `q` of them lies; null for an empty sketch. */
export function sketchQuantiles(sketch: LatencySketch, quantiles: readonly number[]): (number | null)[] {
  const buckets = [...sketch].sort(([a], [b]) => a - b);
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  return quantiles.map((q) => {
    let rank = Math.ceil(q * total);
    const bucket = buckets.find(([, count]) => (rank -= count) <= 0);
    return bucket ? (2 * sketchGamma ** bucket[0]) / (sketchGamma + 1) / 1_000 : null;
  });
}
