/** What the style guide fills its pieces with. */
import type { DayFiguresView, Latency, TimelineInterval } from '../../server/contract/probing.ts';
import { ApiProblem } from '../api/api-problem.ts';

const problems = {
  unavailable: { status: 503, title: 'The server is busy', detail: 'Try again in a moment.' },
  'not-found': { status: 404, title: 'Not found', detail: 'There is no service payroll.' },
  forbidden: { status: 403, title: 'You may not do that', detail: 'This needs the right to change the catalog.' },
  conflict: { status: 409, title: 'It has changed', detail: 'Somebody was faster: it is decided already.' },
} as const;

/** A problem as the server tells it. */
export const problemOf = (code: keyof typeof problems): ApiProblem =>
  new ApiProblem({ type: 'about:blank', code, issues: [], ...problems[code] });

const [hourMs, dayMs] = [3_600_000, 86_400_000];
const begunMs = Date.parse('2026-03-01T00:00:00Z');
const iso = (ms: number): string => new Date(ms).toISOString();

/** A part of the day that the pictures are about, from and to as shares of it. */
export const spanSample = (from: number, to: number): { from: string; to: string } => ({
  from: iso(begunMs + from * dayMs),
  to: iso(begunMs + to * dayMs),
});

/** Every state, one after the other. */
export const timelineSample: readonly TimelineInterval[] = [
  { ...spanSample(0, 0.3), state: 'up', reason: null },
  { ...spanSample(0.3, 0.34), state: 'down', reason: 'Connection refused' },
  { ...spanSample(0.34, 0.6), state: 'up', reason: null },
  { ...spanSample(0.6, 0.7), state: 'degraded', reason: 'Slower than 500 ms' },
  { ...spanSample(0.7, 0.85), state: 'unknown', reason: 'No observation arrived' },
  { ...spanSample(0.85, 0.9), state: 'unmonitored', reason: null },
  { ...spanSample(0.9, 1), state: 'up', reason: null },
];

/** 90 days: most good, some with an outage, some unknown, the first before the first measurement. */
export const daySample: readonly DayFiguresView[] = Array.from({ length: 90 }, (_, at) => {
  const downMs = at % 13 === 5 ? hourMs * (1 + (at % 7)) : 0;
  const degradedMs = at % 11 === 3 ? 3 * hourMs : 0;
  const unknownMs = at % 29 === 17 ? 8 * hourMs : 0;
  const unmonitoredMs = at < 3 ? dayMs : 0;
  const upMs = dayMs - downMs - degradedMs - unknownMs - unmonitoredMs;
  const fromMs = begunMs + (at - 90) * dayMs;
  return {
    ...{ date: iso(fromMs).slice(0, 10), from: iso(fromMs), to: iso(fromMs + dayMs), outages: downMs > 0 ? 1 : 0 },
    ...{ upMs, degradedMs, downMs, unknownMs, unmonitoredMs, uptime: uptimeOf(upMs + degradedMs, downMs) },
  };
});

function uptimeOf(goodMs: number, downMs: number): DayFiguresView['uptime'] {
  const denominator = goodMs + downMs;
  if (denominator === 0) return null;
  const ratio = String(Math.floor((goodMs / denominator) * 10_000) / 10_000);
  return { ratio, text: `${(Number(ratio) * 100).toFixed(2)} %`, numerator: goodMs, denominator };
}

/** A day by quarters of an hour, with failures and a gap. */
export const latencySample: Latency = {
  stepMs: hourMs / 4,
  points: Array.from({ length: 96 }, (_, at) => {
    const fromMs = begunMs + at * (hourMs / 4);
    const wave = 40 + 15 * Math.sin(at / 9);
    const isGone = at >= 67 && at < 82;
    return {
      ...{ from: iso(fromMs), to: iso(fromMs + hourMs / 4), degraded: 0 },
      ...{ up: isGone ? 0 : 90, down: at >= 29 && at < 33 ? 60 : 0, unknown: isGone ? 90 : 0 },
      ...(isGone
        ? { p50Ms: null, p95Ms: null, p99Ms: null }
        : { p50Ms: wave, p95Ms: wave * 1.8, p99Ms: wave * (at % 17 === 0 ? 5 : 2.4) }),
    };
  }),
};
