import { Injectable } from '@nestjs/common';
import { minuteMs } from '../domain/durations.ts';
import { sketchGamma } from '../domain/latency-sketch.ts';
import { Database } from '../platform/database.ts';

/** How long a service was in which sort of state since an instant, and the state that goes on. */
export interface MonthSum {
  service_id: number;
  /** Up or degraded, and of known state at all, in intervals that have ended; ms. */
  good_ms: number;
  known_ms: number;
  /** The interval that has not ended, from that instant on at the earliest; null where there is none. */
  open_state: number | null;
  open_ms: number | null;
}

export interface ChangeRow {
  service_id: number;
  at_ms: number;
  before: number;
  after: number;
  reason: number;
}

export interface MinuteRow {
  service_id: number;
  minute_ms: number;
  latency_ms: number;
}

/** Reads the figures of tiles: of all services, or of some, always in one statement. */
@Injectable()
export class BoardFiguresRepository {
  constructor(readonly database: Database) {}

  sumsSince(fromMs: number, ids: readonly number[] | null): Promise<MonthSum[]> {
    return this.database.query(
      `select service_id,
         coalesce(sum(to_ms - greatest(from_ms, $1)) filter (where state in (0, 1)), 0)::bigint as good_ms,
         coalesce(sum(to_ms - greatest(from_ms, $1)) filter (where state in (0, 1, 2)), 0)::bigint as known_ms,
         min(state) filter (where to_ms is null) as open_state,
         min(greatest(from_ms, $1)) filter (where to_ms is null) as open_ms
       from service_intervals
       where layer = 0 and (to_ms is null or to_ms > $1) and ($2::int[] is null or service_id = any($2))
       group by service_id`,
      [fromMs, ids],
    );
  }

  /** Newest first. That something new is not known yet is no news: unmonitored to unknown is left out. */
  changesSince(fromMs: number, ids: readonly number[] | null): Promise<ChangeRow[]> {
    return this.database.query(
      `select next.service_id, next.from_ms as at_ms, last.state as before, next.state as after, next.reason
       from service_intervals last
         join service_intervals next on (next.service_id, next.layer, next.from_ms) = (last.service_id, last.layer, last.to_ms)
       where last.layer = 0 and last.to_ms >= $1 and (last.state, next.state) <> (4, 3) and ($2::int[] is null or last.service_id = any($2))
       order by next.from_ms desc`,
      [fromMs, ids],
    );
  }

  /** Mean latencies of the minutes that begin in [fromMs, toMs); minutes without one are left out. */
  latencies(fromMs: number, toMs: number): Promise<MinuteRow[]> {
    return this.database.query(
      `select p.service_id, b.from_ms as minute_ms,
         sum(entry.n * power(${sketchGamma}::float8, entry.key)) * ${2 / (1 + sketchGamma)} / sum(entry.n) / 1000 as latency_ms
       from buckets b join series s on s.id = b.series_id join probes p on p.id = s.probe_id and p.deleted_at is null,
         unnest(b.sketch_keys, b.sketch_counts) as entry (key, n)
       where b.width_ms = ${minuteMs} and b.from_ms >= $1 and b.from_ms < $2
       group by p.service_id, b.from_ms`,
      [fromMs, toMs],
    );
  }
}
