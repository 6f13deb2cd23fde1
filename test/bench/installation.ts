import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../server/platform/embedded-postgres.ts';
import { createLogger } from '../../server/platform/logger.ts';
import { Keyring } from '../../server/platform/secrets.ts';
import { Child } from './processes.ts';
import type { Arrival, Switched } from './target.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const beside = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const program = beside('../../dist/server/cli.js');
const location = 'here';
export const adminToken = 'admin-token-of-the-bench-0123456789';
export const secretKey = 'secret-key-of-the-bench-0123456789';
/** Options of Node for the server and the agent, such as those of a profiler. */
const nodeOptions = (process.env['BENCH_NODE_OPTIONS'] ?? '').split(' ').filter(Boolean);

export const pathOf = (index: number): string => `/p/${index}`;

/** The database server that all rows share: the embedded one with the settings it is delivered with. */
export class Bench {
  readonly folder: string;
  readonly postgres: EmbeddedPostgres;

  private constructor(folder: string, postgres: EmbeddedPostgres) {
    this.folder = folder;
    this.postgres = postgres;
  }

  static async start(): Promise<Bench> {
    const folder = temporaryFolder('troth-bench-');
    return new Bench(folder, await startEmbeddedPostgres({ dataFolder: folder, log: createLogger('warn', 'bench') }));
  }

  /** A new, empty database; its URL. */
  async database(name: string): Promise<string> {
    await withClient(this.postgres.url, (client) => client.query(`create database ${name}`));
    const url = new URL(this.postgres.url);
    url.pathname = name;
    return url.href;
  }

  async stop(): Promise<void> {
    await this.postgres.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The target, and the built server and agent that watch it, each a process. */
export class Installation {
  readonly databaseUrl: string;
  readonly target: Child<number>;
  /** Its own: what an earlier installation could not hand over is no business of this one. */
  readonly #folder = temporaryFolder('troth-bench-installation-');
  readonly #env: Record<string, string>;
  #server: Child<{ url: string }> | undefined;
  #agent: Child<object> | undefined;
  url = '';

  constructor(databaseUrl: string) {
    this.databaseUrl = databaseUrl;
    this.target = new Child(beside('./target.ts'), []);
    this.#env = {
      PORT: '0',
      DATABASE_URL: databaseUrl,
      TROTH_DATA: this.#folder,
      TROTH_ADMIN_TOKEN: adminToken,
      TROTH_SECRET_KEY: secretKey,
      TROTH_ALLOW_LOOPBACK: 'true',
      TROTH_LOCATION: location,
      TROTH_LOCATION_KEY: new Keyring(secretKey).location(location).toString('base64url'),
      LOG_LEVEL: 'warn',
    };
  }

  /** Server and agent; the database is not among them. */
  get pids(): number[] {
    return [this.#server, this.#agent].flatMap((child) => (child ? [child.pid] : []));
  }

  async startServer(): Promise<void> {
    this.#server = new Child(program, ['server'], this.#env, nodeOptions);
    this.url = (await this.#server.ready).url;
  }

  async startAgent(): Promise<void> {
    this.#agent = new Child(program, ['agent'], this.#env, nodeOptions);
    await this.#agent.ready;
  }

  /** Services `s-0`, `s-1` ... that each have some of the probes; probe number n asks for `pathOf(n)`. */
  async configure(
    services: number,
    probesEach: number,
    every: string,
    { restingOnFirst = 0 }: { restingOnFirst?: number } = {},
  ): Promise<void> {
    const port = await this.target.ready;
    const probe = (index: number) => ({
      kind: 'http',
      every,
      timeout: '900ms',
      locations: [location],
      confirm: { failures: 1, successes: 1 },
      config: { url: `http://127.0.0.1:${port}${pathOf(index)}` },
    });
    const service = (index: number) => ({
      name: `Service ${index}`,
      owner: 'it',
      ...(index > 0 && index <= restingOnFirst ? { dependsOn: ['s-0'] } : {}),
      probes: Object.fromEntries(
        Array.from({ length: probesEach }, (_, each) => [`p-${each}`, probe(index * probesEach + each)]),
      ),
    });
    await this.apply({
      apiVersion: 'troth/v1',
      teams: { it: { name: 'IT Operations' } },
      locations: { [location]: { name: 'Here' } },
      services: Object.fromEntries(Array.from({ length: services }, (_, index) => [`s-${index}`, service(index)])),
    });
  }

  async apply(config: object): Promise<void> {
    const response = await this.request('/api/v1/config/apply', {
      method: 'POST',
      headers: { 'content-type': 'application/yaml' },
      body: JSON.stringify(config),
    });
    if (!response.ok) throw new Error(`the configuration was answered ${response.status}: ${await response.text()}`);
  }

  request(path: string, init: RequestInit & { headers?: Record<string, string> } = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${adminToken}`, ...init.headers },
    });
  }

  query<Row extends pg.QueryResultRow>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return withClient(this.databaseUrl, async (client) => (await client.query<Row>(sql, parameters)).rows);
  }

  /** What arrived at the target since the last call. */
  arrivals(): Promise<Arrival[]> {
    return this.target.ask({ type: 'arrivals' });
  }

  switched(): Promise<Switched[]> {
    return this.target.ask({ type: 'switched' });
  }

  async stopOwn(): Promise<void> {
    await this.#agent?.stop();
    await this.#server?.stop();
    this.#agent = this.#server = undefined;
  }

  async stop(): Promise<void> {
    await this.stopOwn();
    await this.target.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function withClient<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
