import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Page, Service } from '../../server/contract/catalog.ts';
import type { BoardSnapshot } from '../../server/contract/live.ts';
import { readSampleSettings } from '../../server/sample/sample-settings.ts';
import { adminToken, bootstrap, ensureBuilt, Installation, runToEnd, troth } from '../support/installation.ts';
import { freshDatabase } from '../support/postgres.ts';
import { living, processesIn } from '../support/processes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const isRoot = process.getuid?.() === 0;
const slow = { timeout: 90_000 };
const config = `apiVersion: troth/v1
teams: { it: { name: IT } }
services:
  payroll: { name: Payroll, owner: it }
`;

let root: string;
let folder: string;
/** Waits a minute for its database while the others are tried. */
let forsaken: Installation;
const installations: Installation[] = [];

beforeAll(async () => {
  root = temporaryFolder('troth-variants-');
  await ensureBuilt();
  forsaken = new Installation(
    newFolder(),
    { DATABASE_URL: 'postgres://nobody:nothing@127.0.0.1:9/none' },
    troth('start'),
  );
}, 120_000);
afterEach(async () => {
  await Promise.all(installations.splice(0).map((one) => one.stop()));
});
afterAll(async () => {
  await forsaken.stop();
  rmSync(root, { recursive: true, force: true });
});

const newFolder = () => (folder = mkdtempSync(join(root, 'data-')));

async function started(env: NodeJS.ProcessEnv, account = {}): Promise<Installation> {
  const installation = new Installation(folder, env, bootstrap, account);
  installations.push(installation);
  return installation.started();
}

describe('a start with the demo', () => {
  it('loads it once, watches the sample in its place, and it is taken away from the command line', slow, async () => {
    newFolder();
    const env = { TROTH_DATA: folder };
    const first = new Installation(folder, {}, ['npm', 'start', '--', '--demo']);
    installations.push(first);
    await first.started();
    expect(first.output).toMatch(
      /Loading the demo organisation[\s\S]*Reports of payroll[\s\S]*The demo is loaded \(\d+ s\)/,
    );
    const demoStates = async () =>
      Object.entries(await first.states()).flatMap(([key, state]) => (key.startsWith('demo-') ? [state] : []));
    await expect
      .poll(async () => (await demoStates()).filter((state) => state === 'up').length, { timeout: 40_000 })
      .toBe(26);
    const onServer = { ...env, TROTH_URL: first.url, TROTH_ADMIN_TOKEN: adminToken };
    expect(await runToEnd(troth('demo', 'load'), onServer)).toEqual({ code: 0, output: 'The demo is there.\n' });
    expect(await runToEnd(troth('demo', 'remove'), onServer)).toEqual({ code: 0, output: 'The demo is gone.\n' });
    expect(await runToEnd(troth('demo', 'status'), onServer)).toEqual({ code: 0, output: 'There is no demo here.\n' });
    expect(await demoStates()).toEqual([]);
    expect(await first.states()).toMatchObject({ 'web-shop': 'up' });
  });
});

describe('a start that cannot be', () => {
  it('because the port is taken says which and how to choose another, before anything runs', slow, async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as AddressInfo;
    const { code, output } = await runToEnd(bootstrap, { TROTH_DATA: newFolder(), PORT: String(port) });
    expect(code).toBe(1);
    expect(output).toBe(
      `Port ${port} is taken on 127.0.0.1 by another program.\nStop that, or choose another port: PORT=${port + 1} npm start\n`,
    );
    expect(existsSync(join(folder, 'postgres'))).toBe(false);
    squatter.close();
  });

  it('because the host is none of this machine says so before anything runs, without a stack', slow, async () => {
    const { code, output } = await runToEnd(bootstrap, { TROTH_DATA: newFolder(), PORT: '0', HOST: '192.0.2.1' });
    expect([code, output]).toEqual([1, 'Bad configuration.\n  HOST: 192.0.2.1 is not an address of this machine\n']);
    expect(existsSync(join(folder, 'postgres'))).toBe(false);
  });

  it('because a variable is bad names it and what is allowed', slow, async () => {
    const env = { TROTH_DATA: newFolder(), PORT: 'http', TROTH_ADMIN_TOKEN: 'short' };
    const { code, output } = await runToEnd(bootstrap, env);
    expect(code).toBe(1);
    expect(output).toMatch(
      /^Bad configuration\.\n {2}PORT: .*\n {2}TROTH_ADMIN_TOKEN: must have at least 32 characters/,
    );
    expect(output).not.toMatch(/^\s+at /m);
  });

  it('because a variable is bad that only the server reads leaves nothing running', slow, async () => {
    const env = {
      TROTH_DATA: newFolder(),
      PORT: '0',
      DATABASE_URL: await freshDatabase(),
      TROTH_TLS_CERT: '/nowhere',
      TROTH_TLS_KEY: '/nowhere',
    };
    const installation = new Installation(folder, env);
    expect(await installation.ended).toBe(1);
    expect(installation.output).toContain('TROTH_TLS_CERT: cannot read /nowhere');
    expect(living(installation.processes())).toEqual([]);
  });
});

describe('a start with a configuration of its own', () => {
  it('applies it each time, runs no sample, and stops at a file with faults, naming their places', slow, async () => {
    const file = join(newFolder(), 'troth.yaml');
    const env = { TROTH_CONFIG: file, DATABASE_URL: await freshDatabase() };
    const names = async (one: Installation) =>
      (await one.get<Page<Service>>('/api/v1/services')).items.map(({ name }) => name);
    writeFileSync(file, config);
    const first = await started(env);
    expect(await names(first)).toEqual(['Payroll']);
    expect(first.output).not.toContain('sample');
    expect(existsSync(join(folder, 'sample'))).toBe(false);
    await first.stop();

    writeFileSync(file, config.replace('name: Payroll', 'name: Wages'));
    const second = await started(env);
    expect(await names(second)).toEqual(['Wages']);
    await second.stop();

    writeFileSync(file, config.replace('owner: it', 'owner: ti'));
    const third = new Installation(folder, env);
    expect(await third.ended).toBe(1);
    expect(third.output).toMatch(
      /TROTH_CONFIG: .*troth\.yaml was not applied\.\n.*\n {2}line 4, column \d+: services\.payroll\.owner/,
    );
    expect(living(third.processes())).toEqual([]);
  });
});

describe('the sample at a later start', () => {
  it('is found again where its ports were taken meanwhile, and stays away once nothing watches it', slow, async () => {
    newFolder();
    const env = { DATABASE_URL: await freshDatabase() };
    const first = await started(env);
    await expect
      .poll(() => first.states(), { timeout: 30_000 })
      .toMatchObject({ 'web-shop': 'up', 'name-service': 'up', 'order-desk': 'up' });
    await first.stop();

    const { ports } = readSampleSettings(folder)!;
    const squatters = [ports.http, ports.tcp, ports.dns].map((port) => createServer().listen(port, '127.0.0.1'));
    await Promise.all(squatters.map((one) => once(one, 'listening')));
    const second = await started(env);
    expect(readSampleSettings(folder)!.ports).toMatchObject({ tls: ports.tls, control: ports.control });
    expect(readSampleSettings(folder)!.ports.http).not.toBe(ports.http);
    const begun = new Date().toISOString();
    const notSeenUp = async () => {
      const { services } = await second.get<BoardSnapshot>('/api/v1/board');
      return services.filter(({ state, observedAt }) => state !== 'up' || observedAt === null || observedAt < begun);
    };
    await expect.poll(notSeenUp, { timeout: 40_000 }).toEqual([]);
    squatters.forEach((one) => one.close());

    const { items } = await second.get<Page<Service>>('/api/v1/services');
    for (const { key } of dependentsFirst(items)) await second.call('DELETE', `/api/v1/services/${key}`);
    await second.stop();
    const third = await started(env);
    expect(third.output).not.toContain('Break something');
    expect(await runToEnd(troth('sample', 'status'), { TROTH_DATA: folder })).toMatchObject({ code: 1 });
    expect(Object.keys(await third.states())).toEqual([]);
  });
});

describe('npm start whose npm alone is ended', () => {
  it('leaves nothing running either', slow, async () => {
    newFolder();
    const installation = new Installation(folder, {}, ['npm', 'start']);
    installations.push(installation);
    await installation.started();
    const processes = installation.processes();
    expect(living(processes)).toHaveLength(processes.length);
    installation.child.kill('SIGTERM');
    await expect.poll(() => living(processes), { timeout: 20_000 }).toEqual([]);
    await expect.poll(() => processesIn(join(folder, 'postgres')), { timeout: 10_000 }).toEqual([]);
  });
});

describe('npm start as an ordinary user', () => {
  it('brings up everything as that user', slow, async () => {
    const account = isRoot ? { uid: 65_534, gid: 65_534 } : {};
    folder = join(root, 'ordinary');
    mkdirSync(folder);
    if (isRoot) chownSync(folder, 65_534, 65_534);
    const installation = await started({ HOME: folder }, account);
    await expect.poll(() => installation.states(), { timeout: 30_000 }).toMatchObject({ 'web-shop': 'up' });
    const pids = [...installation.processes().map(({ pid }) => pid), postmaster()];
    expect(pids.map((pid) => statSync(`/proc/${pid}`).uid)).toEqual(pids.map(() => account.uid ?? process.getuid!()));
    expect(statSync(folder).mode & 0o777).toBe(0o755);
    expect(statSync(join(folder, 'secret-key')).mode & 0o777).toBe(0o600);
    const processes = installation.processes();
    // What happens when its terminal is closed.
    installation.child.stdout!.destroy();
    installation.child.stderr!.destroy();
    installation.child.kill('SIGHUP');
    await installation.ended;
    expect(living(processes)).toEqual([]);
    expect(processesIn(join(folder, 'postgres'))).toEqual([]);
  });

  const postmaster = () => Number(readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
});

describe('a start without its database', () => {
  it('says after a minute that the database is away, without a stack', { timeout: 120_000 }, async () => {
    await expect.poll(() => forsaken.output, { timeout: 80_000 }).toMatch(/ended while it started/);
    expect(forsaken.output).toContain('DATABASE_URL: cannot be used (connect ECONNREFUSED 127.0.0.1:9)');
    expect(await forsaken.ended).toBe(1);
    expect(forsaken.output).not.toMatch(/^\s+at /m);
    expect(living(forsaken.processes())).toEqual([]);
  });
});

/** A service that others depend on cannot be deleted before them. */
function dependentsFirst(services: readonly Service[]): Service[] {
  const left = [...services];
  const sorted: Service[] = [];
  while (left.length > 0) {
    const next = left.findIndex(({ dependents }) => dependents.every((key) => sorted.some((one) => one.key === key)));
    sorted.push(...left.splice(next, 1));
  }
  return sorted;
}
