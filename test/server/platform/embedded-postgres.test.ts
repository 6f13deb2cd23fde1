import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { choosePrograms, installedPrograms } from '../../../server/platform/embedded-postgres-place.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../../server/platform/embedded-postgres.ts';
import { createLogger } from '../../../server/platform/logger.ts';
import { identify } from '../../../server/platform/process-lock.ts';
import { processesIn } from '../../support/processes.ts';

const isRoot = process.getuid?.() === 0;
const log = createLogger('silent', 'test');
const nobody = { uid: 65_534, gid: 65_534 };
/** The user that runs PostgreSQL here: another one than root. */
const account = isRoot ? nobody : undefined;

let root: string;
/** Initialised once and copied: most of the time of a first start is initdb. */
let prepared: string;
let folder: string;
const running: EmbeddedPostgres[] = [];
const parents: ChildProcess[] = [];

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'troth-embedded-'));
  chmodSync(root, 0o755);
  prepared = join(root, 'prepared');
  const first = await startEmbeddedPostgres({ dataFolder: prepared, log });
  await query(first.url, 'create table kept (n int)');
  await query(first.url, 'insert into kept values (1)');
  await first.stop();
});
beforeEach(() => {
  folder = mkdtempSync(join(root, 'data-'));
  chmodSync(folder, 0o711);
  copyOwned(prepared, folder);
});
afterEach(async () => {
  await Promise.all(parents.splice(0).map((parent) => end(parent, 'SIGTERM')));
  await Promise.all(running.splice(0).map((one) => one.stop()));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the embedded PostgreSQL', () => {
  it('makes a UTF-8 database that keeps acknowledged commits, behind a password in a file of its owner alone', async () => {
    const dataFolder = join(root, 'new', 'deeper');
    const { url } = await start(dataFolder);
    const settings = await query(
      url,
      `select current_database() as database, current_setting('server_encoding') as encoding, current_setting('fsync') as fsync,
        current_setting('synchronous_commit') as commits, current_setting('max_connections')::int as connections,
        current_setting('listen_addresses') as listens`,
    );
    expect(settings).toEqual([
      { database: 'troth', encoding: 'UTF8', fsync: 'on', commits: 'on', connections: 200, listens: '127.0.0.1' },
    ]);
    expect(statSync(join(dataFolder, 'postgres.password')).mode & 0o777).toBe(0o600);
    const wrong = Object.assign(new URL(url), { password: 'guessed' }).href;
    await expect(query(wrong, 'select 1')).rejects.toThrow('password authentication failed');
  });

  it('takes up the data of an earlier start, on the same port, within a second', async () => {
    const first = await start(folder);
    await query(first.url, 'insert into kept values (2)');
    await first.stop();
    const before = performance.now();
    const second = await start(folder);
    expect(performance.now() - before).toBeLessThan(1_000);
    expect(second.url).toBe(first.url);
    expect(await query(second.url, 'select n from kept order by n')).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('takes another port when its own is taken', async () => {
    const { port } = await start(folder);
    await running.splice(0)[0]!.stop();
    const squatter = createServer().listen(port, '127.0.0.1');
    await once(squatter, 'listening');
    const moved = await start(folder);
    expect(moved.port).not.toBe(port);
    expect(await query(moved.url, 'select n from kept')).toEqual([{ n: 1 }]);
    squatter.close();
  });

  it('comes back on the same address after its process is killed, with everything that was committed', async () => {
    const { url, pid } = await start(folder);
    await query(url, 'insert into kept values (3)');
    process.kill(pid!, 'SIGKILL');
    await expect
      .poll(() => query(url, 'select n from kept order by n').catch(() => []), { timeout: 10_000 })
      .toEqual([{ n: 1 }, { n: 3 }]);
    expect(running[0]!.pid).not.toBe(pid);
  });

  it('ends the orphan of a killed parent before it starts, and keeps its data', async () => {
    const orphan = await startParent(folder);
    await query(orphan.url, 'insert into kept values (4)');
    await end(orphan.parent, 'SIGKILL');
    expect(identify(orphan.pid)).not.toBeNull();
    const next = await start(folder);
    expect(identify(orphan.pid)).toBeNull();
    expect(await query(next.url, 'select n from kept order by n')).toEqual([{ n: 1 }, { n: 4 }]);
  });

  it('leaves the process of a living parent alone and names that parent', async () => {
    const other = await startParent(folder);
    await expect(start(folder)).rejects.toThrow(`in use by process ${other.parent.pid}`);
    expect(await query(other.url, 'select n from kept')).toEqual([{ n: 1 }]);
  });

  it('starts although another program got the process id of its last life', async () => {
    const sleeper = spawn('sleep', ['60'], { ...ownerOf(join(folder, 'postgres')), stdio: 'ignore' });
    writeFileSync(join(folder, 'postgres', 'postmaster.pid'), `${sleeper.pid}\n${join(folder, 'postgres')}\n`);
    const { url } = await start(folder);
    expect(await query(url, 'select n from kept')).toEqual([{ n: 1 }]);
    expect(identify(sleeper.pid!)).not.toBeNull();
    await end(sleeper, 'SIGTERM');
  });

  it('leaves no process behind when it stops, connections open or not', async () => {
    const { url, stop } = await start(folder);
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    expect(processesIn(join(folder, 'postgres'))).not.toEqual([]);
    await stop();
    expect(processesIn(join(folder, 'postgres'))).toEqual([]);
  });

  it('runs as an ordinary user', async () => {
    const own = join(root, 'ordinary');
    mkdirSync(own);
    if (account) chownSync(own, account.uid, account.gid);
    const { url, pid } = await startParent(join(own, 'data'), account);
    expect(await query(url, 'select current_user as name')).toEqual([{ name: 'troth' }]);
    expect(statSync(`/proc/${pid}`).uid).toBe(account?.uid ?? process.getuid!());
  });

  it.runIf(isRoot)('as root, runs as another user', async () => {
    const { pid } = await start(folder);
    expect(statSync(`/proc/${pid}`).uid).not.toBe(0);
  });

  it.runIf(isRoot)('as root in a folder that its user may not enter, keeps the data under /var/lib/troth', async () => {
    const closed = join(root, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const dataFolder = join(closed, 'data');
    const { url } = await start(dataFolder);
    await query(url, 'create table elsewhere ()');
    const place = readFileSync(join(dataFolder, 'postgres-folder'), 'utf8').trim();
    expect(place).toMatch(/^\/var\/lib\/troth\/[0-9a-f]{12}$/);
    await running.splice(0)[0]!.stop();
    chmodSync(closed, 0o755);
    const again = await start(dataFolder);
    expect(await query(again.url, "select to_regclass('elsewhere') is not null as kept")).toEqual([{ kept: true }]);
    await running.splice(0)[0]!.stop();
    rmSync(place, { recursive: true });
  });
});

describe('the programs of PostgreSQL', () => {
  let installed: { folder: string; version: string };
  let place: string;

  beforeEach(async () => {
    const { folder: native, version } = await installedPrograms();
    place = mkdtempSync(join(root, 'place-'));
    chmodSync(place, 0o755);
    const copy = join(place, 'package', 'native');
    mkdirSync(dirname(copy), { mode: 0o755 });
    cpSync(native, copy, { recursive: true, filter: (path) => !/\/lib\/[^/]+\.a$/.test(path) });
    installed = { folder: copy, version };
    for (const name of linksOf(copy)) rmSync(join(dirname(copy), name), { force: true });
  });

  it('get the links to their libraries where install scripts are switched off', () => {
    const { postgres } = choosePrograms(place, account, installed);
    expect(postgres).toBe(join(installed.folder, 'bin', 'postgres'));
    expect(linksOf(installed.folder).map((name) => existsSync(join(dirname(installed.folder), name)))).not.toContain(
      false,
    );
  });

  it.runIf(isRoot)('are copied where their user cannot reach them', () => {
    chmodSync(dirname(installed.folder), 0o700);
    const { initdb, postgres } = choosePrograms(place, account, installed);
    const copy = join(place, `postgres-programs-${installed.version}`);
    expect([initdb, postgres]).toEqual([join(copy, 'bin', 'initdb'), join(copy, 'bin', 'postgres')]);
    expect(choosePrograms(place, account, installed).postgres).toBe(postgres);
  });
});

async function start(dataFolder: string): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataFolder, log });
  running.push(postgres);
  return postgres;
}

/** Starts PostgreSQL from a process of its own, which a test may kill. */
async function startParent(dataFolder: string, as?: { uid: number; gid: number }) {
  const script = new URL('../../support/hold-postgres.ts', import.meta.url).pathname;
  const args = ['--import', '@swc-node/register/esm-register', script, dataFolder];
  const parent = spawn(process.execPath, args, { ...as, stdio: ['pipe', 'pipe', 'inherit'] });
  parents.push(parent);
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  return { parent, ...(JSON.parse(line) as { url: string; pid: number }) };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}

function ownerOf(path: string) {
  const { uid, gid } = statSync(path);
  return isRoot ? { uid, gid } : {};
}

function copyOwned(from: string, to: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      mkdirSync(target);
      copyOwned(source, target);
    } else cpSync(source, target);
    const { uid, gid, mode } = statSync(source);
    chmodSync(target, mode);
    chownSync(target, uid, gid);
  }
}

const linksOf = (native: string): string[] =>
  (JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { target: string }[]).map(
    ({ target }) => target,
  );
