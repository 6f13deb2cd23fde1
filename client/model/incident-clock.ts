/** A clock of an incident as it stands at an instant: what the server read, carried on while it ticks. Pure. */
import type { IncidentClockView, IncidentDetail } from '../../server/contract/incidents.ts';
import type { TileKind } from './tile-kind.ts';
import { lengthText } from './time-text.ts';

export interface ClockReading {
  /** Support time that is left, ms; negative once it is overdue; null where nothing was promised. */
  readonly leftMs: number | null;
  /** Support time spent, ms. */
  readonly spentMs: number;
  /** How much of the promised time is spent, from 0 to 1. */
  readonly share: number;
  readonly colour: TileKind;
  /** `12 min 5 s left`, `3 min over`, `met in 4 min`. */
  readonly text: string;
  /** It has not stopped, and yet does not count: it is paused, or support hours are over. */
  readonly standsStill: 'paused' | 'closed' | null;
}

/** A clock that was read at `asOfMs`, at `nowMs`; it is carried on no further than support hours last. */
export function clockReading(clock: IncidentClockView, asOfMs: number, nowMs: number): ClockReading {
  const turnsMs = clock.turnsAt === null ? Infinity : Date.parse(clock.turnsAt);
  const sinceMs = clock.isTicking ? Math.max(0, Math.min(nowMs, turnsMs) - asOfMs) : 0;
  const spentMs = clock.elapsedSeconds * 1_000 + sinceMs;
  const leftMs = clock.leftSeconds === null ? null : clock.leftSeconds * 1_000 - sinceMs;
  const target = (clock.targetSeconds ?? 0) * 1_000;
  const share = target > 0 ? Math.min(1, spentMs / target) : 0;
  const isRunning =
    clock.state === 'running' || (clock.state === 'breached' && (clock.isTicking || clock.turnsAt !== null));
  return {
    ...{ leftMs, spentMs, share, colour: colourOf(clock, share, leftMs), text: textOf(clock, spentMs, leftMs) },
    standsStill: clock.state === 'paused' ? 'paused' : isRunning && !clock.isTicking ? 'closed' : null,
  };
}

function colourOf({ state }: IncidentClockView, share: number, leftMs: number | null): TileKind {
  if (state === 'breached' || (leftMs !== null && leftMs < 0 && state === 'running')) return 'down';
  if (state === 'met') return 'up';
  if (state === 'running') return share >= 0.9 ? 'suspect' : share >= 0.5 ? 'degraded' : 'up';
  return 'unmonitored';
}

function textOf({ state }: IncidentClockView, spentMs: number, leftMs: number | null): string {
  if (state === 'met') return `met in ${lengthText(spentMs)}`;
  if (leftMs === null) return `${lengthText(spentMs)} so far`;
  return leftMs < 0 ? `${lengthText(-leftMs)} over` : `${lengthText(leftMs)} left`;
}

/** When the clocks are to be read again: the first instant at which one turns or runs out; Infinity where none does. */
export function clocksTurnMs({ clocks }: Pick<IncidentDetail, 'clocks'>): number {
  const all = clocks.agreements.flatMap(({ response, resolution }) => [response, resolution]);
  const asOfMs = Date.parse(clocks.asOf);
  const instants = all
    .flatMap(({ turnsAt, dueAt }) => [turnsAt, dueAt])
    .map((at) => (at === null ? Infinity : Date.parse(at)));
  return Math.min(Infinity, ...instants.filter((at) => at > asOfMs));
}
