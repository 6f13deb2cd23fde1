import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemSchema } from '../../../server/contract/access.ts';
import { captureLog, type LogCapture } from '../../support/log-capture.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let capture: LogCapture;
beforeAll(async () => {
  capture = captureLog();
  server = await startTestServer({}, { log: capture.log });
});
afterAll(() => server.close());

async function send(method: string, path: string, body: string | Buffer, headers: Record<string, string> = {}) {
  const response = await fetch(new URL(path, server.url), {
    method,
    body,
    headers: { Authorization: `Bearer ${server.adminToken}`, 'Content-Type': 'application/json', ...headers },
  });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    body: problemSchema.parse(await response.json()),
  };
}

describe('a problem document', () => {
  it('tells an unknown route', async () => {
    const reply = await server.request('GET', '/api/v1/nothing');
    expect(reply.status).toBe(404);
    expect(reply.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(reply.body).toEqual({
      type: 'about:blank',
      title: 'Not found',
      status: 404,
      code: 'not-found',
      detail: 'There is nothing at this address',
      issues: [],
    });
  });

  it('tells JSON that cannot be read', async () => {
    const { status, type, body } = await send('POST', '/api/v1/tokens', '{"name": ');
    expect([status, type, body.code]).toEqual([400, 'application/problem+json; charset=utf-8', 'malformed-input']);
  });

  it('tells an address that cannot be read', async () => {
    const { status, body } = await send('PUT', '/api/v1/users/%E0%A4%A', '{}');
    expect([status, body.code]).toEqual([400, 'malformed-input']);
  });

  it.each([
    ['more than a megabyte', () => send('POST', '/api/v1/tokens', JSON.stringify({ name: 'x'.repeat(1_100_000) }))],
    [
      'a little that unpacks to more than a megabyte',
      () =>
        send('POST', '/api/v1/tokens', gzipSync(JSON.stringify('x'.repeat(9_000_000))), { 'Content-Encoding': 'gzip' }),
    ],
    [
      'more than eleven megabytes of YAML',
      () => send('POST', '/api/v1/config/plan', 'x'.repeat(12_000_000), { 'Content-Type': 'application/yaml' }),
    ],
  ])('tells a body of %s', async (_what, sent) => {
    const { status, body } = await sent();
    expect([status, body.code]).toEqual([413, 'too-large']);
  });

  it('comes before the body is read when nobody is signed in', async () => {
    const headers = { 'Content-Type': 'application/yaml', Authorization: 'Bearer none' };
    const { body } = await send('POST', '/api/v1/config/plan', 'x'.repeat(12_000_000), headers);
    expect(['sign-in-required', 'not-found']).toContain(body.code);
  });

  it('tells a body of a type that nobody reads', async () => {
    const { status, body } = await send('POST', '/api/v1/tokens', 'name=x', {
      'Content-Type': 'application/x-www-form-urlencoded',
    });
    expect([status, body.code]).toEqual([415, 'unsupported-media-type']);
    expect(body.detail).toBe('Send application/json, not application/x-www-form-urlencoded');
  });

  it('tells every fault of an input by its field', async () => {
    const input = { name: '', scopes: ['board:read', 'nonsense'], extra: 1, more: 2 };
    const { status, body } = await send('POST', '/api/v1/tokens', JSON.stringify(input));
    expect(status).toBe(422);
    expect(body.issues.map(({ path }) => path).toSorted()).toEqual(['extra', 'more', 'name', 'scopes.1']);
    expect(body.detail).toContain('extra: "extra" is not a known field; there is "name", "scopes", "expiresAt"');
  });

  it('tells a missing body', async () => {
    const reply = await server.request('POST', '/api/v1/tokens');
    expect([reply.status, reply.body.code, reply.body.detail]).toEqual([422, 'invalid-input', 'the body is required']);
  });

  it.each([
    ['GET', '/api/v1/services/a/timeline?to=2026-10-01T00:00:00Z', 'from: is required'],
    ['GET', '/api/v1/services?limit=many', 'limit: must be a whole number from 1 to 1000'],
    [
      'GET',
      '/api/v1/services/H%20Q',
      'key: must be 1 to 63 of a-z, 0-9 and "-", and begin and end with a letter or digit',
    ],
    ['DELETE', '/api/v1/tokens/first', 'id: must be a whole number from 1 to 2147483647'],
    ['POST', '/api/v1/probes/run', 'config.port: is required', { kind: 'tcp', config: { host: 'a.example' } }],
  ])('tells what is allowed: %s %s', async (method, path, detail, body?: object) => {
    const reply = await server.request(method, path, body);
    expect([reply.status, reply.body.detail]).toEqual([422, detail]);
  });

  it('is not fooled by names that objects inherit', async () => {
    const { status, body } = await send(
      'POST',
      '/api/v1/tokens',
      '{"__proto__": {"name": "x"}, "scopes": ["board:read"]}',
    );
    expect([status, body.issues[0]?.path]).toEqual([422, 'name']);
  });
});

describe('an error that nobody foresaw', () => {
  it('is answered without a word about the inside, and logged under the id of the request', async () => {
    const broken = await startTestServer({}, { log: capture.log });
    await broken.database.query('alter table api_tokens rename to elsewhere');
    const reply = await broken.request('GET', '/api/v1/tokens');
    await broken.close();
    const requestId = reply.headers.get('x-request-id')!;
    expect(reply.status).toBe(500);
    expect(reply.body.detail).toBe(`Something went wrong inside Troth; the log has it under ${requestId}`);
    expect(JSON.stringify(reply.body)).not.toMatch(/api_tokens|relation|select/i);
    const line = capture.lines().find((one) => one['msg'] === 'a request failed' && one['requestId'] === requestId);
    expect((line!['err'] as { message: string }).message).toBe('relation "api_tokens" does not exist');
  });

  it('is told as passing when only the database is away', async () => {
    const log = captureLog();
    const alone = await startTestServer({}, { log: log.log });
    await alone.database.close();
    const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    alone.database.query = () => Promise.reject(away);
    const reply = await alone.request('GET', '/api/v1/audit');
    await alone.close();
    expect([reply.status, reply.body.code, reply.headers.get('retry-after')]).toEqual([503, 'unavailable', '5']);
  });
});

describe('the log', () => {
  it('tells method, route, status and time of a request, and where it came from by id alone', async () => {
    const secret = randomUUID();
    const reply = await server.request('DELETE', `/api/v1/sessions/${secret}`);
    const line = capture
      .lines()
      .find(({ requestId, msg }) => msg === 'request' && requestId === reply.headers.get('x-request-id'))!;
    expect(line).toMatchObject({ method: 'DELETE', route: '/api/v1/sessions/:id', status: 422, aborted: false });
    expect(line['ms']).toBeGreaterThanOrEqual(0);
    expect(capture.text()).not.toContain(secret);
  });

  it('holds no password, token, cookie or setup token, whatever happens', async () => {
    const password = 'very-secret-password-1';
    const user = { displayName: 'Ada', role: 'admin', password };
    await server.request('PUT', '/api/v1/users/ada', user);
    await server.request('PUT', '/api/v1/users/ada', { ...user, password: 'short' });
    const signedIn = await server.request('POST', '/api/v1/session', { name: 'ada', password }, { token: null });
    const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!;
    const { token } = (
      await server.request('POST', '/api/v1/tokens', { name: 't', scopes: ['board:read'] }, { cookie })
    ).body;
    await server.request(
      'POST',
      '/api/v1/setup',
      { token: 'setup-token-secret', name: 'eve', displayName: 'E', password },
      { token: null },
    );
    await server.request('GET', '/api/v1/users', undefined, { token });
    await server.request('GET', `/api/v1/nothing?token=${token}`);
    // A statement that fails has the secret among its parameters.
    await server.database.query('alter table users add constraint odd check (name <> $$mallory$$)');
    const failed = await server.request('PUT', '/api/v1/users/mallory', { ...user, displayName: 'M' });
    expect(failed.status).toBe(500);
    for (const secret of [
      password,
      cookie.split('=')[1]!,
      token as string,
      'setup-token-secret',
      server.adminToken,
      '$argon2id$',
    ]) {
      expect(capture.text()).not.toContain(secret);
    }
  });
});
