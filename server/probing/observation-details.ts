import { verdictCode, verdictOf } from '../../probes/contract.ts';
import type { StoredObservation } from '../domain/packed-hour.ts';

/** One row to store: an own run of a slot. */
export interface ObservationRow extends StoredObservation {
  series: number;
}

/** What is kept of failures, changes and re-checks beside the row of numbers. */
export interface DetailRow extends ObservationRow {
  attempt: number;
  observedMs: number;
  timingsUs: readonly (number | null)[] | null;
  detail: string | null;
  facts: Record<string, string | number | boolean> | null;
}

/** A row of observation_details. */
export interface DetailRecord {
  series_id: number;
  slot_ms: number;
  attempt: number;
  verdict: number;
  reason: number;
  latency_us: number | null;
  observed_ms: number;
  timings: (number | null)[] | null;
  detail: string | null;
  facts: DetailRow['facts'];
}

export const toRecord = (row: DetailRow): DetailRecord => ({
  series_id: row.series,
  slot_ms: row.slotMs,
  attempt: row.attempt,
  verdict: verdictCode(row.verdict),
  reason: row.reason,
  latency_us: row.latencyUs,
  observed_ms: row.observedMs,
  timings: row.timingsUs ? [...row.timingsUs] : null,
  detail: row.detail,
  facts: row.facts,
});

export const fromRecord = (record: DetailRecord): DetailRow => ({
  series: record.series_id,
  slotMs: record.slot_ms,
  attempt: record.attempt,
  verdict: verdictOf(record.verdict),
  reason: record.reason,
  latencyUs: record.latency_us,
  observedMs: record.observed_ms,
  timingsUs: record.timings,
  detail: record.detail,
  facts: record.facts,
});
