import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SessionsService } from '../../../server/access/sessions.service.ts';
import { account, password } from '../../support/accounts.ts';
import { adminToken, startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let cookie: string;
let host: string;
beforeAll(async () => {
  server = await startTestServer({ PUBLIC_URL: 'http://troth.example.org' });
  cookie = await account(server, 'ada', 'admin');
  host = new URL(server.url).host;
});
afterAll(() => server.close());

const write = (headers: Record<string, string>, as: { cookie?: string; token?: string | null } = { cookie }) =>
  server.request('POST', '/api/v1/tokens', { name: 'x', scopes: ['board:read'] }, { ...as, headers });

describe('a write with a cookie', () => {
  it.each([
    ['says that it is same-origin', () => ({ 'Sec-Fetch-Site': 'same-origin' })],
    ['has the origin of this server', () => ({ Origin: `http://${host}` })],
    ['has the origin of PUBLIC_URL', () => ({ Origin: 'http://troth.example.org' })],
    ['comes from no browser', () => ({})],
  ])('is done when it %s', async (_what, headers) => {
    expect((await write(headers())).status).toBe(201);
  });

  it.each([
    ['another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['another page of the same site', { 'Sec-Fetch-Site': 'same-site' }],
    ['another origin', { Origin: 'https://evil.example' }],
    ['a sandboxed page', { Origin: 'null' }],
  ])('is refused when it comes from %s', async (_what, headers: Record<string, string>) => {
    const reply = await write(headers);
    expect([reply.status, reply.body.code]).toEqual([403, 'forbidden']);
    expect(reply.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it('is refused with a form for a body', async () => {
    const response = await fetch(`${server.url}/api/v1/tokens`, {
      method: 'POST',
      headers: { Cookie: cookie, 'Content-Type': 'text/plain' },
      body: JSON.stringify({ name: 'x', scopes: ['board:read'] }),
    });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
      415,
      'unsupported-media-type',
    ]);
  });
});

describe('other requests from another site', () => {
  it('cannot sign in, so that nobody is signed in to a stranger’s account', async () => {
    const reply = await server.request(
      'POST',
      '/api/v1/session',
      { name: 'ada', password },
      { token: null, headers: { 'Sec-Fetch-Site': 'cross-site' } },
    );
    expect([reply.status, reply.headers.get('set-cookie')]).toEqual([403, null]);
  });

  it('are done with a bearer token, which no browser adds by itself', async () => {
    expect((await write({ Origin: 'https://evil.example' }, { token: adminToken })).status).toBe(201);
  });

  it('get no permission to read answers', async () => {
    const reply = await server.request('GET', '/api/v1/users', undefined, {
      cookie,
      headers: { Origin: 'https://evil.example' },
    });
    expect(reply.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('the handshake of a socket', () => {
  const name = async (headers: Record<string, string>) =>
    (await server.app.get(SessionsService).authenticateSocket(headers))?.name ?? null;

  it('takes the cookie from a page of this server alone', async () => {
    expect(await name({ cookie, host, origin: `http://${host}` })).toBe('ada');
    expect(await name({ cookie, host, origin: 'http://troth.example.org' })).toBe('ada');
    expect(await name({ cookie, host })).toBe('ada');
    expect(await name({ cookie, host, origin: 'https://evil.example' })).toBeNull();
    expect(await name({ cookie, host, origin: 'null' })).toBeNull();
  });

  it('takes a bearer token, and nothing else', async () => {
    expect(await name({ authorization: `Bearer ${adminToken}` })).toBe('TROTH_ADMIN_TOKEN');
    expect(await name({ authorization: 'Bearer wrong' })).toBeNull();
    expect(await name({ cookie: 'troth_session=wrong' })).toBeNull();
    expect(await name({})).toBeNull();
  });
});
