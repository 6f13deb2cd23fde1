import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Pool } from 'pg';
import { DataSource } from 'typeorm';
import { Queues } from '../../probes/queues.ts';
import { stopOrphans } from '../../server/platform/embedded-postgres-process.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../server/platform/embedded-postgres.ts';
import { createLogger } from '../../server/platform/logger.ts';
import { identify, isAlive, type ProcessIdentity } from '../../server/platform/process-lock.ts';
import { schema } from '../../server/schema.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folderPrefix = 'troth-test-';
const template = 'troth_template';
const log = createLogger('error', 'test');
/** The data is thrown away, so that nothing needs to reach the disk. */
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_wal_size: '4GB',
  shared_buffers: '64MB',
};

/** A PostgreSQL in a folder of its own that hands out databases. */
export class Cluster {
  readonly #server: EmbeddedPostgres;
  readonly #folder: string;
  readonly #admin: Pool;
  #spare: Promise<string>;

  private constructor(server: EmbeddedPostgres, folder: string) {
    this.#server = server;
    this.#folder = folder;
    this.#admin = new Pool({ connectionString: server.url, max: 2 });
    this.#admin.on('error', (err) => log.debug({ err }, 'the database ends before its connections'));
    this.#spare = this.#copyTemplate();
  }

  static async start(): Promise<Cluster> {
    await sweepLeftovers();
    const folder = temporaryFolder(folderPrefix);
    writeFileSync(join(folder, 'owner'), JSON.stringify(identify(process.pid)));
    const server = await startEmbeddedPostgres({ dataFolder: join(folder, 'data'), log, settings });
    await makeTemplate(server.url);
    return new Cluster(server, folder);
  }

  /** One database is always made ahead, so that a test file seldom waits. */
  async create(): Promise<string> {
    const ready = this.#spare;
    this.#spare = ready.then(() => this.#copyTemplate());
    this.#spare.catch(() => undefined);
    return ready;
  }

  async drop(name: string): Promise<string> {
    await this.#admin.query(`drop database if exists ${name} with (force)`);
    return '';
  }

  async stop(): Promise<void> {
    await this.#spare.catch(() => undefined);
    await this.#admin.end();
    await this.#server.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** A database without any table of ours. */
  createEmpty(): Promise<string> {
    return this.#copy('template0');
  }

  #copyTemplate(): Promise<string> {
    return this.#copy(template);
  }

  async #copy(original: string): Promise<string> {
    const name = `test_${randomUUID().replaceAll('-', '')}`;
    await this.#admin.query(`create database ${name} template ${original} strategy file_copy`);
    return withDatabase(this.#server.url, name);
  }
}

const withDatabase = (url: string, name: string): string => Object.assign(new URL(url), { pathname: `/${name}` }).href;

/** A database with every table, of Troth and of the queues. */
async function makeTemplate(url: string): Promise<void> {
  const admin = new Client({ connectionString: url });
  await admin.connect();
  await admin.query(`create database ${template}`);
  const templateUrl = withDatabase(url, template);
  const source = new DataSource({
    type: 'postgres',
    url: templateUrl,
    ...schema,
    migrationsTableName: 'troth_migrations',
    installExtensions: false,
  });
  await source.initialize();
  await source.runMigrations({ transaction: 'each' });
  await source.destroy();
  const queues = new Queues({ databaseUrl: templateUrl }, (err) => log.error({ err }, 'queues'));
  await queues.migrate();
  await queues.close();
  await admin.query(`alter database ${template} with allow_connections false`);
  await admin.end();
}

/** Ends what a killed test run left behind. */
async function sweepLeftovers(): Promise<void> {
  for (const entry of readdirSync(tmpdir()).filter((name) => name.startsWith(folderPrefix))) {
    const folder = join(tmpdir(), entry);
    const owner = ownerOf(folder);
    if (!owner || isAlive(owner)) continue;
    const data = join(folder, 'data', 'postgres');
    if (existsSync(data)) await stopOrphans(data, log);
    rmSync(folder, { recursive: true, force: true });
  }
}

function ownerOf(folder: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'owner'), 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}
