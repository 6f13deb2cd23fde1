import { Injectable } from '@nestjs/common';
import { verdictCode } from '../../probes/contract.ts';
import { groupBy } from '../domain/grouping.ts';
import { Database } from '../platform/database.ts';
import { fromRecord, type DetailRecord, type DetailRow } from './observation-details.ts';

/** A stretch of time in which some series failed. */
export interface FailureSearch {
  fromMs: number;
  toMs: number;
  series: readonly number[];
}

/** The first and the last failed attempt of a search, as far as they are kept. */
export interface Failures {
  first: DetailRow | null;
  last: DetailRow | null;
}

@Injectable()
export class OutagesRepository {
  constructor(readonly database: Database) {}

  /** Of each search its first and last failed attempt: one statement, which reads the ends of each series' index alone. */
  async failures(searches: readonly FailureSearch[]): Promise<Failures[]> {
    const asked = searches.flatMap(({ fromMs, toMs, series }, search) =>
      series.map((id) => ({ search, series: id, fromMs, toMs })),
    );
    if (asked.length === 0) return searches.map(() => ({ first: null, last: null }));
    const end = (direction: 'asc' | 'desc') => `
      (select d.* from observation_details d
       where d.series_id = asked.series_id and d.slot_ms >= asked.from_ms and d.slot_ms < asked.to_ms
         and d.verdict = ${verdictCode('down')}
       order by d.slot_ms ${direction}, d.attempt ${direction} limit 1)`;
    const rows = await this.database.query<DetailRecord & { search: number }>(
      `select asked.search, found.*
       from unnest($1::int[], $2::int[], $3::bigint[], $4::bigint[]) as asked (search, series_id, from_ms, to_ms)
       cross join lateral (${end('asc')} union all ${end('desc')}) as found
       order by asked.search, found.slot_ms, found.attempt, found.series_id`,
      [
        asked.map(({ search }) => search),
        asked.map(({ series }) => series),
        asked.map(({ fromMs }) => fromMs),
        asked.map(({ toMs }) => toMs),
      ],
    );
    const found = groupBy(rows, ({ search }) => search);
    return searches.map((_, search) => {
      const its = found.get(search) ?? [];
      const [first, last] = [its[0], its.at(-1)];
      return { first: first ? fromRecord(first) : null, last: last ? fromRecord(last) : null };
    });
  }
}
