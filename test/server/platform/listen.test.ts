import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../../server/platform/database.ts';
import { readEnvironment } from '../../../server/platform/config.ts';
import { schema } from '../../../server/schema.ts';
import { password } from '../../support/accounts.ts';
import { eventually } from '../../support/eventually.ts';
import { captureLog } from '../../support/log-capture.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { adminToken, startTestServer } from '../../support/server.ts';
import { closedPort } from '../../support/targets/tcp-target.ts';
import { makeCertificate } from '../../support/targets/certificates.ts';

let folder: string;
let databaseUrl: string;
const file = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const start = (env: Record<string, string>) =>
  startTestServer({ DATABASE_URL: databaseUrl, LOG_LEVEL: 'silent', ...env });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'troth-listen-'));
  databaseUrl = await freshDatabase();
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('listening', () => {
  it('fails naming PORT when the port is taken, and leaves nothing open behind it', async () => {
    const holder = createTcpServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    await expect(start({ PORT: String(port) })).rejects.toMatchObject({
      name: 'ConfigError',
      message: `Bad configuration.\n  PORT: ${port} is taken on 127.0.0.1; stop what uses it, or choose another`,
    });
    holder.close();
    const client = new pg.Client(databaseUrl);
    await client.connect();
    const others = `select application_name from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
    await eventually(async () => expect((await client.query(others)).rows).toEqual([]));
    await client.end();
  });

  it('fails naming HOST when it is no address of this machine', async () => {
    await expect(start({ HOST: '192.0.2.1' })).rejects.toThrow('HOST: 192.0.2.1 is not an address of this machine');
  });

  it('fails naming TROTH_TRUST_PROXY when it is no address', async () => {
    await expect(start({ TROTH_TRUST_PROXY: 'everyone' })).rejects.toThrow(
      'TROTH_TRUST_PROXY: invalid IP address: everyone',
    );
  });

  it('lets a request that has begun end before it closes', async () => {
    const server = await start({});
    // Hashing a password takes long enough for the close to come in between.
    const making = server.request('PUT', '/api/v1/users/ada', { displayName: 'Ada', role: 'admin', password });
    await new Promise((resolve) => server.app.getHttpServer().once('request', resolve));
    await server.close();
    expect((await making).status).toBe(200);
    await expect(server.request('GET', '/health/live')).rejects.toThrow('fetch failed');
  });
});

describe('the database', () => {
  it('is named when it refuses the account', async () => {
    const url = new URL(databaseUrl);
    url.pathname = '/no_such_database';
    await expect(start({ DATABASE_URL: url.href })).rejects.toThrow(
      /^Bad configuration\.\n {2}DATABASE_URL: cannot be used \(database "no_such_database" does not exist\)$/,
    );
  });

  it('is waited for, and named without its password when it does not come', async () => {
    const { log, lines, text: logged } = captureLog();
    const url = `postgres://troth:hunter2@127.0.0.1:${await closedPort()}/troth`;
    const database = new Database(readEnvironment({ DATABASE_URL: url }), schema, log);
    await expect(database.open(100)).rejects.toThrow(
      /^Bad configuration\.\n {2}DATABASE_URL: cannot be used \(connect ECONNREFUSED/,
    );
    expect(lines().filter(({ msg }) => msg === 'the database does not answer yet').length).toBeGreaterThan(0);
    expect(logged()).not.toContain('hunter2');
  });
});

describe('https', () => {
  it('is served with the certificate, with secure cookies and strict transport', async () => {
    const identity = await makeCertificate({ name: 'troth.test', altNames: ['127.0.0.1'] });
    const server = await start({
      TROTH_TLS_CERT: file('cert.pem', identity.certificate),
      TROTH_TLS_KEY: file('key.pem', identity.key),
    });
    const ask = async (method: string, path: string, body?: object) => {
      const sent = request(new URL(path, server.url), {
        method,
        ca: identity.certificate,
        agent: false,
        headers: { Authorization: `Bearer ${adminToken}`, 'Content-Type': 'application/json' },
      });
      sent.end(body && JSON.stringify(body));
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      return { status: response.statusCode, headers: response.headers, body: await text(response) };
    };
    expect(server.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const live = await ask('GET', '/health/live');
    expect([live.status, live.body]).toEqual([200, '{"status":"live"}']);
    expect(live.headers['strict-transport-security']).toBe('max-age=15552000');
    await ask('PUT', '/api/v1/users/eva', { displayName: 'Eva', role: 'viewer', password });
    const signedIn = await ask('POST', '/api/v1/session', { name: 'eva', password });
    expect(signedIn.headers['set-cookie']![0]).toMatch(/^troth_session=.*; HttpOnly; Secure; SameSite=Lax$/);
    await server.close();
  });

  it('is refused naming the variable when a file is missing or holds something else', async () => {
    const one = await makeCertificate({ name: 'one.test' });
    const other = await makeCertificate({ name: 'other.test' });
    const cert = file('one.pem', one.certificate);
    const key = file('one-key.pem', one.key);
    const junk = file('junk.pem', 'junk');
    const missing = join(folder, 'missing.pem');
    const otherKey = file('other-key.pem', other.key);
    const attempt = (TROTH_TLS_CERT: string, TROTH_TLS_KEY: string) => start({ TROTH_TLS_CERT, TROTH_TLS_KEY });
    await expect(attempt(missing, key)).rejects.toThrow(`TROTH_TLS_CERT: cannot read ${missing}`);
    await expect(attempt(cert, missing)).rejects.toThrow(`TROTH_TLS_KEY: cannot read ${missing}`);
    await expect(attempt(junk, key)).rejects.toThrow(`TROTH_TLS_CERT: ${junk} holds no certificate (PEM)`);
    await expect(attempt(cert, junk)).rejects.toThrow(`TROTH_TLS_KEY: ${junk} holds no private key (PEM)`);
    await expect(attempt(cert, otherKey)).rejects.toThrow(
      'TROTH_TLS_KEY: does not belong to the certificate in TROTH_TLS_CERT',
    );
    await expect(start({ TROTH_TLS_CERT: cert })).rejects.toThrow(
      'TROTH_TLS_CERT and TROTH_TLS_KEY must be given together',
    );
  });
});

describe('a server without the role api', () => {
  it('answers for its health and its metrics alone', async () => {
    const server = await start({ TROTH_ROLES: 'dispatch,ingest' });
    const statusOf = async (path: string, token?: null) =>
      (await server.request('GET', path, undefined, token === null ? { token } : {})).status;
    expect(await statusOf('/health/live', null)).toBe(200);
    expect(await statusOf('/metrics')).toBe(200);
    expect(await statusOf('/metrics', null)).toBe(401);
    expect(await statusOf('/api/v1/users')).toBe(404);
    expect(await statusOf('/api/docs')).toBe(404);
    expect(await statusOf('/')).toBe(404);
    await server.close();
  });
});
