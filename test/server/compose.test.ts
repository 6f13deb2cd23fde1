import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DCLinter } from 'dclint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { BoardSnapshot } from '../../server/contract/live.ts';
import { environmentSchema } from '../../server/platform/config.ts';
import { adminToken, ensureBuilt, root, runProgram, runToEnd, troth } from '../support/installation.ts';
import { emptyDatabase } from '../support/postgres.ts';
import { startHttpPage, type HttpPage } from '../support/http-page.ts';

interface ComposeService {
  image: string;
  user: string;
  read_only?: boolean;
  cap_drop?: string[];
  cap_add?: string[];
  privileged?: boolean;
  security_opt?: string[];
  restart?: string;
  command?: string[];
  entrypoint?: string[];
  environment: Record<string, string>;
  networks?: string[];
  network_mode?: string;
  ports?: string[];
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
}
interface Compose {
  services: Record<string, ComposeService>;
  networks: Record<string, { internal?: boolean } | null>;
}

const file = join(root, 'docker-compose.yml');
const text = readFileSync(file, 'utf8');
const { services, networks } = parse(text, { merge: true }) as Compose;
const each = Object.entries(services);
const own = each.filter(([, { image }]) => image === 'troth:local');

describe('docker-compose.yml', () => {
  const faults = async (files: string[]) => {
    const linter = new DCLinter({ recursive: false, quiet: true, debug: false, exclude: [], rules: {} });
    const results = (await linter.lintFiles(files)) as { messages: { rule: string; message: string }[] }[];
    return results.flatMap(({ messages }) => messages).filter(({ rule }) => rule.startsWith('invalid'));
  };

  it('is valid by the schema of the Compose specification', async () => {
    expect(await faults([file])).toEqual([]);
  });

  it('would be found out if it were not', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'troth-compose-'));
    const broken = join(folder, 'docker-compose.yml');
    writeFileSync(broken, text.replace('restart: unless-stopped', 'restarts: sometimes'));
    expect(await faults([broken])).not.toEqual([]);
    rmSync(folder, { recursive: true });
  });

  it('brings database, queue, migrations, server and agent, each from one image of ours where it is ours', () => {
    expect(Object.keys(services)).toEqual(['postgres', 'redis', 'migrate', 'location-key', 'server', 'agent']);
    expect(own.map(([name]) => name)).toEqual(['migrate', 'location-key', 'server', 'agent']);
  });

  it('lets nothing run as root, write its own files, or hold a capability', () => {
    for (const [name, one] of each) {
      const confined = [one.user !== 'root' && one.user !== '0', one.read_only, one.cap_drop, one.security_opt];
      expect([name, ...confined]).toEqual([name, true, true, ['ALL'], ['no-new-privileges:true']]);
      expect([name, one.cap_add, one.privileged]).toEqual([name, undefined, undefined]);
    }
  });

  it('asks for every secret, and has none of its own', () => {
    const required = [...text.matchAll(/\$\{(\w+):\?[^}]+\}/g)].map(([, name]) => name!);
    expect([...new Set(required)].toSorted()).toEqual(['POSTGRES_PASSWORD', 'REDIS_PASSWORD', 'TROTH_SECRET_KEY']);
    const secrets = /PASSWORD|SECRET|REDISCLI_AUTH|_URL$/;
    const given = each
      .flatMap(([, { environment }]) => Object.entries(environment))
      .filter(([name]) => secrets.test(name));
    expect(given.filter(([, value]) => !value.includes('${'))).toEqual([]);
    const example = readFileSync(join(root, '.env.example'), 'utf8');
    for (const name of required) expect(example).toMatch(new RegExp(`^${name}=$`, 'm'));
  });

  it('gives our containers only variables that Troth knows', () => {
    const names = own.flatMap(([, { environment }]) => Object.keys(environment));
    expect(names.filter((name) => !(name in environmentSchema.shape))).toEqual([]);
  });

  it('migrates first, and starts nothing before what it needs', () => {
    expect(services['server']!.depends_on).toEqual({
      migrate: { condition: 'service_completed_successfully' },
      redis: { condition: 'service_healthy' },
    });
    expect(services['migrate']!.depends_on?.['postgres']).toEqual({ condition: 'service_healthy' });
    expect(services['agent']!.depends_on?.['location-key']).toEqual({ condition: 'service_completed_successfully' });
    const lasting = each.filter(([, { restart }]) => restart !== undefined);
    expect(lasting.filter(([, { healthcheck }]) => !healthcheck)).toEqual([]);
  });

  it('keeps the database from the agent and both stores from the world', () => {
    expect([networks['database'], networks['queue']]).toEqual([{ internal: true }, { internal: true }]);
    expect(services['postgres']!.networks).toEqual(['database']);
    expect(services['redis']!.networks).toEqual(['queue']);
    expect(services['agent']!.networks).not.toContain('database');
    expect(each.filter(([, { ports }]) => ports).map(([name]) => name)).toEqual(['server']);
    expect(services['server']!.ports![0]).toMatch(/^\$\{TROTH_BIND:-127\.0\.0\.1\}:/);
    expect(Object.keys(services['agent']!.environment)).not.toContain('TROTH_SECRET_KEY');
  });
});

describe('server/Dockerfile', () => {
  const lines = readFileSync(join(root, 'server/Dockerfile'), 'utf8').split('\n');

  it('ends as another user than root, with fping, and runs the command that compose names', () => {
    const last = (word: string) => lines.findLast((line) => line.startsWith(`${word} `));
    expect(last('USER')).toBe('USER node');
    expect(last('ENTRYPOINT')).toBe('ENTRYPOINT ["node", "dist/server/cli.js"]');
    expect(lines.some((line) => line.includes('apt-get install') && line.includes('fping'))).toBe(true);
  });

  it('copies only what exists and what .dockerignore lets in', () => {
    const letIn = readFileSync(join(root, '.dockerignore'), 'utf8').match(/(?<=^!).+/gm)!;
    const copied = lines
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from'))
      .flatMap((line) => line.split(' ').slice(1, -1));
    expect(copied.toSorted()).toEqual(letIn.toSorted());
  });
});

describe('the commands of the image', () => {
  let folder: string;
  let page: HttpPage;
  let environment: NodeJS.ProcessEnv;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'troth-image-'));
    const [databaseUrl] = await Promise.all([emptyDatabase(), ensureBuilt()]);
    page = await startHttpPage();
    environment = {
      DATABASE_URL: databaseUrl,
      TROTH_DATA: folder,
      TROTH_SECRET_KEY: 'a-secret-key-for-tests-that-is-long-enough',
      TROTH_ADMIN_TOKEN: adminToken,
      TROTH_ALLOW_LOOPBACK: String(page.port),
      LOG_LEVEL: 'info',
    };
  }, 120_000);
  afterAll(async () => {
    await page.stop();
    rmSync(folder, { recursive: true });
  });

  it(
    'migrate, serve, print a key, probe, tell their health, and end in order at SIGTERM',
    { timeout: 60_000 },
    async () => {
      const { TROTH_SECRET_KEY: _secret, ...forAgent } = environment;
      expect(await runToEnd(troth('migrate'), { ...environment, LOG_LEVEL: 'warn' })).toEqual({
        code: 0,
        output: 'The database is up to date.\n',
      });
      const server = runProgram(troth('server'), { ...environment, PORT: '0' });
      await expect.poll(() => server.output, { timeout: 20_000 }).toContain('First sign-in');
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(server.output)![0];
      const put = async (path: string, body: object) => {
        const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' };
        expect((await fetch(new URL(path, url), { method: 'PUT', headers, body: JSON.stringify(body) })).status).toBe(
          201,
        );
      };
      await put('/api/v1/teams/it', { name: 'IT' });
      await put('/api/v1/locations/hq', { name: 'Head office' });
      await put('/api/v1/services/shop', { name: 'Shop', owner: 'it' });
      await put('/api/v1/probes/shop.page', {
        kind: 'http',
        every: '1s',
        timeout: '900ms',
        locations: ['hq'],
        config: { url: page.url },
      });

      const key = /^[\w-]{43}$/m.exec((await runToEnd(troth('location-key', 'hq'), environment)).output)![0];
      const agentEnvironment = { ...forAgent, TROTH_LOCATION: 'hq', TROTH_LOCATION_KEY: key };
      const agent = runProgram(troth('agent'), agentEnvironment);
      const state = async () => {
        const board = await fetch(new URL('/api/v1/board', url), {
          headers: { authorization: `Bearer ${adminToken}` },
        });
        return ((await board.json()) as BoardSnapshot).services.map((one) => one.state);
      };
      await expect.poll(state, { timeout: 20_000 }).toEqual(['up']);
      const health = { ...environment, PORT: new URL(url).port };
      expect((await runToEnd(troth('healthy', 'server'), health)).code).toBe(0);
      expect((await runToEnd(troth('healthy', 'agent'), agentEnvironment)).code).toBe(0);

      agent.child.kill('SIGTERM');
      expect(await agent.ended).toBe(0);
      server.child.kill('SIGTERM');
      expect(await server.ended).toBe(0);
      expect((await runToEnd(troth('healthy', 'server'), health)).code).toBe(1);
    },
  );
});
