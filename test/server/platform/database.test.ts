import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../../server/platform/config.ts';
import { Database, isDatabaseAway } from '../../../server/platform/database.ts';
import { schema } from '../../../server/schema.ts';
import { eventually } from '../../support/eventually.ts';
import { captureLog } from '../../support/log-capture.ts';
import { freshDatabase } from '../../support/postgres.ts';

let url: string;
let database: Database;
const capture = captureLog();
const open = async (): Promise<Database> => {
  const opened = new Database(readEnvironment({ DATABASE_URL: url }), schema, capture.log);
  await opened.open();
  return opened;
};
beforeAll(async () => {
  url = await freshDatabase();
  database = await open();
});
afterAll(() => database.close());
beforeEach(() => database.query('delete from teams'));

const add = (key: string) => database.query('insert into teams (key, name) values ($1, $1)', [key]);
const keys = async () =>
  (await database.query<{ key: string }>('select key from teams order by key')).map(({ key }) => key);

describe('a transaction', () => {
  it('takes in what is called from it, and what joins it', async () => {
    const both = database.transaction(async () => {
      await add('a');
      await database.transaction(() => add('b'));
      throw new Error('no');
    });
    await expect(both).rejects.toThrow('no');
    expect(await keys()).toEqual([]);
  });

  it('is seen by nobody else before its end', async () => {
    const seen = await database.transaction(async () => {
      await add('a');
      const other = await open();
      const rows = await other.query('select key from teams');
      await other.close();
      return rows;
    });
    expect(seen).toEqual([]);
    expect(await keys()).toEqual(['a']);
  });

  it('takes prepared statements in, which a connection reads once', async () => {
    const prepared = (key: string) => database.prepared<{ key: string }>('select key from teams where key = $1', [key]);
    const known = await database.transaction(async () => {
      await add('a');
      expect([await prepared('a'), await prepared('b'), await prepared('a')]).toEqual([
        [{ key: 'a' }],
        [],
        [{ key: 'a' }],
      ]);
      const other = await open();
      expect(await other.prepared('select key from teams where key = $1', ['a'])).toEqual([]);
      await other.close();
      return database.query<{ statement: string }>('select statement from pg_prepared_statements');
    });
    expect(known).toEqual([{ statement: 'select key from teams where key = $1' }]);
    await database.query(`alter table teams add column also text default 'more'`);
    expect(await prepared('a')).toEqual([{ key: 'a' }]);
    await database.query('alter table teams drop column also');
  });

  it('leaves to its end, once, what was gathered for that', async () => {
    const acts: string[] = [];
    const note = async (names: readonly string[]) => {
      acts.push(names.join());
      await add(names.join('-'));
    };
    await database.transaction(async () => {
      await database.beforeCommit(note, 'first');
      await database.transaction(() => database.beforeCommit(note, 'second'));
      acts.push('work');
    });
    await database.beforeCommit(note, 'alone');
    expect(acts).toEqual(['work', 'first,second', 'alone']);
    const failing = database.transaction(async () => {
      await add('undone');
      await database.beforeCommit(note, 'alone');
    });
    await expect(failing).rejects.toThrow('duplicate key');
    expect(await keys()).toEqual(['alone', 'first-second']);
  });

  it('runs what is to follow its commit, and not after a rollback', async () => {
    const done: string[] = [];
    await database.transaction(async () => {
      database.afterCommit(() => done.push('inner'));
      await add('a');
      done.push('work');
    });
    const failing = database.transaction(async () => {
      database.afterCommit(() => done.push('never'));
      await add('a');
    });
    await expect(failing).rejects.toThrow('duplicate key');
    database.afterCommit(() => done.push('at once'));
    expect(done).toEqual(['work', 'inner', 'at once']);
  });

  it('stays a success when what follows its commit fails', async () => {
    const acted: string[] = [];
    const result = await database.transaction(async () => {
      database.afterCommit(() => {
        throw new Error('afterwards');
      });
      database.afterCommit(() => acted.push('second'));
      return 'committed';
    });
    expect([result, acted]).toEqual(['committed', ['second']]);
    expect(capture.lines().at(-1)).toMatchObject({
      msg: 'an act after a commit failed',
      err: { message: 'afterwards' },
    });
  });

  it('does not lend its connection to work that outlives it', async () => {
    let release!: () => void;
    const ended = new Promise<void>((resolve) => (release = resolve));
    let late!: Promise<unknown>;
    await database.transaction(async () => {
      late = ended.then(() => add('late'));
    });
    release();
    await late;
    expect(await keys()).toEqual(['late']);
  });

  it('answers each statement with its rows', async () => {
    await add('a');
    expect(await database.query(`update teams set name = 'x' returning key`)).toEqual([{ key: 'a' }]);
    expect(await database.query(`delete from teams returning key`)).toEqual([{ key: 'a' }]);
    expect(await database.query(`update teams set name = 'x'`)).toEqual([]);
    expect(await database.query('select 9007199254740991::bigint as big')).toEqual([{ big: 9_007_199_254_740_991 }]);
  });
});

describe('notices', () => {
  it('come to every listener when the transaction commits, and not when it does not', async () => {
    const other = await open();
    const heard: string[] = [];
    let connected = 0;
    for (const each of [database, other])
      each.listen(
        'test_told',
        (payload) => heard.push(payload),
        () => (connected += 1),
      );
    await eventually(() => expect(connected).toBe(2));
    const failing = database.transaction(async () => {
      await database.notify('test_told', 'never');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await database.transaction(async () => {
      await database.notify('test_told', 'first');
      expect(heard).toEqual([]);
    });
    await eventually(() => expect(heard).toEqual(['first', 'first']));
    await other.close();
  });

  it('come again after the line was cut, and the listener is told that some may be missing', async () => {
    const heard: string[] = [];
    let connected = 0;
    database.listen(
      'test_cut',
      (payload) => heard.push(payload),
      () => (connected += 1),
    );
    await eventually(() => expect(connected).toBe(1));
    await database.query(`select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen "test_cut"'`);
    await eventually(() => expect(connected).toBe(2));
    await database.notify('test_cut', 'again');
    await eventually(() => expect(heard).toEqual(['again']));
  });
});

describe('opening', () => {
  it('may be done by several servers at once, and again', async () => {
    await database.query('drop schema public cascade');
    await database.query('create schema public');
    const opened = await Promise.all([open(), open(), open()]);
    const [row] = await database.query<{ count: number }>('select count(*) from troth_migrations');
    expect(row).toEqual({ count: schema.migrations.length });
    await Promise.all(opened.map((each) => each.close()));
  });
});

describe('an error', () => {
  it('says whether the database is away', async () => {
    const error = (message: string, code?: string) => Object.assign(new Error(message), code ? { code } : {});
    expect(isDatabaseAway(error('refused', 'ECONNREFUSED'))).toBe(true);
    expect(isDatabaseAway(error('shutting down', '57P01'))).toBe(true);
    expect(isDatabaseAway(error('Connection terminated unexpectedly'))).toBe(true);
    expect(isDatabaseAway(error('duplicate key', '23505'))).toBe(false);
    expect(isDatabaseAway('ECONNREFUSED')).toBe(false);
    const cut = database.query('select pg_terminate_backend(pg_backend_pid())');
    expect(await cut.catch(isDatabaseAway)).toBe(true);
  });
});
