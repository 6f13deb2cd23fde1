import { describe, expect, it } from 'vitest';
import { withGaps } from '../../../client/model/latency-option.ts';
import type { LatencyPoint } from '../../../server/contract/probing.ts';

const point = (minute: number): LatencyPoint => ({
  from: new Date(Date.UTC(2026, 2, 1, 10, minute)).toISOString(),
  to: new Date(Date.UTC(2026, 2, 1, 10, minute + 1)).toISOString(),
  up: 2,
  degraded: 0,
  down: 0,
  unknown: 0,
  p50Ms: 10,
  p95Ms: 20,
  p99Ms: 30,
});

describe('the latency chart', () => {
  it('breaks its lines where nothing was observed', () => {
    const points = withGaps([point(0), point(1), point(5)]);
    expect(points.map(({ p50Ms }) => p50Ms)).toEqual([10, 10, null, 10]);
    expect(points[2]).toMatchObject({ from: point(1).to, to: point(5).from, up: 0 });
  });
});
