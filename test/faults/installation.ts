import { fork, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import type { BoardService, BoardSnapshot } from '../../server/contract/live.ts';
import { startEmbeddedPostgres } from '../../server/platform/embedded-postgres.ts';
import { createLogger } from '../../server/platform/logger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

pg.types.setTypeParser(pg.types.builtins.INT8, Number);
const token = 'admin-token-of-the-tests-0123456789';

/** A target that counts what it is asked for. */
export interface CountingTarget {
  url: string;
  /** Instants of requests by path, epoch ms. */
  seen: Map<string, number[]>;
  /** Paths that are answered 503, or all of them. */
  broken: Set<string> | 'all';
  close(): Promise<void>;
}

async function startTarget(): Promise<CountingTarget> {
  const server: Server = createServer(({ url = '' }, response) => {
    const { seen, broken } = target;
    seen.set(url, [...(seen.get(url) ?? []), Date.now()]);
    const isBroken = broken === 'all' || broken.has(url);
    if (!url.startsWith('/hang')) response.writeHead(isBroken ? 503 : 200).end(isBroken ? 'broken' : 'fine');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const target: CountingTarget = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: new Map(),
    broken: new Set(),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return target;
}

/** A whole Troth in processes that can be killed: Postgres, servers, agents, a target. */
export async function startInstallation({ redisUrl }: { redisUrl?: string } = {}) {
  const folder = temporaryFolder('troth-faults-');
  const postgres = await startEmbeddedPostgres({ dataFolder: folder, log: createLogger('silent', 'postgres') });
  const target = await startTarget();
  const children = new Set<ChildProcess>();
  const env = {
    PATH: process.env['PATH'],
    PORT: '0',
    DATABASE_URL: postgres.url,
    REDIS_URL: redisUrl ?? '',
    TROTH_DATA: folder,
    TROTH_ADMIN_TOKEN: token,
    TROTH_SECRET_KEY: 'secret-key-of-the-tests-0123456789',
    TROTH_LOCATION: 'hq',
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'silent',
  };

  async function run<Message>(
    file: string,
    further: Record<string, string> = {},
  ): Promise<ChildProcess & { said: Message }> {
    const child = fork(join(import.meta.dirname, file), {
      env: { ...env, ...further } as NodeJS.ProcessEnv,
      execArgv: ['--import', '@swc-node/register/esm-register'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    children.add(child);
    const said = await new Promise<Message>((resolve, reject) => {
      child.once('message', (message) => resolve(message as Message));
      child.once('exit', (code) => reject(new Error(`${file} ended with ${code} before it was ready`)));
    });
    return Object.assign(child, { said });
  }

  async function query<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    try {
      return (await client.query(sql, parameters)).rows as Row[];
    } finally {
      await client.end();
    }
  }

  async function request(url: string, method: string, path: string, body?: unknown) {
    const response = await fetch(new URL(path, url), {
      method,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer;
  }

  return {
    postgres,
    folder,
    target,
    query,
    request,
    /** The outbox of alerts alone. */
    startOutbox: (further?: Record<string, string>) => run<{ started: true }>('delivery-process.ts', further),
    startServer: (further?: Record<string, string>) => run<{ url: string }>('server-process.ts', further),
    startAgent: (further?: Record<string, string>) => run<{ started: string }>('agent-process.ts', further),
    /** Services with one probe of a second each, named by their paths. */
    async define(url: string, paths: readonly string[], probe: object = {}): Promise<void> {
      await request(url, 'PUT', '/api/v1/teams/ops', { name: 'Operations' });
      await request(url, 'PUT', '/api/v1/locations/hq', { name: 'Head office' });
      for (const path of paths) {
        await request(url, 'PUT', `/api/v1/services/${path}`, { name: path, owner: 'ops' });
        await request(url, 'PUT', `/api/v1/probes/${path}.http`, {
          ...{ kind: 'http', every: '1s', timeout: '900ms', locations: ['hq'] },
          confirm: { failures: 2, recheckAfter: '500ms' },
          config: { url: `${target.url}/${path}` },
          ...probe,
        });
      }
    },
    async state(url: string, key: string): Promise<BoardService['state'] | undefined> {
      const board = (await request(url, 'GET', '/api/v1/board')) as BoardSnapshot;
      return board.services.find((service) => service.key === key)?.state;
    },
    /** Every state that any service ever had, and every slot that is stored more than once. */
    async record() {
      const states = await query<{ state: number }>('select distinct state from service_intervals order by 1');
      const days = await query<{ day: number }>('select day from observation_days');
      const stored = await Promise.all(
        days.map(({ day }) => query<{ n: number }>(`select count(*)::int as n from observations_${day}`)),
      );
      return {
        states: states.map(({ state }) => state),
        observations: stored.flat().reduce((sum, { n }) => sum + n, 0),
      };
    },
    async stop(): Promise<void> {
      for (const child of children) {
        if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      }
      await target.close();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type Installation = Awaited<ReturnType<typeof startInstallation>>;

export const ended = (child: ChildProcess): Promise<void> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once('exit', () => resolve()));
