import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account } from '../../support/accounts.ts';
import { adminToken, startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const make = (input: object) => server.request('POST', '/api/v1/tokens', input);
const list = async (): Promise<{ id: number; lastUsedAt: string | null }[]> =>
  (await server.request('GET', '/api/v1/tokens')).body.items;
const users = (token: string) => server.request('GET', '/api/v1/users', undefined, { token });

describe('an API token', () => {
  it('is shown once and may do what its scopes say', async () => {
    const made = await make({ name: 'ci', scopes: ['access:manage'] });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      name: 'ci',
      scopes: ['access:manage'],
      expiresAt: null,
      revokedAt: null,
      lastUsedAt: null,
    });
    expect(made.body.token).toMatch(/^troth_[\w-]{43}$/);
    expect((await users(made.body.token)).status).toBe(200);
    const audit = await server.request('GET', '/api/v1/audit', undefined, { token: made.body.token });
    expect([audit.status, audit.body.code]).toEqual([403, 'forbidden']);
    expect(JSON.stringify(await list())).not.toContain(made.body.token);
    const [row] = await server.database.query<{ found: boolean }>(
      `select bool_or(t::text like '%' || $1 || '%') as found from api_tokens t`,
      [made.body.token],
    );
    expect(row).toEqual({ found: false });
  });

  it('does not hold any more once it is revoked, which is noted once', async () => {
    const { id, token } = (await make({ name: 'old', scopes: ['access:manage'] })).body;
    expect((await server.request('DELETE', `/api/v1/tokens/${id}`)).status).toBe(204);
    expect((await users(token)).status).toBe(401);
    expect((await server.request('DELETE', `/api/v1/tokens/${id}`)).status).toBe(204);
    const audit = await server.request('GET', `/api/v1/audit?subjectKind=token&subject=${id}`);
    expect(audit.body.items.map((entry: { action: string }) => entry.action)).toEqual([
      'token.revoked',
      'token.created',
    ]);
    expect(JSON.stringify(audit.body)).not.toContain(token);
  });

  it('does not hold any more once it has expired', async () => {
    const { id, token } = (
      await make({ name: 'brief', scopes: ['access:manage'], expiresAt: '2999-01-01T00:00:00+02:00' })
    ).body;
    expect((await users(token)).status).toBe(200);
    await server.database.query(`update api_tokens set expires_at = now() - interval '1 second' where id = $1`, [id]);
    expect((await users(token)).status).toBe(401);
  });

  it('writes its use down at most once a minute', async () => {
    const { id, token } = (await make({ name: 'busy', scopes: ['access:manage'] })).body;
    const lastUsed = async () => (await list()).find((one) => one.id === id)!.lastUsedAt;
    expect(await lastUsed()).toBeNull();
    await users(token);
    const first = await lastUsed();
    expect(Math.abs(Date.parse(first!) - Date.now())).toBeLessThan(5_000);
    await users(token);
    expect(await lastUsed()).toBe(first);
    await server.database.query(`update api_tokens set last_used_at = now() - interval '61 seconds' where id = $1`, [
      id,
    ]);
    await users(token);
    expect(Date.parse((await lastUsed())!)).toBeGreaterThanOrEqual(Date.parse(first!));
  });

  it.each([
    ['scopes', { name: 'x', scopes: [] }],
    ['scopes.0', { name: 'x', scopes: ['everything'] }],
    ['name', { name: ' ', scopes: ['board:read'] }],
    ['expiresAt', { name: 'x', scopes: ['board:read'], expiresAt: '2020-01-01T00:00:00Z' }],
    ['expiresAt', { name: 'x', scopes: ['board:read'], expiresAt: 'tomorrow' }],
  ])('is refused naming the field %s: %j', async (path, input) => {
    const reply = await make(input);
    expect([reply.status, reply.body.issues[0].path]).toEqual([422, path]);
  });

  it.each(['x', '0', '1e99', '99999999999'])('answers a bad id %s as such', async (id) => {
    const reply = await server.request('DELETE', `/api/v1/tokens/${id}`);
    expect([reply.status, reply.body.issues[0].path]).toEqual([422, 'id']);
  });

  it('that does not exist is not found', async () => {
    expect((await server.request('DELETE', '/api/v1/tokens/2000000')).status).toBe(404);
  });

  it('is listed newest first, page by page', async () => {
    const all = (await list()).map(({ id }) => id);
    expect(all).toEqual(all.toSorted((a, b) => b - a));
    const first = await server.request('GET', '/api/v1/tokens?limit=1');
    const second = await server.request('GET', `/api/v1/tokens?limit=1&cursor=${first.body.next}`);
    expect([first.body.items[0].id, second.body.items[0].id]).toEqual(all.slice(0, 2));
    expect((await server.request('GET', '/api/v1/tokens?cursor=x')).body.issues[0].path).toBe('cursor');
  });
});

describe('TROTH_ADMIN_TOKEN', () => {
  it('has every right', async () => {
    for (const path of ['/api/v1/users', '/api/v1/audit', '/metrics']) {
      expect((await server.request('GET', path, undefined, { token: adminToken })).status).toBe(200);
    }
  });

  it('is refused with one character changed, or with another scheme', async () => {
    expect((await users(`${adminToken.slice(0, -1)}x`)).status).toBe(401);
    expect((await users(`${adminToken}x`)).status).toBe(401);
    const basic = await server.request('GET', '/api/v1/users', undefined, {
      token: null,
      headers: { Authorization: `Basic ${adminToken}` },
    });
    expect(basic.status).toBe(401);
  });

  it('does not exist where it is not set', async () => {
    const other = await startTestServer({ TROTH_ADMIN_TOKEN: '', DATABASE_URL: server.databaseUrl });
    const reply = await other.request('GET', '/api/v1/users', undefined, {
      headers: { Authorization: 'Bearer undefined' },
    });
    await other.close();
    expect(reply.status).toBe(401);
  });
});

describe('making tokens', () => {
  it('is noted with the account that did it', async () => {
    const cookie = await account(server, 'tina', 'admin');
    const made = await server.request('POST', '/api/v1/tokens', { name: 'hers', scopes: ['board:read'] }, { cookie });
    const audit = await server.request('GET', `/api/v1/audit?subjectKind=token&subject=${made.body.id}`);
    expect(audit.body.items[0]).toMatchObject({
      actor: { kind: 'user', name: 'tina' },
      action: 'token.created',
      detail: { name: 'hers', scopes: ['board:read'] },
      address: '127.0.0.1',
    });
  });
});
