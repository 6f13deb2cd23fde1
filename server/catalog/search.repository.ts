import { Injectable } from '@nestjs/common';
import type { Found, SearchQuery } from '../contract/search.ts';
import { Database } from '../platform/database.ts';
import { pattern } from './paging.ts';

/** What can be found of the catalog. */
const ofCatalog = [
  `select 'service', 0, s.key, s.name, t.name, s.key || ' ' || s.name || ' ' || array_to_string(s.tags, ' ')
     from services s join teams t on t.id = s.owner_id where s.deleted_at is null`,
  `select 'probe', 1, s.key || '.' || p.key, coalesce(nullif(p.name, ''), p.key), s.name || ', ' || p.kind,
       s.key || '.' || p.key || ' ' || p.name || ' ' || s.name
     from probes p join services s on s.id = p.service_id where p.deleted_at is null`,
  `select 'team', 2, key, name, coalesce(email, ''), key || ' ' || name || ' ' || coalesce(email, '')
     from teams where deleted_at is null`,
  `select 'location', 3, key, name, '', key || ' ' || name from locations where deleted_at is null`,
  `select 'maintenance', 6, key, coalesce(nullif(name, ''), key), '', key || ' ' || name || ' ' || note
     from maintenance where deleted_at is null`,
  `select 'calendar', 7, key, coalesce(nullif(name, ''), key), time_zone, key || ' ' || name
     from calendars where deleted_at is null`,
];

@Injectable()
export class SearchRepository {
  readonly #database: Database;
  readonly #selects = [...ofCatalog];

  constructor(database: Database) {
    this.#database = database;
  }

  include(select: string): void {
    this.#selects.push(select);
  }

  /** What holds the text in its key, name or tags, in one statement over all that can be found, or all of a kind. */
  find({ text, kind, limit }: SearchQuery): Promise<Found[]> {
    const inside = pattern(text) ?? '%%';
    return this.#database.query<Found>(
      `with everything (kind, sort, key, name, hint, words) as (${this.#selects.join(' union all ')})
       select kind, key, name, hint from everything where words ilike $1 and ($5::text is null or kind = $5)
       order by case when lower($2) in (lower(name), key) then 0 when name ilike $3 or key like $3 then 1 else 2 end,
         sort, lower(name), key
       limit $4`,
      [inside, text, inside.slice(1), limit, kind],
    );
  }
}
