import type { AlertUrgency } from '../../contract/channels.ts';
import { hourMs, minuteMs } from '../../domain/durations.ts';

/** After so long a message is of no use any more: it is given up, and another channel is told. */
export const giveUpAfterMs: Readonly<Record<AlertUrgency, number>> = {
  page: 30 * minuteMs,
  notify: 6 * hourMs,
  ticket: 24 * hourMs,
};

/** What was told of alerts, and what ended of them, is kept for so long. */
export const keptDays = 90;

const firstWaitMs = 5_000;
const longestWaitMs = 5 * minuteMs;

export interface Retry {
  attempts: number;
  /** Until it is given up; 0 and below when that time is over. */
  leftMs: number;
  /** What the receiver asked for. */
  retryAfterMs?: number | undefined;
  /** From 0 to below 1. */
  random: number;
}

/**
 * How long a delivery waits after an attempt that failed; null: it is given up. Waits double from five seconds to five
 * minutes, each longer by up to a quarter, so that what failed together is not repeated together. The last attempt is at
 * the end of the time; a receiver that wants to be left alone for longer than that is given up at once.
 */
export function waitBeforeRetry({ attempts, leftMs, retryAfterMs, random }: Retry): number | null {
  if (leftMs <= 0) return null;
  if (retryAfterMs !== undefined && retryAfterMs > leftMs) return null;
  const waitMs = Math.min(firstWaitMs * 2 ** Math.min(attempts - 1, 20), longestWaitMs);
  const spreadMs = Math.round(waitMs * (1 + random / 4));
  return Math.min(Math.max(spreadMs, retryAfterMs ?? 0), leftMs);
}
