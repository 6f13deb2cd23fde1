import { Injectable } from '@nestjs/common';
import type { Spans } from '../domain/spans.ts';
import { Database } from '../platform/database.ts';

/** The layer of history from elsewhere; all its intervals have ends. */
const layer = 1;
const given = `select range_agg(int8range(from_ms, to_ms)) as spans from unnest($2::bigint[], $3::bigint[]) as s (from_ms, to_ms)`;
const isHit = `i.service_id = $1 and i.layer = ${layer} and i.from_ms < $5 and i.to_ms > $4
  and int8range(i.from_ms, i.to_ms) && given.spans`;

/** What was imported of services, as large as it may be: it is never read as a whole. */
@Injectable()
export class ImportedIntervalsRepository {
  constructor(readonly database: Database) {}

  /** One import of a service at a time, until the transaction ends. */
  async holdAlone(serviceId: number): Promise<void> {
    await this.database.query('select pg_advisory_xact_lock(7217087, $1)', [serviceId]);
  }

  /**
   * Takes spans, which rise and lie apart, out of what was imported: what reaches over an edge keeps its part outside.
   * Answers how many intervals gave way.
   */
  async displace(serviceId: number, spans: Spans): Promise<number> {
    const [row] = await this.database.query<{ gone: number }>(
      `with given as (${given}), gone as (
         delete from service_intervals i using given where ${isHit} returning i.from_ms, i.to_ms, i.state, i.reason
       ), kept as (
         insert into service_intervals (service_id, layer, from_ms, to_ms, state, reason)
         select $1, ${layer}, lower(rest), upper(rest), gone.state, gone.reason
         from gone cross join given
           cross join lateral unnest(int8multirange(int8range(gone.from_ms, gone.to_ms)) - given.spans) as rest
       ) select count(*)::int as gone from gone`,
      [serviceId, ...columnsOf(spans)],
    );
    return row!.gone;
  }

  /** How many intervals that begin after an instant share time with spans, and where the last of them begins. */
  async hits(
    serviceId: number,
    spans: Spans,
    afterMs: number | null,
  ): Promise<{ count: number; lastMs: number | null }> {
    const [row] = await this.database.query<{ count: number; lastMs: number | null }>(
      `with given as (${given})
       select count(*)::int as count, max(i.from_ms) as "lastMs" from service_intervals i cross join given
       where ${isHit} and ($6::bigint is null or i.from_ms > $6)`,
      [serviceId, ...columnsOf(spans), afterMs],
    );
    return row!;
  }
}

/** Their edges, and those of all together. */
const columnsOf = (spans: Spans): [number[], number[], number, number] => [
  spans.map(({ fromMs }) => fromMs),
  spans.map(({ toMs }) => toMs),
  spans[0]!.fromMs,
  spans.at(-1)!.toMs,
];
