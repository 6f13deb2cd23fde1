import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { inject } from 'vitest';
import { Agent } from '../../probes/agent.ts';
import { createAddressGuard } from '../../probes/support/address-guard.ts';
import type { Role } from '../../server/contract/access.ts';
import { sketchKey } from '../../server/domain/latency-sketch.ts';
import { RollupsRepository } from '../../server/probing/rollups.repository.ts';
import { KEYRING, type Keyring } from '../../server/platform/secrets.ts';
import { account } from '../support/accounts.ts';
import { eventually } from '../support/eventually.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import type { Visits } from './browser.ts';

/** Who opens what. */
export interface Visit {
  role?: Role;
  path?: string;
  /** The heading of the page, which is waited for. */
  heading?: string;
  browser?: BrowserContextOptions;
}

export interface Installation {
  readonly server: TestServer;
  readonly url: string;
  put(path: string, body: unknown): Promise<{ pushUrl?: string }>;
  post(path: string, body: unknown): Promise<void>;
  /** A service that reports itself: call with true when it failed, it is believed at once. */
  reporting(key: string, name: string, more?: object): Promise<(failed?: boolean) => Promise<void>>;
  /** Signs a browser in as a new account. */
  enter(context: BrowserContext, name: string, role?: Role): Promise<void>;
  /** Opens a page as a fresh visitor who is signed in as a new account. */
  open(visits: Visits, name: string, visit?: Visit): Promise<Page>;
  /** Gives a probe half an hour of measured latency, as if it had run all the time. */
  latencyOf(probeKey: string): Promise<void>;
  /** Runs an agent of location `hq` until the end. */
  startAgent(): Promise<void>;
  /** Stops the server; `start` brings it back on the same address with the same data. */
  stop(): Promise<void>;
  start(): Promise<void>;
  end(): Promise<void>;
}

/** A server with the built client, a team `it` and a location `hq`, on a database of its own. */
export async function startInstallation(): Promise<Installation> {
  const env = { TROTH_ALLOW_LOOPBACK: 'true' };
  const options = { clientFolder: inject('clientFolder') };
  const first = await startTestServer(env, options);
  const again = { ...env, PORT: new URL(first.url).port, DATABASE_URL: first.databaseUrl };
  const spoolFolder = await mkdtemp(join(tmpdir(), 'troth-spool-'));
  let server = first;
  let agent: Agent | undefined;

  async function send(method: 'PUT' | 'POST', path: string, body: unknown): Promise<{ pushUrl?: string }> {
    const reply = await server.request(method, `/api/v1/${path}`, body);
    if (reply.status >= 300)
      throw new Error(`${method} ${path} answered ${reply.status}: ${JSON.stringify(reply.body)}`);
    return reply.body;
  }
  const put = (path: string, body: unknown) => send('PUT', path, body);

  async function reporting(key: string, name: string, more: object = {}) {
    await put(`services/${key}`, { name, owner: 'it', ...more });
    const probe = { kind: 'heartbeat', every: '1h', confirm: { failures: 1 } };
    const { pushUrl } = await put(`probes/${key}.report`, probe);
    // The address opens a moment after the probe is stored: every server hears of it by itself.
    return (failed = false) => eventually(() => beat(new URL(pushUrl!, first.url).pathname, failed));
  }

  async function beat(path: string, failed: boolean): Promise<void> {
    const body = failed ? { fail: true, message: 'the nightly run failed' } : { duration: 42 };
    const reply = await server.request('POST', path, body, { token: null });
    if (reply.status !== 204) throw new Error(`a heartbeat was answered ${reply.status}`);
  }

  async function latencyOf(probeKey: string): Promise<void> {
    const [service, key] = probeKey.split('.');
    const rows = await server.database.query<{ id: number }>(
      `select series.id from series join probes on probes.id = probe_id join services on services.id = service_id
       where services.key = $1 and probes.key = $2`,
      [service, key],
    );
    const nowMinute = Math.floor(Date.now() / 60_000);
    const counts = { series: rows[0]!.id, up: 60, degraded: 0, down: 0, unknown: 0 };
    const buckets = Array.from({ length: 30 }, (_, minute) => {
      const sketchKeys = [20_000, 30_000 + 1_000 * minute, 90_000].map(sketchKey);
      return { ...counts, fromMs: (nowMinute - 30 + minute) * 60_000, sketchKeys, sketchCounts: [30, 28, 2] };
    });
    await server.app.get(RollupsRepository).replace(60_000, buckets);
  }

  async function startAgent(): Promise<void> {
    agent = new Agent({
      location: 'hq',
      locationKey: server.app.get<Keyring>(KEYRING).location('hq'),
      store: { databaseUrl: server.databaseUrl, redisUrl: undefined },
      spoolFolder,
      guard: createAddressGuard({ allowLoopback: true }),
      log: silent,
      version: 'test',
    });
    await agent.start();
  }

  async function enter(context: BrowserContext, name: string, role: Role = 'viewer'): Promise<void> {
    const [cookie, value] = (await account(server, name, role)).split('=') as [string, string];
    await context.addCookies([{ name: cookie, value, url: first.url }]);
  }

  async function open(visits: Visits, name: string, { role, path = '/', heading, browser }: Visit = {}): Promise<Page> {
    const context = await visits.visitor(browser);
    await enter(context, name, role);
    const page = await context.newPage();
    await page.goto(`${first.url}${path}`);
    if (heading !== undefined) await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
    return page;
  }

  await put('teams/it', { name: 'IT Operations' });
  await put('locations/hq', { name: 'Head office' });
  return {
    get server() {
      return server;
    },
    url: first.url,
    put,
    post: async (path, body) => void (await send('POST', path, body)),
    reporting,
    latencyOf,
    startAgent,
    enter,
    open,
    stop: () => server.close(),
    start: async () => {
      server = await startTestServer(again, options);
    },
    end: async () => {
      await agent?.stop();
      await server.close();
      await rm(spoolFolder, { recursive: true, force: true });
    },
  };
}

const nothing = (): void => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };
