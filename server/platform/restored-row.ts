import type { Database } from './database.ts';

/** Brings back the row of a key that was deleted last from a table whose rows stay when they are deleted; its id, or null. */
export async function restoreNewest(database: Database, table: string, key: string): Promise<number | null> {
  const [row] = await database.query<{ id: number }>(
    `with back as (update ${table} set deleted_at = null where id = (
       select id from ${table} where key = $1 and deleted_at is not null order by deleted_at desc limit 1) returning id)
     select id from back`,
    [key],
  );
  return row?.id ?? null;
}
