import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database.ts';
import { restoreNewest } from '../platform/restored-row.ts';
import type { Actor } from '../platform/request-context.ts';

export interface StoredFrameworkVersion {
  number: number;
  title: string;
  texts: unknown;
  by: string;
  at: string;
}

export interface StoredFramework {
  id: number;
  key: string;
  managedBy: 'file' | null;
  updatedAt: Date;
  /** The newest first. */
  versions: readonly StoredFrameworkVersion[];
}

export interface WrittenFramework {
  key: string;
  managedBy: 'file' | null;
  title: string;
  texts: unknown;
}

/** Framework terms as a search finds them. */
export const searchableFrameworks = `
  select 'framework', 8, f.key, v.title, '', f.key || ' ' || v.title
  from frameworks f cross join lateral (
    select title from framework_versions where framework_id = f.id order by number desc limit 1) v
  where f.deleted_at is null`;

/** Framework terms, with every version that there was. */
@Injectable()
export class FrameworksRepository {
  constructor(readonly database: Database) {}

  /** In order of key: those of these keys, or all. */
  find(keys?: readonly string[]): Promise<StoredFramework[]> {
    return this.database.query(
      `select f.id, f.key, f.managed_by as "managedBy", f.updated_at as "updatedAt", (
         select json_agg(json_build_object('number', v.number, 'title', v.title, 'texts', v.texts, 'by', v.actor,
           'at', v.at) order by v.number desc)
         from framework_versions v where v.framework_id = f.id) as versions
       from frameworks f
       where f.deleted_at is null and ($1::text[] is null or f.key = any($1))
       order by f.key collate "C"`,
      [keys ?? null],
    );
  }

  /** Makes them, or says who manages them; what they say is added as their next version unless it is the same. */
  async write(frameworks: readonly WrittenFramework[], { kind, name }: Pick<Actor, 'kind' | 'name'>): Promise<void> {
    await this.database.query(
      `insert into frameworks (key, managed_by)
       select key, "managedBy" from json_to_recordset($1) as r(key text, "managedBy" text)
       on conflict (key) where deleted_at is null do update set managed_by = excluded.managed_by, updated_at = now()`,
      [JSON.stringify(frameworks)],
    );
    await this.database.query(
      `insert into framework_versions (framework_id, number, title, texts, actor_kind, actor)
       select f.id, coalesce(newest.number, 0) + 1, r.title, r.texts, $2, $3
       from json_to_recordset($1) as r(key text, title text, texts json)
       join frameworks f on f.key = r.key and f.deleted_at is null
       left join lateral (
         select number, title, texts from framework_versions v where v.framework_id = f.id
         order by number desc limit 1) newest on true
       where newest.number is null or (newest.title, newest.texts::jsonb) is distinct from (r.title, r.texts::jsonb)`,
      [JSON.stringify(frameworks), kind, name],
    );
  }

  async delete(keys: readonly string[]): Promise<void> {
    await this.database.query('update frameworks set deleted_at = now() where key = any($1) and deleted_at is null', [
      keys,
    ]);
  }

  /** Brings back those of a key that were deleted last. */
  async restore(key: string): Promise<boolean> {
    return (await restoreNewest(this.database, 'frameworks', key)) !== null;
  }
}
