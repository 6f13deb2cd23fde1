import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer, type RunningServer } from '../../../server/main.ts';
import { readEnvironment } from '../../../server/platform/config.ts';
import { Keyring } from '../../../server/platform/secrets.ts';
import { adminToken, ensureBuilt, runToEnd, troth } from '../../support/installation.ts';
import { freshDatabase } from '../../support/postgres.ts';

const secretKey = 'a-secret-key-for-tests-that-is-long-enough';
const config = `apiVersion: troth/v1
teams:
  it: { name: IT }
locations:
  hq: { name: Head office }
services:
  shop:
    name: Shop
    owner: it
    probes:
      page: { kind: http, every: 1m, locations: [hq], config: { url: "http://shop.example.org/" } }
`;

let folder: string;
let databaseUrl: string;
let server: RunningServer;
let target: Server;
let targetPort: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'troth-cli-'));
  databaseUrl = await freshDatabase();
  const environment = readEnvironment({
    ...{ PORT: '0', LOG_LEVEL: 'fatal', DATABASE_URL: databaseUrl },
    ...{ TROTH_DATA: folder, TROTH_SECRET_KEY: secretKey, TROTH_ADMIN_TOKEN: adminToken },
  });
  target = createTcpServer((socket) => socket.on('error', () => socket.destroy()).end('hello\r\n')).listen(
    0,
    '127.0.0.1',
  );
  await once(target, 'listening');
  targetPort = (target.address() as AddressInfo).port;
  [server] = await Promise.all([createServer(environment), ensureBuilt()]);
}, 120_000);
afterAll(async () => {
  target.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  runToEnd(troth(...args), { TROTH_DATA: folder, ...env });
const withServer = () => ({ TROTH_URL: server.url, TROTH_ADMIN_TOKEN: adminToken });
const fileOf = (name: string, text: string) => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

describe('troth check', () => {
  const allowed = () => ({ TROTH_ALLOW_LOOPBACK: String(targetPort) });

  it('prints verdict, reason and timings of a target that is up, and ends with 0', async () => {
    const { code, output } = await run(['check', 'tcp', `127.0.0.1:${targetPort}`], allowed());
    expect(code).toBe(0);
    expect(output).toMatch(/^target +127\.0\.0\.1:\d+\nverdict +up\nreason +As expected\nlatency +\d+\.\d ms\n/);
    expect(output).toMatch(/^ {2}connect +\d+\.\d ms$/m);
  });

  it('ends with 1 when the target is not up, and prints the outcome as JSON where asked', async () => {
    const { code, output } = await run(['check', 'tcp', `127.0.0.1:${targetPort}`, '--json', '--timeout', '1s']);
    expect(code).toBe(1);
    expect(JSON.parse(output)).toMatchObject({ verdict: 'unknown', reason: 'address-refused' });
    expect(output).toContain('TROTH_ALLOW_LOOPBACK');
  });

  it('never reaches the database of Troth', async () => {
    const { host } = new URL(databaseUrl);
    const { code, output } = await run(['check', 'tcp', host], {
      DATABASE_URL: databaseUrl,
      TROTH_ALLOW_LOOPBACK: 'true',
    });
    expect([code, output]).toEqual([1, expect.stringContaining("Troth's own database or queue")]);
  });

  it.each([
    [['check', 'htpp', 'http://example.org/'], 'did you mean "http"?'],
    [
      ['check', 'http', 'ftp://example.org'],
      'This is no target of an http probe.\n  url: has to begin with http:// or https://\nSuch as: troth check http ',
    ],
    [['check', 'tcp', '127.0.0.1'], 'This is no target of a tcp probe.\n  port: is required\n'],
    [['check', 'icmp', '1.2.3'], 'This is no target of an icmp probe.\n  host: is no IPv4 address'],
    [['check', 'heartbeat', 'x'], 'waits to be called'],
    [['check', 'tcp', 'example.org:25', '--timeout', 'soon'], 'such as 5s'],
    [['check', 'tcp'], "missing required argument 'target'"],
    [['chekc'], "unknown command 'chekc'"],
  ])('ends with 2 when it is asked wrongly: troth %j', async (args, message) => {
    const { code, output } = await run(args);
    expect([code, output]).toEqual([2, expect.stringContaining(message)]);
  });

  it('takes a target in several words, and says in its help which forms there are', async () => {
    const asked = await run(['check', 'dns', 'sample.troth.test', 'MX', '@127.0.0.1:22613', '--timeout', '1s']);
    expect(asked.output).toMatch(/^target +sample\.troth\.test MX @127\.0\.0\.1:22613$/m);
    const { output } = await run(['check', '--help']);
    for (const kind of ['http', 'tcp', 'tls', 'dns', 'icmp'])
      expect(output).toMatch(new RegExp(`^  troth check ${kind} \\S`, 'm'));
  });

  it('runs at a location through a server, which says when no agent is there', async () => {
    await run(['apply', fileOf('first.yaml', config)], withServer());
    const { code, output } = await run(['check', 'tcp', 'example.org:25', '--location', 'hq'], withServer());
    expect([code, output]).toEqual([1, 'No agent is running at hq.\n']);
  });
});

describe('troth plan, apply and export', () => {
  const changed = config.replace('every: 1m', 'every: 2m').replace('name: IT', 'name: IT department');

  it('print what would change and change nothing, then change it, then have nothing to change', async () => {
    const file = fileOf('troth.yaml', config);
    await run(['apply', file], withServer());
    const other = fileOf('changed.yaml', changed);
    const difference =
      '~ team it\n    name: "IT" -> "IT department"\n~ probe shop.page\n    every: "1m" -> "2m"\n2 changes';
    expect(await run(['plan', other], withServer())).toEqual({ code: 0, output: `${difference} to be made.\n` });
    expect(await run(['apply', other], withServer())).toEqual({ code: 0, output: `${difference} made.\n` });
    expect(await run(['apply', other], withServer())).toEqual({ code: 0, output: 'Nothing had to change.\n' });
  });

  it('export a file that changes nothing when it is applied', async () => {
    const { code, output } = await run(['export'], withServer());
    expect([code, output]).toEqual([0, expect.stringMatching(/^apiVersion: troth\/v1\n/)]);
    const file = fileOf('exported.yaml', output);
    expect(await run(['plan', file, '--url', server.url], { TROTH_ADMIN_TOKEN: adminToken })).toEqual({
      code: 0,
      output: 'Nothing would change.\n',
    });
  });

  it('count the deletions among the changes', async () => {
    await run(['apply', fileOf('all.yaml', config)], withServer());
    const less = config.replace(/ {6}page: .*\n/, '      beat: { kind: heartbeat }\n').replace(/locations:\n.*\n/, '');
    const { code, output } = await run(['plan', fileOf('less.yaml', less)], withServer());
    expect([code, output]).toEqual([
      0,
      '+ probe shop.beat\n- probe shop.page\n- location hq\n3 changes, 2 of them deletions, to be made.\n',
    ]);
  });

  it('print every fault of a file with its place, and end with 1', async () => {
    const file = fileOf('bad.yaml', config.replace('owner: it', 'owner: itt').replace('kind: http', 'kind: htpp'));
    const { code, output } = await run(['apply', file], withServer());
    expect(code).toBe(1);
    expect(output).toMatch(/line 9, column \d+: services\.shop\.owner: .*"it"/);
    expect(output).toMatch(/line 11, column \d+: services\.shop\.probes\.page\.kind: .*"http"/);
  });

  it('say what is missing', async () => {
    expect(await run(['plan', 'nowhere.yaml'], withServer())).toMatchObject({
      code: 1,
      output: 'nowhere.yaml cannot be read: no such file\n',
    });
    expect(await run(['plan', folder], withServer())).toEqual({
      code: 1,
      output: `${folder} cannot be read: it is a folder\n`,
    });
    expect(await run(['export'])).toMatchObject({ code: 2, output: expect.stringContaining('TROTH_ADMIN_TOKEN') });
    const closed = { ...withServer(), TROTH_URL: 'http://127.0.0.1:1' };
    expect(await run(['export'], closed)).toMatchObject({
      code: 1,
      output: expect.stringContaining('cannot be reached'),
    });
    const wrong = { ...withServer(), TROTH_ADMIN_TOKEN: 'x'.repeat(40) };
    expect(await run(['export'], wrong)).toMatchObject({ code: 1 });
  });
});

describe('troth location-key', () => {
  it('prints the key of one location alone', async () => {
    const { code, output } = await run(['location-key', 'hq'], { TROTH_SECRET_KEY: secretKey });
    expect([code, output]).toEqual([
      0,
      expect.stringMatching(new RegExp(`^${new Keyring(secretKey).location('hq').toString('base64url')}$`, 'm')),
    ]);
    expect(output).toContain('Note: nothing runs at "hq" before the catalog has a location of this key.\n');
  });

  it('refuses what cannot be the key of a location', async () => {
    const { code, output } = await run(['location-key', 'Head Office'], { TROTH_SECRET_KEY: secretKey });
    expect([code, output]).toEqual([2, expect.stringContaining('This is no key of a location: it must be 1 to 63 of')]);
  });

  it('makes no key of its own in a folder that has none', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    const { code, output } = await run(['location-key', 'hq'], { TROTH_DATA: empty });
    expect([code, output]).toEqual([1, expect.stringContaining('There is no secret key')]);
  });
});

describe('troth doctor', () => {
  it('finds a server and its database in order', async () => {
    const { port } = new URL(server.url);
    const { output } = await run(['doctor'], { DATABASE_URL: databaseUrl, PORT: port });
    expect(output).toMatch(/^✓ Database +PostgreSQL 18\.\d+ answers$/m);
    expect(output).toMatch(new RegExp(`^[✓✗] Server +on port ${port}, (not )?ready$`, 'm'));
    expect(output).toMatch(/^✓ Dashboard +built$/m);
  });

  it('ends with 1 when the database is away', async () => {
    const { code, output } = await run(['doctor'], { DATABASE_URL: 'postgres://a:b@127.0.0.1:1/c', PORT: '1' });
    expect([code, output]).toEqual([1, expect.stringMatching(/^✗ Database +.*ECONNREFUSED/m)]);
  });
});

describe('troth sample', () => {
  it('says that none runs, and which parts there are', async () => {
    expect(await run(['sample', 'status'])).toMatchObject({
      code: 1,
      output: expect.stringContaining('There is no sample target'),
    });
    expect(await run(['sample', 'stop', 'smtp'])).toEqual({
      code: 2,
      output: 'Which part? One of http, tcp, tls, dns, heartbeat.\n',
    });
  });
});

describe('troth server and agent', () => {
  it.each([
    ['server', {}, 'DATABASE_URL: missing'],
    ['agent', {}, 'TROTH_LOCATION: missing'],
    ['agent', { TROTH_LOCATION: 'hq' }, 'REDIS_URL or DATABASE_URL: missing'],
    ['agent', { TROTH_LOCATION: 'hq', REDIS_URL: 'redis://127.0.0.1:1' }, 'TROTH_LOCATION_KEY: missing'],
    [
      'agent',
      { TROTH_LOCATION: 'hq', REDIS_URL: 'redis://127.0.0.1:1', TROTH_LOCATION_KEY: 'x'.repeat(40) },
      'is not what',
    ],
    ['server', { PORT: 'many', DATABASE_URL: 'mysql://x' }, 'PORT'],
  ])('%s with %j ends with 1 and names what is wrong', async (command, env, message) => {
    const { code, output } = await run([command], env);
    expect([code, output]).toEqual([1, expect.stringContaining(message)]);
    expect(output).not.toMatch(/^\s+at /m);
  });

  it.each(['server', 'agent'])('%s waits for no database that refuses it', async (command) => {
    const url = new URL(databaseUrl);
    url.pathname = '/no_such_database';
    const key = Buffer.alloc(32, 7).toString('base64url');
    const env = { DATABASE_URL: url.href, TROTH_LOCATION: 'hq', TROTH_LOCATION_KEY: key };
    const { code, output } = await run([command], env);
    const message = 'DATABASE_URL: cannot be used (database "no_such_database" does not exist)';
    expect([code, output]).toEqual([1, expect.stringContaining(message)]);
  });
});
