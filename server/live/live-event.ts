import type { ServiceSeen } from '../probing/series-fold.service.ts';
import type { LiveEvent } from './board.repository.ts';

/** An event that tells of nothing. */
export const nothing: LiveEvent = { changed: [], seen: [], agreements: [], locations: false, maintenance: false };

export const toSight = ({ serviceId, observedMs, latencyUs }: ServiceSeen) =>
  [serviceId, observedMs, latencyUs] as const;

/** What one transaction has to tell. */
export const merged = (parts: readonly LiveEvent[]): LiveEvent => ({
  changed: [...new Set(parts.flatMap(({ changed }) => changed))],
  seen: parts.flatMap(({ seen }) => seen),
  agreements: [...new Set(parts.flatMap(({ agreements }) => agreements))],
  locations: parts.some(({ locations }) => locations),
  maintenance: parts.some(({ maintenance }) => maintenance),
});
