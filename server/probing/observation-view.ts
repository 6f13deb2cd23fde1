import { phases, reasonOf, reasons, type Timings } from '../../probes/contract.ts';
import type { ObservationView } from '../contract/probing.ts';
import type { SeriesStatus } from '../domain/series-status.ts';
import type { StoredObservation } from '../domain/packed-hour.ts';
import type { DetailRow } from './observation-details.ts';
import type { LastObservation } from './series-status.repository.ts';

const iso = (atMs: number): string => new Date(atMs).toISOString();
const toMs = (us: number | null): number | null => (us === null ? null : us / 1_000);

function timingsView(timingsUs: readonly (number | null)[] | null | undefined): Timings | null {
  if (!timingsUs) return null;
  const known = phases.flatMap((phase, index) => {
    const us = timingsUs[index];
    return us === null || us === undefined ? [] : [[phase, us / 1_000] as const];
  });
  return Object.fromEntries(known);
}

/** One attempt as people see it; `detail` is what was kept of it beside its row of numbers. */
export function observationView(
  location: string | null,
  { slotMs, attempt, verdict, reason, latencyUs }: StoredObservation & { attempt: number },
  detail: DetailRow | undefined,
): ObservationView {
  const why = reasonOf(reason);
  return {
    location,
    slot: iso(slotMs),
    at: iso(detail?.observedMs ?? slotMs),
    attempt,
    verdict,
    reason: why,
    reasonText: reasons[why].text,
    latencyMs: toMs(latencyUs),
    timings: timingsView(detail?.timingsUs),
    detail: detail?.detail ?? null,
    facts: detail?.facts ?? null,
  };
}

/** The newest attempt of a series, which is kept with its phases even when nothing else is. */
export function lastView(
  location: string | null,
  { lastSlotMs, lastAttempt }: SeriesStatus,
  last: LastObservation,
  detail: DetailRow | undefined,
): ObservationView {
  const own = detail?.attempt === lastAttempt ? detail : undefined;
  const { verdict, reason, latencyUs, observedMs, timingsUs } = last;
  const view = observationView(location, { slotMs: lastSlotMs, attempt: lastAttempt, verdict, reason, latencyUs }, own);
  return { ...view, at: iso(observedMs), timings: timingsView(timingsUs) };
}
