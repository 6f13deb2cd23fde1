import { AsyncLocalStorage } from 'node:async_hooks';
import pg, { type Pool, type PoolClient } from 'pg';
import {
  DataSource,
  type EntityManager,
  type EntityTarget,
  type ObjectLiteral,
  type QueryRunner,
  type Repository,
} from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { SteadyClient } from '../../probes/support/steady-client.ts';
import { ConfigError, type Environment } from './config.ts';
import { whenDatabaseAnswers } from './database-wait.ts';
import type { Logger } from './logger.ts';
import { NotificationListener } from './notification-listener.ts';

/** bigint columns hold epoch milliseconds, which are safe integers: read them as numbers. */
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** What Postgres shows of our connections. */
const applicationName = 'troth';

/** Postgres refused or lost the connection, shuts down, starts, or has no connection left. */
const awayCodes = /^(08|57P0|53300|ECONN|EPIPE|ETIMEDOUT)/;
const awayMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** Whether an error says that the database is away, so that the same may work in a moment. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return awayCodes.test(code) || awayMessages.test(error.message);
}

/** What the features store: handed in from above, since the platform knows no feature. */
export interface Schema {
  entities: Function[];
  migrations: Function[];
}
/** Nest's token for the Schema. */
export const SCHEMA = Symbol('schema');

type BeforeCommit<Item> = (items: readonly Item[]) => Promise<void>;

interface Scope {
  runner: QueryRunner;
  /** What is left to the end of the transaction, with what was gathered for it. */
  beforeCommit: Map<BeforeCommit<never>, unknown[]>;
  /** The same for what comes before all of it. */
  early: Map<BeforeCommit<never>, unknown[]>;
  afterCommit: (() => void)[];
  /** Work that was left running behind an ended transaction must not use its connection. */
  ended: boolean;
}

/** The one door to Postgres: a query or repository used inside `transaction` takes part in it, wherever it is called. */
export class Database {
  readonly source: DataSource;
  readonly #scope = new AsyncLocalStorage<Scope>();
  readonly #url: string;
  readonly #log: Logger;
  readonly #listeners = new Set<NotificationListener>();
  /** Of prepared statements, by their text. */
  readonly #names = new Map<string, string>();

  /** @throws ConfigError without a DATABASE_URL */
  constructor(environment: Environment, { entities, migrations }: Schema, log: Logger) {
    if (!environment.DATABASE_URL) throw new ConfigError('Bad configuration.\n  DATABASE_URL: is needed here');
    this.#url = environment.DATABASE_URL;
    this.#log = log;
    this.source = new DataSource({
      type: 'postgres',
      url: this.#url,
      entities,
      migrations,
      migrationsTableName: 'troth_migrations',
      installExtensions: false,
      applicationName,
      poolErrorHandler: (error: Error) => log.warn({ err: error }, 'a database connection was lost'),
      extra: { Client: SteadyClient, max: 10, statement_timeout: 60_000, connectionTimeoutMillis: 10_000 },
    });
  }

  /**
   * Connects and brings the schema up to date; several servers may start at once.
   * @throws ConfigError when the database does not answer within `limitMs`, or refuses the account
   */
  async open(limitMs?: number): Promise<void> {
    await whenDatabaseAnswers(() => this.source.initialize(), this.#log, limitMs);
    try {
      await this.#migrate();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async #migrate(): Promise<void> {
    const runner = this.source.createQueryRunner();
    try {
      await runner.query('select pg_advisory_lock(7217084)');
      await this.source.runMigrations({ transaction: 'each' });
    } finally {
      await runner
        .query('select pg_advisory_unlock(7217084)')
        .catch((err: unknown) => this.#log.warn({ err }, 'migration lock'));
      await runner.release();
    }
  }

  /** Ends every connection. */
  async close(): Promise<void> {
    await Promise.all([...this.#listeners].map((listener) => listener.close()));
    if (this.source.isInitialized) await this.source.destroy();
  }

  /** Rows of one statement. */
  async query<Row = Record<string, unknown>>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    const runner = this.#current()?.runner;
    const result = (await (runner ?? this.source).query(sql, parameters)) as Row[] | [Row[], number];
    // TypeORM answers UPDATE and DELETE with [rows, count]; here every statement answers with its rows.
    return Array.isArray(result) && result.length === 2 && Array.isArray(result[0]) && typeof result[1] === 'number'
      ? (result[0] as Row[])
      : (result as Row[]);
  }

  /**
   * As `query`, for a statement that is asked all the time and whose plan is the same for all parameters: a connection
   * parses and plans it once, which may take longer than its answer. It names its columns, as a migration may add some.
   */
  async prepared<Row extends object = Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<Row[]> {
    const runner = this.#current()?.runner;
    const pool = (this.source.driver as PostgresDriver).master as Pool;
    const client = runner ? ((await runner.connect()) as PoolClient) : pool;
    const { rows } = await client.query<Row>({ name: this.#nameOf(sql), text: sql, values });
    return rows;
  }

  #nameOf(sql: string): string {
    const name = this.#names.get(sql) ?? `troth_${this.#names.size}`;
    this.#names.set(sql, name);
    return name;
  }

  #current(): Scope | undefined {
    const scope = this.#scope.getStore();
    return scope?.ended ? undefined : scope;
  }

  get manager(): EntityManager {
    return this.#current()?.runner.manager ?? this.source.manager;
  }

  repository<Entity extends ObjectLiteral>(entity: EntityTarget<Entity>): Repository<Entity> {
    return this.manager.getRepository(entity);
  }

  /** Runs `work` in one transaction; inside another one it joins that. */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    if (this.#current()) return work();
    const runner = this.source.createQueryRunner();
    const scope: Scope = { runner, beforeCommit: new Map(), early: new Map(), afterCommit: [], ended: false };
    let result: T;
    try {
      await scope.runner.startTransaction();
      result = await this.#scope.run(scope, async () => {
        const answer = await work();
        await this.#runBeforeCommit(scope);
        return answer;
      });
      await scope.runner.commitTransaction();
    } catch (error) {
      // A lost connection has rolled back already; the first error is the one that tells.
      if (scope.runner.isTransactionActive) {
        await scope.runner.rollbackTransaction().catch((err: unknown) => this.#log.debug({ err }, 'rollback failed'));
      }
      throw error;
    } finally {
      scope.ended = true;
      await scope.runner.release().catch((err: unknown) => this.#log.debug({ err }, 'release failed'));
    }
    for (const act of scope.afterCommit) this.#runAfterCommit(act);
    return result;
  }

  /** Acts may gather further ones, and more for those that ran already. */
  async #runBeforeCommit({ early, beforeCommit }: Scope): Promise<void> {
    for (let left = true; left;) {
      const acts = early.size > 0 ? early : beforeCommit;
      const [next] = acts;
      left = next !== undefined;
      if (!next) continue;
      const [act, items] = next;
      acts.delete(act);
      await (act as BeforeCommit<unknown>)(items);
    }
  }

  /** Runs `work` outside the surrounding transaction: what it writes is seen at once, and stays whatever becomes of that. */
  outside<T>(work: () => Promise<T>): Promise<T> {
    return this.#scope.exit(work);
  }

  /** What is committed stays a success, whatever happens behind it. */
  #runAfterCommit(act: () => void): void {
    try {
      act();
    } catch (err) {
      this.#log.error({ err }, 'an act after a commit failed');
    }
  }

  /**
   * Runs `act` as the last thing in the surrounding transaction, once, with everything that was gathered for it; at once
   * outside one. For what takes a lock that every writer wants: it is held briefly, and nobody waits for another lock
   * with this one in hand.
   */
  async beforeCommit<Item>(act: BeforeCommit<Item>, item: Item): Promise<void> {
    await this.#gather(this.#current()?.beforeCommit, act, item);
  }

  /** As `beforeCommit`, before all that is left to the end by that: two such locks are taken in one order everywhere. */
  async earlyBeforeCommit<Item>(act: BeforeCommit<Item>, item: Item): Promise<void> {
    await this.#gather(this.#current()?.early, act, item);
  }

  async #gather<Item>(gathered: Scope['early'] | undefined, act: BeforeCommit<Item>, item: Item): Promise<void> {
    if (!gathered) return act([item]);
    const items = gathered.get(act as BeforeCommit<never>);
    if (items) items.push(item);
    else gathered.set(act as BeforeCommit<never>, [item]);
  }

  /** Runs `act` once the surrounding transaction is committed, or at once outside one. */
  afterCommit(act: () => void): void {
    const scope = this.#current();
    if (scope) scope.afterCommit.push(act);
    else act();
  }

  /** Tells every server that listens on the channel, when the surrounding transaction commits. */
  async notify(channel: string, payload = ''): Promise<void> {
    await this.query('select pg_notify($1, $2)', [channel, payload]);
  }

  /** Tells many notices in one statement. */
  async notifyAll(channel: string, payloads: readonly string[]): Promise<void> {
    if (payloads.length === 0) return;
    await this.query('select pg_notify($1, payload) from unnest($2::text[]) payload', [channel, payloads]);
  }

  /**
   * Hears notifications of a channel on a connection of its own, for as long as the process lives. `onConnect` runs
   * after each (re)connection: what was told while the line was cut must be read again there.
   */
  listen(channel: string, onNotice: (payload: string) => void, onConnect: () => void): void {
    this.#listeners.add(new NotificationListener(this.#url, applicationName, channel, onNotice, onConnect, this.#log));
  }
}
