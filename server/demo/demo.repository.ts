import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database.ts';

export interface StoredDemo {
  state: 'loading' | 'loaded' | 'failed';
  step: string;
  done: number;
  steps: number;
  loadedAt: Date | null;
  /** Whoever loads it has not gone on for so long that it must have ended. */
  isAbandoned: boolean;
}

/** Where things of each kind are kept, and by which column people know them. */
const places = {
  team: { table: 'teams', name: 'key', present: 'deleted_at is null' },
  calendar: { table: 'calendars', name: 'key', present: 'deleted_at is null' },
  service: { table: 'services', name: 'key', present: 'deleted_at is null' },
  maintenance: { table: 'maintenance', name: 'key', present: 'deleted_at is null' },
  agreement: { table: 'agreements', name: 'key', present: 'deleted_at is null' },
  incident: { table: 'incidents', name: 'reference', present: 'true' },
  metric: { table: 'metrics', name: 'key', present: 'true' },
} as const;
export type DemoKind = keyof typeof places;
export const demoKinds = Object.keys(places) as DemoKind[];
export const tableOf = (kind: DemoKind): string => places[kind].table;

/** What is loaded of the demo, and which things are its. */
@Injectable()
export class DemoRepository {
  constructor(readonly database: Database) {}

  async find(): Promise<StoredDemo | null> {
    const [row] = await this.database.query<StoredDemo>(
      `select state, step, done, steps, loaded_at as "loadedAt",
         state = 'loading' and seen_at < now() - interval '2 minutes' as "isAbandoned" from demo`,
    );
    return row ?? null;
  }

  /** Answers whether it is for the caller to load it: false where it is there, or somebody else does. */
  async begin(step: string): Promise<boolean> {
    const rows = await this.database.query(
      `with begun as (insert into demo (state, step) values ('loading', $1) on conflict do nothing returning 1)
       select * from begun`,
      [step],
    );
    return rows.length > 0;
  }

  async note(step: string, done: number, steps: number): Promise<void> {
    await this.database.query('update demo set step = $1, done = $2, steps = $3, seen_at = now()', [step, done, steps]);
  }

  async end(state: 'loaded' | 'failed', step: string): Promise<void> {
    await this.database.query(
      `update demo set state = $1::text, step = $2,
         done = case when $1 = 'loaded' then steps else done end, loaded_at = case when $1 = 'loaded' then now() end`,
      [state, step],
    );
  }

  async forget(): Promise<void> {
    await this.database.query('delete from demo_things');
    await this.database.query('delete from demo');
  }

  /** Names of a kind that are taken already. */
  async taken(kind: DemoKind, names: readonly string[]): Promise<string[]> {
    const { table, name, present } = places[kind];
    const rows = await this.database.query<{ name: string }>(
      `select ${name} as name from ${table} where ${name} = any($1) and ${present} order by 1`,
      [names],
    );
    return rows.map((row) => row.name);
  }

  /** Notes what was just made: call it in the transaction that made it. */
  async mark(kind: DemoKind, names: readonly string[]): Promise<void> {
    const { table, name, present } = places[kind];
    await this.database.query(
      `insert into demo_things (kind, id) select $1, id from ${table} where ${name} = any($2) and ${present}
       on conflict do nothing`,
      [kind, names],
    );
  }

  async ids(kind: DemoKind): Promise<number[]> {
    const rows = await this.database.query<{ id: number }>('select id from demo_things where kind = $1', [kind]);
    return rows.map(({ id }) => id);
  }

  /** Names of those that nobody has deleted, the newest first. */
  async names(kind: DemoKind): Promise<string[]> {
    const { table, name, present } = places[kind];
    const rows = await this.database.query<{ name: string }>(
      `select ${name} as name from ${table} join demo_things using (id) where kind = $1 and ${present} order by id desc`,
      [kind],
    );
    return rows.map((row) => row.name);
  }
}
