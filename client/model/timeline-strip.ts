/** Draws a timeline on a line of limited width. Positions are fractions of the span, 0 to 1. */
import type { ServiceState } from '../../server/contract/live.ts';
import type { ServiceMaintenance } from '../../server/contract/maintenance.ts';
import type { TimelineInterval } from '../../server/contract/probing.ts';
import type { Span } from './span.ts';

export interface StripPiece<State = ServiceState> {
  state: State;
  start: number;
  end: number;
}

/** Urgency in which states cover one another where they are narrower than a pixel or two. */
const layers: readonly ServiceState[] = ['unmonitored', 'up', 'unknown', 'degraded', 'down'];
/** The same of what time counts as for an objective. */
export const explainedLayers = ['unmonitored', 'up', 'excluded', 'unknown', 'degraded', 'down'] as const;

/**
 * The pieces to draw, one over the other: everything but up is at least `least` wide, so that no outage is too short to
 * be seen, and the more urgent state lies on top. Touching pieces of one state are one piece.
 */
export function stripPieces<State extends string = ServiceState>(
  intervals: readonly { readonly state: State; readonly from: string; readonly to: string }[],
  span: Span,
  least: number,
  order: readonly State[] = layers as readonly string[] as readonly State[],
): StripPiece<State>[] {
  const length = span.toMs - span.fromMs;
  const place = (at: string): number => Math.max(0, Math.min(1, (Date.parse(at) - span.fromMs) / length));
  return order.flatMap((state) => {
    const pieces: StripPiece<State>[] = [];
    for (const interval of intervals) {
      if (interval.state !== state) continue;
      const start = place(interval.from);
      const end = Math.min(1, Math.max(place(interval.to), start + least));
      if (end <= start) continue;
      const last = pieces.at(-1);
      if (last && start <= last.end) last.end = Math.max(last.end, end);
      else pieces.push({ state, start, end });
    }
    return pieces;
  });
}

/** Milliseconds of the span in each state. */
export function stateLengths(intervals: readonly TimelineInterval[], span: Span): Record<ServiceState, number> {
  const lengths = { up: 0, degraded: 0, down: 0, unknown: 0, unmonitored: 0 };
  for (const { state, from, to } of intervals) {
    lengths[state] += Math.max(0, Math.min(span.toMs, Date.parse(to)) - Math.max(span.fromMs, Date.parse(from)));
  }
  return lengths;
}

/** The interval that holds an instant. */
export const intervalAt = (intervals: readonly TimelineInterval[], atMs: number): TimelineInterval | undefined =>
  intervals.find(({ from, to }) => Date.parse(from) <= atMs && atMs < Date.parse(to));

/** The names of the maintenance that touches an interval, each once. */
export const maintenanceAt = (
  windows: ServiceMaintenance['windows'],
  { from, to }: Pick<TimelineInterval, 'from' | 'to'>,
): string[] => [
  ...new Set(
    windows
      .filter((window) => Date.parse(window.from) < Date.parse(to) && Date.parse(from) < Date.parse(window.to))
      .map(({ key, name }) => name || key),
  ),
];

const tickMinutes = [5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 10_080, 20_160] as const;

/** Instants to label on an axis: at most about `count` inside the span, on round times of a clock `offsetMs` ahead of UTC. */
export function axisTicks({ fromMs, toMs }: Span, count: number, offsetMs = 0): number[] {
  const steps = tickMinutes.map((minutes) => minutes * 60_000);
  const step = steps.find((candidate) => (toMs - fromMs) / candidate <= count) ?? 43_200 * 60_000;
  const ticks: number[] = [];
  for (let at = Math.ceil((fromMs + offsetMs) / step) * step - offsetMs; at < toMs; at += step) ticks.push(at);
  return ticks;
}
