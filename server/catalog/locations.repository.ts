import { Injectable } from '@nestjs/common';
import type { ListQuery } from '../contract/catalog.ts';
import { Database } from '../platform/database.ts';
import { restoreNewest } from '../platform/restored-row.ts';
import type { LocationDraft, StoredLocation } from './definitions.ts';
import { cursorKey, pageOfRows, pattern, type Rows } from './paging.ts';

const columns = 'id, key, name, description, managed_by as "managedBy", updated_at as "updatedAt"';

@Injectable()
export class LocationsRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  all(): Promise<StoredLocation[]> {
    return this.#database.query(`select ${columns} from locations where deleted_at is null order by key collate "C"`);
  }

  async findByKey(key: string): Promise<StoredLocation | undefined> {
    const [one] = await this.#database.query<StoredLocation>(
      `select ${columns} from locations where key = $1 and deleted_at is null`,
      [key],
    );
    return one;
  }

  async page({ text, limit, cursor }: ListQuery): Promise<Rows<StoredLocation>> {
    const rows = await this.#database.query<StoredLocation>(
      `select ${columns} from locations
       where deleted_at is null
         and ($1::text is null or key ilike $1 or name ilike $1)
         and ($2::text is null or key collate "C" > $2)
       order by key collate "C" limit $3`,
      [pattern(text), cursorKey(cursor), limit + 1],
    );
    return pageOfRows(rows, limit, ({ key }) => key);
  }

  async insert(locations: readonly LocationDraft[]): Promise<void> {
    await this.#database.query(
      `insert into locations (key, name, description, managed_by)
       select key, name, description, "managedBy"
       from jsonb_to_recordset($1) as r(key text, name text, description text, "managedBy" text)`,
      [JSON.stringify(locations)],
    );
  }

  async update(locations: readonly (LocationDraft & { id: number })[]): Promise<void> {
    await this.#database.query(
      `update locations l set name = r.name, description = r.description, managed_by = r."managedBy", updated_at = now()
       from jsonb_to_recordset($1) as r(id int, name text, description text, "managedBy" text)
       where l.id = r.id`,
      [JSON.stringify(locations)],
    );
  }

  async delete(ids: readonly number[]): Promise<void> {
    await this.#database.query('update locations set deleted_at = now() where id = any($1)', [ids]);
  }

  /** Brings back the one of a key that was deleted last. Answers whether there was one. */
  async restore(key: string): Promise<boolean> {
    return (await restoreNewest(this.#database, 'locations', key)) !== null;
  }
}
