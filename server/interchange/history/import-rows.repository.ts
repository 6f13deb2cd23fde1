import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database.ts';
import type { ReadRow } from './import-rows.ts';

/** What the rows of one subject come to. */
export interface StagedSubject {
  subject: string;
  rows: number;
  fromMs: number;
  /** After the last instant that a row tells of. */
  toMs: number;
}

/** Two rows that cannot both be. */
export interface Clash {
  row: number;
  otherRow: number;
}

const mostAtOnce = 5_000;
const columns = `row, subject, at_ms as "atMs", to_ms as "toMs", code, reason, trim_scale(amount)::text as amount`;

/** Rows that were read and wait to be taken over: as many as there are, and never all in memory. */
@Injectable()
export class ImportRowsRepository {
  constructor(readonly database: Database) {}

  /** In the transaction that notes how far the reading has come. */
  async add(id: number, rows: readonly ReadRow[]): Promise<void> {
    await this.database.query(
      `insert into import_rows (import_id, row, subject, at_ms, to_ms, code, reason, amount)
       select $1, * from unnest($2::int[], $3::text[], $4::bigint[], $5::bigint[], $6::smallint[], $7::smallint[], $8::numeric[])`,
      [
        id,
        rows.map(({ row }) => row),
        rows.map(({ subject }) => subject),
        rows.map(({ atMs }) => atMs),
        rows.map(({ toMs }) => toMs),
        rows.map(({ code }) => code),
        rows.map(({ reason }) => reason),
        rows.map(({ amount }) => amount),
      ],
    );
  }

  /** Rows that begin before an earlier one of the same subject has ended, or at its very instant. */
  clashes(id: number, most: number): Promise<Clash[]> {
    return this.#unhurried(
      `select row, "otherRow" from (
         select row, at_ms, lag(row) over w as "otherRow", lag(coalesce(to_ms, at_ms + 1)) over w as before_ms
         from import_rows where import_id = $1 window w as (partition by subject order by at_ms, row)) as neighbours
       where at_ms < before_ms order by row limit $2`,
      [id, most],
    );
  }

  /** In order of their names. */
  subjects(id: number): Promise<StagedSubject[]> {
    return this.#unhurried(
      `select subject, count(*)::int as rows, min(at_ms) as "fromMs", max(coalesce(to_ms, at_ms + 1)) as "toMs"
       from import_rows where import_id = $1 group by subject order by subject`,
      [id],
    );
  }

  /** A statement over all rows takes the time that it needs. */
  #unhurried<Row>(sql: string, parameters: unknown[]): Promise<Row[]> {
    return this.database.transaction(async () => {
      await this.database.query(`select set_config('statement_timeout', '0', true)`);
      return this.database.query<Row>(sql, parameters);
    });
  }

  /** The rows of a subject in order of time. */
  async *ofSubject(id: number, subject: string): AsyncGenerator<ReadRow[]> {
    let [atMs, row]: [number, number] = [Number.MIN_SAFE_INTEGER, 0];
    for (;;) {
      const rows = await this.database.query<ReadRow>(
        `select ${columns} from import_rows
         where import_id = $1 and subject = $2 and (at_ms, row) > ($3, $4) order by at_ms, row limit ${mostAtOnce}`,
        [id, subject, atMs, row],
      );
      if (rows.length > 0) yield rows;
      const last = rows.at(-1);
      if (!last || rows.length < mostAtOnce) return;
      [atMs, row] = [last.atMs, last.row];
    }
  }
}
