import { Injectable } from '@nestjs/common';
import { verdictCode, verdictOf, type Verdict } from '../../probes/contract.ts';
import type { SeriesStatus } from '../domain/series-status.ts';
import { Database } from '../platform/database.ts';

/** The newest observation of a series. */
export interface LastObservation {
  verdict: Verdict;
  reason: number;
  latencyUs: number | null;
  observedMs: number;
  timingsUs: readonly (number | null)[] | null;
}

export interface SeriesStatusRow {
  series: number;
  /** Null while nothing was observed. */
  status: SeriesStatus | null;
  last: LastObservation | null;
  overdueAtMs: number;
}

interface StatusRecord {
  series_id: number;
  last_slot_ms: number;
  last_attempt: number;
  covered_until_ms: number;
  overdue_at_ms: number;
  label: number;
  stable: number;
  pending: Pick<SeriesStatus, 'contrary' | 'pending'> | null;
  verdict: number;
  reason: number;
  latency_us: number | null;
  observed_ms: number;
  timings: (number | null)[] | null;
}

const select = `select * from series_status`;

@Injectable()
export class SeriesStatusRepository {
  constructor(readonly database: Database) {}

  /** Locks the statuses of series in the order of their ids until the transaction ends. */
  async lock(series: readonly number[]): Promise<Map<number, SeriesStatusRow>> {
    const rows = await this.database.query<StatusRecord>(
      `${select} where series_id = any($1) order by series_id for update`,
      [series],
    );
    return new Map(rows.map((row) => [row.series_id, toRow(row)]));
  }

  async of(series: readonly number[]): Promise<Map<number, SeriesStatusRow>> {
    const rows = await this.database.query<StatusRecord>(`${select} where series_id = any($1)`, [series]);
    return new Map(rows.map((row) => [row.series_id, toRow(row)]));
  }

  /** Locks series whose next observation should have come by now and that are not unknown yet, in order of id. */
  async lockOverdue(nowMs: number, most: number): Promise<SeriesStatusRow[]> {
    const rows = await this.database.query<StatusRecord>(
      `${select} where overdue_at_ms < $1 and label <> 3 and last_slot_ms >= 0 order by series_id limit $2 for update`,
      [Math.floor(nowMs), most],
    );
    return rows.map(toRow);
  }

  /** Writes many statuses in one statement. */
  async write(rows: readonly SeriesStatusRow[]): Promise<void> {
    const records = rows.flatMap(toRecord);
    await this.database.query(
      `update series_status s set
         last_slot_ms = w.last_slot_ms, last_attempt = w.last_attempt, covered_until_ms = w.covered_until_ms,
         overdue_at_ms = w.overdue_at_ms, label = w.label, stable = w.stable, pending = w.pending, verdict = w.verdict,
         reason = w.reason, latency_us = w.latency_us, observed_ms = w.observed_ms, timings = w.timings
       from unnest($1::int[], $2::bigint[], $3::smallint[], $4::bigint[], $5::bigint[], $6::smallint[], $7::smallint[],
         $8::jsonb[], $9::smallint[], $10::smallint[], $11::int[], $12::bigint[], $13::text[])
         as u (series_id, last_slot_ms, last_attempt, covered_until_ms, overdue_at_ms, label, stable, pending, verdict,
           reason, latency_us, observed_ms, timings_text)
       cross join lateral (select u.*, u.timings_text::int[] as timings) as w
       where s.series_id = w.series_id`,
      [
        records.map((record) => record.series_id),
        records.map((record) => record.last_slot_ms),
        records.map((record) => record.last_attempt),
        records.map((record) => record.covered_until_ms),
        records.map((record) => record.overdue_at_ms),
        records.map((record) => record.label),
        records.map((record) => record.stable),
        records.map((record) => (record.pending ? JSON.stringify(record.pending) : null)),
        records.map((record) => record.verdict),
        records.map((record) => record.reason),
        records.map((record) => record.latency_us),
        records.map((record) => record.observed_ms),
        records.map((record) => record.timings && `{${record.timings.map((us) => us ?? 'null').join(',')}}`),
      ],
    );
  }
}

function toRow(record: StatusRecord): SeriesStatusRow {
  if (record.last_slot_ms < 0) return { series: record.series_id, status: null, last: null, overdueAtMs: 0 };
  return {
    series: record.series_id,
    status: {
      lastSlotMs: record.last_slot_ms,
      lastAttempt: record.last_attempt,
      coveredUntilMs: record.covered_until_ms,
      label: verdictOf(record.label),
      stable: verdictOf(record.stable),
      contrary: record.pending?.contrary ?? 0,
      pending: record.pending?.pending ?? [],
    },
    last: {
      verdict: verdictOf(record.verdict),
      reason: record.reason,
      latencyUs: record.latency_us,
      observedMs: record.observed_ms,
      timingsUs: record.timings,
    },
    overdueAtMs: record.overdue_at_ms,
  };
}

function toRecord({ series, status, last, overdueAtMs }: SeriesStatusRow): StatusRecord[] {
  if (!status || !last) return [];
  const { contrary, pending } = status;
  return [
    {
      series_id: series,
      last_slot_ms: status.lastSlotMs,
      last_attempt: status.lastAttempt,
      covered_until_ms: status.coveredUntilMs,
      overdue_at_ms: overdueAtMs,
      label: verdictCode(status.label),
      stable: verdictCode(status.stable),
      pending: contrary > 0 || pending.length > 0 ? { contrary, pending } : null,
      verdict: verdictCode(last.verdict),
      reason: last.reason,
      latency_us: last.latencyUs,
      observed_ms: last.observedMs,
      timings: last.timingsUs ? [...last.timingsUs] : null,
    },
  ];
}
