import { randomBytes } from 'node:crypto';
import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { choosePlace, cleanEnvironment, type Place } from './embedded-postgres-place.ts';
import { PortTakenError, PostgresProcess, stopOrphans } from './embedded-postgres-process.ts';
import { freePort } from './free-port.ts';
import type { Logger } from './logger.ts';
import { LockedError, takeLock } from './process-lock.ts';

const host = '127.0.0.1';
const superuser = 'troth';
const database = 'troth';
const portAttempts = 5;

/** Sized for a small machine; what was acknowledged is on disk. */
const defaultSettings: Readonly<Record<string, string>> = {
  listen_addresses: host,
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '128MB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  effective_cache_size: '512MB',
  random_page_cost: '1.1',
  wal_compression: 'on',
  max_wal_size: '1GB',
  min_wal_size: '256MB',
  checkpoint_timeout: '10min',
  synchronous_commit: 'on',
  io_method: 'sync',
  jit: 'off',
  max_parallel_workers_per_gather: '0',
  max_locks_per_transaction: '256',
  password_encryption: 'scram-sha-256',
  log_checkpoints: 'off',
  log_line_prefix: '',
  log_min_error_statement: 'panic',
  log_min_messages: 'log',
};

export interface EmbeddedPostgresOptions {
  /** Where database, password and port are kept from one start to the next. */
  dataFolder: string;
  log: Logger;
  /** Settings of PostgreSQL beside or instead of ours. */
  settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  /** With user and password, leading to the database `troth`. Stays the same when the process is started again. */
  readonly url: string;
  readonly port: number;
  /** Of the present process; undefined while it is being started again. */
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL that came with npm, on loopback with a password, as our supervised child; makes its database
 * on the first start. Works as root (who hands it to another user) and as an ordinary user.
 * @throws Error when another process uses the folder, or with PostgreSQL's own last words
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataFolder, log, settings = {} } = options;
  const place = await choosePlace(dataFolder, log);
  const unlock = lock(place);
  try {
    const password = await prepareData(place, log);
    await stopOrphans(place.data, log);
    const server = new PostgresProcess(place, { ...defaultSettings, ...settings }, log);
    const port = await startOnFreePort(server, place, log);
    const urlOf = (name: string) => `postgres://${superuser}:${password}@${host}:${port}/${name}`;
    await makeDatabase(urlOf('postgres')).catch(async (error: unknown) => {
      await server.stop();
      throw error;
    });
    const stop = () => server.stop().finally(unlock);
    return {
      url: urlOf(database),
      port,
      get pid() {
        return server.pid;
      },
      stop,
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

function lock(place: Place): () => void {
  try {
    return takeLock(join(place.folder, 'postgres.lock'));
  } catch (error) {
    if (!(error instanceof LockedError)) throw error;
    throw new Error(`The database in ${place.folder} is in use by process ${error.holder.pid}.`, { cause: error });
  }
}

/** Makes the data folder where it is missing, so that a start which is cut off leaves none; returns the password. */
async function prepareData({ folder, data, programs, account }: Place, log: Logger): Promise<string> {
  const passwordFile = join(folder, 'postgres.password');
  if (existsSync(data)) return readFileSync(passwordFile, 'utf8');
  log.info({ folder: data }, 'making the embedded database');
  const password = randomBytes(24).toString('base64url');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  const building = `${data}.new`;
  const handedPassword = `${passwordFile}.new`;
  rmSync(building, { recursive: true, force: true });
  rmSync(handedPassword, { force: true });
  mkdirSync(building, { mode: 0o700 });
  writeFileSync(handedPassword, password, { mode: 0o600, flag: 'wx' });
  if (account) for (const path of [building, handedPassword]) chownSync(path, account.uid, account.gid);
  const cluster = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = [`--username=${superuser}`, '--auth=scram-sha-256', `--pwfile=${handedPassword}`];
  try {
    await promisify(execFile)(programs.initdb, ['-D', building, '--no-instructions', ...cluster, ...access], {
      ...account,
      cwd: folder,
      env: cleanEnvironment,
    });
  } finally {
    rmSync(handedPassword, { force: true });
  }
  renameSync(building, data);
  return password;
}

/** The port of the last start where it is still free, else any. */
async function startOnFreePort(server: PostgresProcess, { folder }: Place, log: Logger): Promise<number> {
  const portFile = join(folder, 'postgres.port');
  const earlier = existsSync(portFile) ? Number(readFileSync(portFile, 'utf8')) : 0;
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(attempt === 1 ? earlier : 0);
    try {
      await server.start(port);
      if (earlier > 0 && port !== earlier)
        log.warn({ port, earlier }, `port ${earlier} is taken; PostgreSQL listens on ${port}`);
      writeFileSync(portFile, String(port));
      return port;
    } catch (error) {
      if (!(error instanceof PortTakenError) || attempt === portAttempts) throw error;
    }
  }
}

async function makeDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (rowCount === 0) await client.query(`create database ${database}`);
  } finally {
    await client.end();
  }
}
