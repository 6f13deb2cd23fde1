import { Injectable } from '@nestjs/common';
import type { ListQuery } from '../contract/catalog.ts';
import { Database } from '../platform/database.ts';
import { restoreNewest } from '../platform/restored-row.ts';
import type { StoredTeam, TeamDraft } from './definitions.ts';
import { cursorKey, pageOfRows, pattern, type Rows } from './paging.ts';

const columns = 'id, key, name, email, description, managed_by as "managedBy", updated_at as "updatedAt"';

@Injectable()
export class TeamsRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  all(): Promise<StoredTeam[]> {
    return this.#database.query(`select ${columns} from teams where deleted_at is null order by key collate "C"`);
  }

  async findByKey(key: string): Promise<StoredTeam | undefined> {
    const [one] = await this.#database.query<StoredTeam>(
      `select ${columns} from teams where key = $1 and deleted_at is null`,
      [key],
    );
    return one;
  }

  async page({ text, limit, cursor }: ListQuery): Promise<Rows<StoredTeam>> {
    const rows = await this.#database.query<StoredTeam>(
      `select ${columns} from teams
       where deleted_at is null
         and ($1::text is null or key ilike $1 or name ilike $1)
         and ($2::text is null or key collate "C" > $2)
       order by key collate "C" limit $3`,
      [pattern(text), cursorKey(cursor), limit + 1],
    );
    return pageOfRows(rows, limit, ({ key }) => key);
  }

  async insert(teams: readonly TeamDraft[]): Promise<void> {
    await this.#database.query(
      `insert into teams (key, name, email, description, managed_by)
       select key, name, email, description, "managedBy"
       from jsonb_to_recordset($1) as r(key text, name text, email text, description text, "managedBy" text)`,
      [JSON.stringify(teams)],
    );
  }

  async update(teams: readonly (TeamDraft & { id: number })[]): Promise<void> {
    await this.#database.query(
      `update teams t set name = r.name, email = r.email, description = r.description, managed_by = r."managedBy",
         updated_at = now()
       from jsonb_to_recordset($1) as r(id int, name text, email text, description text, "managedBy" text)
       where t.id = r.id`,
      [JSON.stringify(teams)],
    );
  }

  async delete(ids: readonly number[]): Promise<void> {
    await this.#database.query('update teams set deleted_at = now() where id = any($1)', [ids]);
  }

  /** Brings back the one of a key that was deleted last. Answers whether there was one. */
  async restore(key: string): Promise<boolean> {
    return (await restoreNewest(this.#database, 'teams', key)) !== null;
  }
}
