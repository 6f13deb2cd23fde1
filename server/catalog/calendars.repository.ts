import { Injectable } from '@nestjs/common';
import type { ListQuery } from '../contract/catalog.ts';
import { Database } from '../platform/database.ts';
import { restoreNewest } from '../platform/restored-row.ts';
import type { CalendarDraft, StoredCalendar } from './definitions.ts';
import { cursorKey, pageOfRows, pattern, type Rows } from './paging.ts';

const columns = `id, key, name, time_zone as "timeZone", week, holidays, exceptions, managed_by as "managedBy",
  updated_at as "updatedAt"`;

const recordset = `jsonb_to_recordset($1) as r(id int, key text, name text, "timeZone" text, week jsonb, holidays jsonb,
  exceptions jsonb, "managedBy" text)`;
/** A null inside of JSON is a value of its own there. */
const holidays = `nullif(r.holidays, 'null'::jsonb)`;

@Injectable()
export class CalendarsRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** All calendars, or those of the given keys that there are; in order of key. */
  all(keys?: readonly string[]): Promise<StoredCalendar[]> {
    return this.#database.query(
      `select ${columns} from calendars
       where deleted_at is null and ($1::text[] is null or key = any($1)) order by key collate "C"`,
      [keys ?? null],
    );
  }

  async findByKey(key: string): Promise<StoredCalendar | undefined> {
    const [one] = await this.all([key]);
    return one;
  }

  async page({ text, limit, cursor }: ListQuery): Promise<Rows<StoredCalendar>> {
    const rows = await this.#database.query<StoredCalendar>(
      `select ${columns} from calendars
       where deleted_at is null
         and ($1::text is null or key ilike $1 or name ilike $1)
         and ($2::text is null or key collate "C" > $2)
       order by key collate "C" limit $3`,
      [pattern(text), cursorKey(cursor), limit + 1],
    );
    return pageOfRows(rows, limit, ({ key }) => key);
  }

  async insert(calendars: readonly CalendarDraft[]): Promise<void> {
    await this.#database.query(
      `insert into calendars (key, name, time_zone, week, holidays, exceptions, managed_by)
       select r.key, r.name, r."timeZone", r.week, ${holidays}, r.exceptions, r."managedBy" from ${recordset}`,
      [JSON.stringify(calendars)],
    );
  }

  async update(calendars: readonly (CalendarDraft & { id: number })[]): Promise<void> {
    await this.#database.query(
      `update calendars c set name = r.name, time_zone = r."timeZone", week = r.week, holidays = ${holidays},
         exceptions = r.exceptions, managed_by = r."managedBy", updated_at = now()
       from ${recordset} where c.id = r.id`,
      [JSON.stringify(calendars)],
    );
  }

  async delete(ids: readonly number[]): Promise<void> {
    await this.#database.query('update calendars set deleted_at = now() where id = any($1)', [ids]);
  }

  /** Brings back the one of a key that was deleted last. Answers whether there was one. */
  async restore(key: string): Promise<boolean> {
    return (await restoreNewest(this.#database, 'calendars', key)) !== null;
  }
}
