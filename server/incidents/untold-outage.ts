/** Outages that nobody was told of yet, and the incidents that tell of them: pure. */
import { minuteMs } from '../domain/durations.ts';
import type { ServiceOutage } from '../domain/outage-folding.ts';
import type { ProbeIncident } from './probe-incidents.repository.ts';
import type { StoredOutage } from './probe-outages.repository.ts';

/** What fails again within this is the same incident. */
const reopenWithinMs = 30 * minuteMs;

/** An outage that is to be told, and since when: the end of maintenance that covered it, else its beginning. */
export interface Untold extends ServiceOutage {
  readonly sinceMs: number;
  /** Where it is known already: it was covered, or its incident went without it. */
  readonly stored: StoredOutage | null;
}

/** The incident that an outage is told in, and what that makes of it. */
type Placement =
  | { readonly to: 'incident'; readonly incident: ProbeIncident; readonly isReopened: boolean }
  | { readonly to: 'new'; readonly follows: number | null };

/** One that fails again soon is told in the same incident, later in one that follows it. */
export function placementOf({ fromMs, toMs, stored }: Untold, last: ProbeIncident | undefined): Placement {
  if (toMs !== null || !last) return { to: 'new', follows: stored?.incidentId ?? null };
  const { resolvedMs, startedMs, id } = last;
  if (resolvedMs === null) return { to: 'incident', incident: last, isReopened: false };
  const isSoon = fromMs >= startedMs && fromMs - resolvedMs <= reopenWithinMs;
  return isSoon
    ? { to: 'incident', incident: last, isReopened: true }
    : { to: 'new', follows: stored?.incidentId ?? id };
}
