import { setTimeout as delay } from 'node:timers/promises';
import { createPostgresBackend, Queue, Worker, type ConnectionOptions, type Job, type Processor } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { SteadyClient } from './support/steady-client.ts';

/** Where queues live: Redis when its URL is given, else the database. */
export interface QueueStore {
  redisUrl?: string | undefined;
  databaseUrl?: string | undefined;
}

export type OnQueueError = (error: Error) => void;

/** The names of BullMQ's tables; the same for all, so that a shared pool can be used. */
const schema = 'bullmq';
/** A killed worker's job comes back after this; BullMQ's default of 30 s would cost every owed slot of a long run. */
const lockDurationMs = 10_000;
/** A store that has not answered a call by then is away. */
const callTimeoutMs = 10_000;

/** A job that somebody waits for is looked at after this long, and then ever more rarely. */
const firstLookMs = 20;
const laterLookMs = 160;

/** Queues and workers on either store with the same behaviour; `close` ends every connection. */
export class Queues {
  readonly #store: QueueStore;
  readonly #onError: OnQueueError;
  readonly #queues = new Map<string, Queue>();
  readonly #workers: Worker[] = [];
  readonly #workerPools: pg.Pool[] = [];
  readonly #pool: pg.Pool | undefined;
  readonly #redis: Redis | undefined;

  constructor(store: QueueStore, onError: OnQueueError) {
    this.#store = store;
    this.#onError = onError;
    if (store.redisUrl) {
      // Producers fail at once when Redis is away: the caller keeps what it holds and tries again.
      this.#redis = new Redis(store.redisUrl, {
        maxRetriesPerRequest: 1,
        enableOfflineQueue: false,
        // A connection that swallows everything is away too.
        commandTimeout: callTimeoutMs,
        retryStrategy: (times) => Math.min(times * 100, 1_000),
      });
      this.#redis.on('error', onError);
    } else {
      this.#pool = this.#openPool({ max: 4, connectionTimeoutMillis: 5_000, query_timeout: callTimeoutMs });
    }
  }

  /** BullMQ's own pools would end the process when the database dies at the wrong moment. */
  #openPool(options: pg.PoolConfig): pg.Pool {
    const pool = new pg.Pool({
      ...{ connectionString: this.#store.databaseUrl, options: `-c search_path=${schema}`, keepAlive: true },
      ...{ application_name: 'troth-queues', Client: SteadyClient },
      ...options,
    });
    pool.on('error', this.#onError);
    return pool;
  }

  /** Brings the queue tables up to date; nothing to do on Redis. */
  async migrate(): Promise<void> {
    if (this.#redis) return;
    const connection = { connectionString: this.#store.databaseUrl, schema, migrate: true, max: 1 };
    const queue = new Queue('migration', { connection: connection as never }, createPostgresBackend as never);
    queue.on('error', this.#onError);
    await queue.waitUntilReady();
    await queue.close();
  }

  /** The producer's end of a queue; made once per name. */
  queue(name: string): Queue {
    const known = this.#queues.get(name);
    if (known) return known;
    const queue = this.#redis
      ? new Queue(name, { connection: this.#redis as unknown as ConnectionOptions, skipVersionCheck: true })
      : new Queue(name, { connection: this.#pool as never }, createPostgresBackend as never);
    queue.on('error', this.#onError);
    this.#queues.set(name, queue);
    queue.waitUntilReady().catch((error: Error) => this.#forget(name, queue, error));
    return queue;
  }

  /** A queue that met a store which was away fails for good, on Postgres: the next caller gets another one. */
  #forget(name: string, queue: Queue, error: Error): void {
    this.#onError(error);
    if (this.#queues.get(name) === queue) this.#queues.delete(name);
    queue.close().catch(this.#onError);
  }

  /** Hands every job of a queue to `handle`; a job that throws fails and does not come again. */
  worker<Data, Result>(
    name: string,
    concurrency: number,
    handle: (job: Job<Data, Result>) => Promise<Result>,
  ): Worker<Data, Result> {
    const options = {
      concurrency,
      lockDuration: lockDurationMs,
      stalledInterval: lockDurationMs,
      maxStalledCount: 5,
      drainDelay: 5,
      runRetryDelay: 500,
    };
    const processor = handle as Processor<Data, Result>;
    const worker = this.#store.redisUrl
      ? new Worker<Data, Result>(name, processor, {
          ...options,
          connection: {
            url: this.#store.redisUrl,
            maxRetriesPerRequest: null,
            retryStrategy: (times: number) => Math.min(times * 100, 1_000),
          } as ConnectionOptions,
        })
      : new Worker<Data, Result>(
          name,
          processor,
          { ...options, connection: this.#workerPool() as never },
          createPostgresBackend as never,
        );
    worker.on('error', this.#onError);
    this.#workers.push(worker as unknown as Worker);
    return worker;
  }

  /** Three connections for the work of a worker, and one on which it hears of new jobs. */
  #workerPool(): pg.Pool {
    const pool = this.#openPool({ max: 4 });
    this.#workerPools.push(pool);
    return pool;
  }

  /**
   * Adds a job and waits for its return value. The job is looked at: listening would take connections of its own for each
   * one, and on Postgres the notice of a job is lost when another ends at the same moment.
   * @throws when it fails or does not end in time
   */
  async request<Result>(name: string, jobName: string, data: unknown, timeoutMs: number): Promise<Result> {
    const queue = this.queue(name);
    const kept = { removeOnComplete: { age: 60 }, removeOnFail: { age: 60 } };
    const { id } = await queue.add(jobName, data, kept);
    const endsAt = performance.now() + timeoutMs;
    for (let waitMs = firstLookMs; performance.now() < endsAt; waitMs = Math.min(2 * waitMs, laterLookMs)) {
      await delay(waitMs);
      const job: Job | undefined = await queue.getJob(id!);
      if (job?.finishedOn === undefined) continue;
      if (job.failedReason) throw new Error(job.failedReason);
      return job.returnvalue as Result;
    }
    throw new Error(`no answer within ${timeoutMs} ms`);
  }

  /** Whether the store answers, within two seconds. */
  async isReachable(): Promise<boolean> {
    const timeout = new Promise<false>((resolve) => setTimeout(resolve, 2_000, false).unref());
    const answer = this.#redis ? this.#redis.ping().then(() => true) : this.#pool!.query('select 1').then(() => true);
    return Promise.race([answer.catch(() => false), timeout]);
  }

  /** Takes no more jobs and lets the running ones end. */
  async closeWorkers(): Promise<void> {
    await Promise.allSettled(this.#workers.splice(0).map((worker) => worker.close()));
    await Promise.allSettled(this.#workerPools.splice(0).map((pool) => pool.end()));
  }

  /** Lets running jobs end, then closes every connection. */
  async close(): Promise<void> {
    await this.closeWorkers();
    await Promise.allSettled([...this.#queues.values()].map((queue) => queue.close()));
    await Promise.allSettled([this.#redis?.quit(), this.#pool?.end()]);
  }
}
