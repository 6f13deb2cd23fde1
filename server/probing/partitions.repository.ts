import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database.ts';

/** Tables that are cut into months, so that old ones go in one piece. */
export type MonthlyTable = 'observation_details' | 'packed_hours' | 'buckets_minute';

const monthIndex = (atMs: number): number => {
  const date = new Date(atMs);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
};
const monthStartMs = (index: number): number => Date.UTC(Math.floor(index / 12), index % 12);
const partitionName = (table: MonthlyTable, index: number): string =>
  `${table}_${Math.floor(index / 12)}_${String((index % 12) + 1).padStart(2, '0')}`;

@Injectable()
export class PartitionsRepository {
  readonly #known = new Set<string>();

  constructor(readonly database: Database) {}

  /** Makes the months that hold these instants, where they are missing, in their order: all lock them in that. */
  async ensure(table: MonthlyTable, instantsMs: Iterable<number>): Promise<void> {
    const months = new Set([...instantsMs].map(monthIndex));
    for (const index of [...months].sort((a, b) => a - b)) {
      const name = partitionName(table, index);
      if (this.#known.has(name)) continue;
      // Two servers may make it at once: the second waits and finds it there.
      await this.database.query('select pg_advisory_xact_lock(hashtext($1))', [name]);
      await this.database.query(
        `create table if not exists ${name} partition of ${table}
         for values from (${monthStartMs(index)}) to (${monthStartMs(index + 1)})`,
      );
      this.database.afterCommit(() => this.#known.add(name));
    }
  }

  /** Drops every month that ended before an instant; answers with the names of what went. */
  async dropBefore(table: MonthlyTable, beforeMs: number): Promise<string[]> {
    const rows = await this.database.query<{ name: string }>(
      `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
       where i.inhparent = $1::regclass order by 1`,
      [table],
    );
    const limit = partitionName(table, monthIndex(beforeMs));
    const gone = rows.map(({ name }) => name).filter((name) => name < limit);
    for (const name of gone) {
      await this.database.query(`drop table ${name}`);
      this.#known.delete(name);
    }
    return gone;
  }
}
