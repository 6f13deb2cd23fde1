/** Whether somebody may be paged at an instant for what is promised in service hours alone. */
import type { ServiceHours } from './calendar.ts';
import { hourMs } from './durations.ts';

/** What an agreement about a service says of it. */
export interface PromisedHours {
  /** Null: around the clock. */
  readonly hours: ServiceHours | null;
  /** How long people may take to restore it; null where nothing was promised. */
  readonly resolutionMs: number | null;
}

const leastTargetMs = hourMs;

/**
 * From which instant on it pages: at once inside the hours of any agreement, or where there is none. Outside of them only
 * an outage of tier 1 does, once the next opening is nearer than its resolution target; all else waits for the opening.
 */
export function pagesFrom(promises: readonly PromisedHours[], isTierOneOutage: boolean, nowMs: number): number {
  if (promises.length === 0) return nowMs;
  const instants = promises.map(({ hours, resolutionMs }) => {
    const openingMs = nextOpening(hours, nowMs);
    if (openingMs === null) return Infinity;
    const targetMs = isTierOneOutage ? Math.max(resolutionMs ?? 0, leastTargetMs) : 0;
    return Math.max(nowMs, openingMs - targetMs);
  });
  const firstMs = Math.min(...instants);
  // Hours that never come promise nothing that could wait for them.
  return firstMs === Infinity ? nowMs : firstMs;
}

/** The instant itself where it is open; null where the hours never come. */
function nextOpening(hours: ServiceHours | null, nowMs: number): number | null {
  if (hours === null || hours.spans(nowMs, nowMs + 1).length > 0) return nowMs;
  const openedMs = hours.deadline(nowMs, 1);
  return openedMs === null ? null : openedMs - 1;
}
