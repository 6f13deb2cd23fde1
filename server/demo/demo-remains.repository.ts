import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database.ts';

interface Link {
  child: string;
  childColumn: string;
  parent: string;
  parentColumn: string;
}

/** What is somebody's own, whatever it refers to: it goes by its own id alone. */
const ownThings: ReadonlySet<string> = new Set([
  ...['teams', 'locations', 'calendars', 'services', 'maintenance', 'frameworks', 'agreements', 'incidents', 'metrics'],
  ...['users', 'boards', 'api_tokens'],
]);
/** What was measured refers to its series without a foreign key. */
const measured = ['packed_hours', 'buckets', 'observation_details'];

/**
 * Deletes rows with all that rests on them, found by the foreign keys: also what is otherwise kept for ever. It is for the
 * demo alone, whose records prove nothing to anybody.
 */
@Injectable()
export class DemoRemainsRepository {
  constructor(readonly database: Database) {}

  /** Inside a transaction: ids by table. */
  async delete(roots: ReadonlyMap<string, readonly number[]>): Promise<void> {
    const links = await this.#links();
    await this.database.query('set constraints all immediate');
    await this.database.query(
      'create temp table demo_gone (place oid, row tid, primary key (place, row)) on commit drop',
    );
    for (const [table, ids] of roots)
      await this.database.query(
        `insert into demo_gone select tableoid, ctid from ${table} where id = any($1) order by id for update
         on conflict do nothing`,
        [ids],
      );
    while (await this.#grow(links.filter(({ child }) => !ownThings.has(child))));
    await this.#deleteMeasured();
    for (const table of childrenFirst(links, [...roots.keys()])) await this.#deleteFrom(table);
  }

  /** Of a single column each. */
  #links(): Promise<Link[]> {
    return this.database.query(
      `select c.conrelid::regclass::text as child, a.attname as "childColumn",
         c.confrelid::regclass::text as parent, p.attname as "parentColumn"
       from pg_constraint c
       join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
       join pg_attribute p on p.attrelid = c.confrelid and p.attnum = c.confkey[1]
       where c.contype = 'f' and c.conparentid = 0 and array_length(c.conkey, 1) = 1
         and c.connamespace = current_schema()::regnamespace
       order by 1, 2`,
    );
  }

  /**
   * Takes in what refers to what goes; answers whether there was any. It is locked: what others changed meanwhile would be
   * in another place, and what they added to it be left over.
   */
  async #grow(links: readonly Link[]): Promise<boolean> {
    let hasGrown = false;
    for (const { child, childColumn, parent, parentColumn } of links) {
      const rows = await this.database.query(
        `with found as (
           insert into demo_gone select c.tableoid, c.ctid from ${child} c
           where c.${childColumn} in (
             select p.${parentColumn} from ${parent} p join demo_gone g on g.place = p.tableoid and g.row = p.ctid)
           for update of c
           on conflict do nothing returning 1)
         select 1 from found limit 1`,
      );
      if (rows.length > 0) hasGrown = true;
    }
    return hasGrown;
  }

  async #deleteMeasured(): Promise<void> {
    const days = await this.database.query<{ name: string }>(
      `select 'observations_' || day as name from observation_days where to_regclass('observations_' || day) is not null`,
    );
    const ofSeries = `(select s.id from series s join demo_gone g on g.place = s.tableoid and g.row = s.ctid)`;
    for (const table of measured) await this.database.query(`delete from ${table} where series_id in ${ofSeries}`);
    for (const { name } of days) await this.database.query(`delete from ${name} where series in ${ofSeries}`);
  }

  async #deleteFrom(table: string): Promise<void> {
    const [{ isGuarded, hasAny }] = (await this.database.query<{ isGuarded: boolean; hasAny: boolean }>(
      `select exists (select from pg_trigger where tgrelid = $1::regclass and not tgisinternal) as "isGuarded",
         exists (select from demo_gone where place = $1::regclass) as "hasAny"`,
      [table],
    )) as [{ isGuarded: boolean; hasAny: boolean }];
    if (!hasAny) return;
    if (isGuarded) await this.database.query(`alter table ${table} disable trigger user`);
    await this.database.query(`delete from ${table} t using demo_gone g where g.place = t.tableoid and g.row = t.ctid`);
    if (isGuarded) await this.database.query(`alter table ${table} enable trigger user`);
  }
}

/** Every table that rests on one of these, and themselves, so that none comes before what refers to it. */
export function childrenFirst(links: readonly Pick<Link, 'child' | 'parent'>[], roots: readonly string[]): string[] {
  const order: string[] = [];
  const seen = new Set<string>();
  const visit = (table: string): void => {
    if (seen.has(table)) return;
    seen.add(table);
    for (const { child, parent } of links) if (parent === table && child !== table) visit(child);
    order.push(table);
  };
  for (const root of roots) visit(root);
  return order;
}
