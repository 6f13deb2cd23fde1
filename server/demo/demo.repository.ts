import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database.ts';
import { tellNews } from '../platform/news.ts';

export interface StoredDemo {
  /** Of whoever loads it or did. */
  token: string;
  state: 'loading' | 'loaded' | 'failed';
  step: string;
  done: number;
  steps: number;
  loadedAt: Date | null;
  /** Whoever loads it has not gone on for so long that it must have ended. */
  isAbandoned: boolean;
}

/** Somebody else has the demo now, or has removed it. */
export class DemoTaken extends Error {
  override readonly name = 'DemoTaken';
}

const isAbandoned = `demo.state = 'loading' and demo.seen_at < now() - interval '2 minutes'`;

/** Where things of each kind are kept, and by which column people know them. */
const places = {
  team: { table: 'teams', name: 'key', present: 'deleted_at is null' },
  calendar: { table: 'calendars', name: 'key', present: 'deleted_at is null' },
  service: { table: 'services', name: 'key', present: 'deleted_at is null' },
  maintenance: { table: 'maintenance', name: 'key', present: 'deleted_at is null' },
  framework: { table: 'frameworks', name: 'key', present: 'deleted_at is null' },
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
      `select token, state, step, done, steps, loaded_at as "loadedAt", ${isAbandoned} as "isAbandoned" from demo`,
    );
    return row ?? null;
  }

  /**
   * Answers whether it is for the caller to load it, who takes over what failed: false where it is there, or somebody else
   * loads it.
   */
  async begin(token: string, step: string): Promise<boolean> {
    const rows = await this.database.query(
      `with begun as (
         insert into demo (token, state, step) values ($1, 'loading', $2)
         on conflict (only_one) do update set token = excluded.token, state = 'loading', step = excluded.step,
           done = 0, steps = 0, loaded_at = null, seen_at = now()
         where demo.state = 'failed' or ${isAbandoned}
         returning 1)
       select * from begun`,
      [token, step],
    );
    return rows.length > 0;
  }

  /** What nobody goes on with has failed; whoever comes back to it finds it taken. */
  async giveUp(token: string): Promise<void> {
    await this.database.query(
      `update demo set state = 'failed', token = gen_random_uuid() where token = $1 and ${isAbandoned}`,
      [token],
    );
  }

  /** @throws DemoTaken */
  async note(token: string, step: string, done: number, steps: number): Promise<void> {
    const rows = await this.database.query(
      `with noted as (
         update demo set step = $2, done = $3, steps = $4, seen_at = now() where token = $1 returning 1)
       select * from noted`,
      [token, step, done, steps],
    );
    if (rows.length === 0) throw new DemoTaken('the demo was taken over while it was loaded');
    await this.#tell();
  }

  /** Tells that whoever has it goes on. */
  async touch(token: string): Promise<void> {
    await this.database.query('update demo set seen_at = now() where token = $1', [token]);
  }

  /** Until the transaction ends, nobody takes it over. @throws DemoTaken where somebody has */
  async hold(token: string): Promise<void> {
    const rows = await this.database.query('select 1 from demo where token = $1 for update', [token]);
    if (rows.length === 0) throw new DemoTaken('the demo was taken over');
  }

  async end(token: string, state: 'loaded' | 'failed', step: string): Promise<void> {
    await this.database.query(
      `update demo set state = $2::text, step = $3,
         done = case when $2 = 'loaded' then steps else done end, loaded_at = case when $2 = 'loaded' then now() end
       where token = $1`,
      [token, state, step],
    );
    await this.#tell();
  }

  /** Nothing belongs to it any more. */
  async forgetThings(): Promise<void> {
    await this.database.query('delete from demo_things');
  }

  /** Answers whether it was still the caller's. */
  async forget(token: string): Promise<boolean> {
    const rows = await this.database.query(
      'with gone as (delete from demo where token = $1 returning 1) select * from gone',
      [token],
    );
    await this.#tell();
    return rows.length > 0;
  }

  /** Whoever watches how far it is reads it again. */
  #tell(): Promise<void> {
    return tellNews(this.database, { of: 'demo', key: 'demo' });
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

  /** No config file manages it any more: the next one, which names nothing of the demo, would take it away. */
  async release(kind: 'agreement', names: readonly string[]): Promise<void> {
    const { table, name, present } = places[kind];
    await this.database.query(`update ${table} set managed_by = null where ${name} = any($1) and ${present}`, [names]);
  }

  async ids(kind: DemoKind): Promise<number[]> {
    const rows = await this.database.query<{ id: number }>('select id from demo_things where kind = $1', [kind]);
    return rows.map(({ id }) => id);
  }

  /** Agreements that are not the demo's, with services of it of which they count something otherwise than measured. */
  correctedElsewhere(): Promise<{ agreement: string; service: string }[]> {
    return this.database.query(
      `select distinct a.key as agreement, s.key as service
       from corrections c join agreements a on a.id = c.agreement_id join services s on s.id = c.service_id
         join demo_things t on t.kind = 'service' and t.id = c.service_id
       where a.deleted_at is null
         and not exists (select from demo_things own where own.kind = 'agreement' and own.id = c.agreement_id)
       order by 1, 2`,
    );
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
