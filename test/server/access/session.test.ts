import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashPassword, verifyPassword } from '../../../server/access/password.ts';
import { account, makeAccount, password, signIn } from '../../support/accounts.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const sessionOf = (cookie: string) => server.request('GET', '/api/v1/session', undefined, { cookie });
const post = (name: string, secret: string, headers: Record<string, string> = {}) =>
  server.request('POST', '/api/v1/session', { name, password: secret }, { token: null, headers });

describe('signing in', () => {
  it('answers with the account, its permissions and the end of the session', async () => {
    await makeAccount(server, 'viola', 'viewer');
    const reply = await post('Viola', password);
    expect(reply.status).toBe(201);
    expect(reply.body.user).toEqual({ name: 'viola', displayName: 'viola', role: 'viewer', teams: [] });
    expect(reply.body.permissions).toEqual(['board:read']);
    const hours = (Date.parse(reply.body.expiresAt) - Date.now()) / 3_600_000;
    expect(hours).toBeCloseTo(12, 1);
  });

  it('sets a cookie that scripts cannot read and other sites cannot send along', async () => {
    await makeAccount(server, 'cora', 'viewer');
    const cookie = (await post('cora', password)).headers.get('set-cookie')!;
    expect(cookie).toMatch(/^troth_session=[\w-]{43}; Max-Age=604800; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/);
  });

  it('marks the cookie secure where people come by https', async () => {
    const behindProxy = await startTestServer({
      PUBLIC_URL: 'https://troth.example.org',
      DATABASE_URL: server.databaseUrl,
    });
    await makeAccount(server, 'secunda', 'viewer');
    const reply = await behindProxy.request('POST', '/api/v1/session', { name: 'secunda', password }, { token: null });
    await behindProxy.close();
    expect(reply.headers.get('set-cookie')).toMatch(/; Secure/);
  });

  it('gives an unknown name and a wrong password the same answer', async () => {
    await makeAccount(server, 'walter', 'viewer');
    const wrong = await post('walter', 'wrong password');
    const unknown = await post('nobody', 'wrong password');
    expect(unknown.body).toEqual(wrong.body);
    expect([unknown.status, unknown.body.code]).toEqual([401, 'sign-in-failed']);
  });

  it('takes as long for an unknown name as for a wrong password', async () => {
    const hash = await hashPassword(password);
    const fastestMs = async (of: string | null) => {
      const runsMs: number[] = [];
      for (let run = 0; run < 5; run += 1) {
        const startedMs = performance.now();
        expect(await verifyPassword(of, 'wrong password')).toBe(false);
        runsMs.push(performance.now() - startedMs);
      }
      return Math.min(...runsMs);
    };
    expect((await fastestMs(null)) / (await fastestMs(hash))).toBeGreaterThan(0.5);
  });

  it('refuses a disabled account as if the password were wrong', async () => {
    await makeAccount(server, 'dora', 'viewer');
    await server.request('PUT', '/api/v1/users/dora', { displayName: 'dora', role: 'viewer', disabled: true });
    const reply = await post('dora', password);
    expect([reply.status, reply.body.code]).toEqual([401, 'sign-in-failed']);
  });

  it('stores only a hash of the session token', async () => {
    const cookie = await account(server, 'hanna', 'viewer');
    const token = cookie.split('=')[1]!;
    const rows = await server.database.query<{ hash: string }>(
      `select encode(token_hash, 'base64') as hash from sessions`,
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.some(({ hash }) => Buffer.from(hash, 'base64').toString('base64url') === token)).toBe(false);
  });

  it('stores passwords as argon2id with the parameters that OWASP asks for', async () => {
    await makeAccount(server, 'olga', 'viewer');
    const [row] = await server.database.query<{ password_hash: string }>(
      `select password_hash from users where name = 'olga'`,
    );
    expect(row!.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });
});

describe('a session', () => {
  it('ends by signing out, which takes the cookie away', async () => {
    const cookie = await account(server, 'sina', 'viewer');
    const out = await server.request('DELETE', '/api/v1/session', undefined, { cookie });
    expect(out.status).toBe(204);
    expect(out.headers.get('set-cookie')).toMatch(/^troth_session=; Path=\/; Expires=Thu, 01 Jan 1970/);
    expect((await sessionOf(cookie)).status).toBe(401);
  });

  it('lasts twelve hours from its last use, and seven days at most', async () => {
    const cookie = await account(server, 'lena', 'viewer');
    const age = (created: string, used: string, expires: string) =>
      server.database.query(
        `update sessions set created_at = now() - $1::interval, last_used_at = now() - $2::interval, expires_at = now() + $3::interval
         where user_id = (select id from users where name = 'lena')`,
        [created, used, expires],
      );
    const leftHours = async () => (Date.parse((await sessionOf(cookie)).body.expiresAt) - Date.now()) / 3_600_000;

    await age('11 hours', '11 hours', '1 hour');
    expect(await leftHours()).toBeCloseTo(12, 1);
    await age('6 days 20 hours', '2 hours', '10 hours');
    expect(await leftHours()).toBeCloseTo(4, 1);
    await age('13 hours', '13 hours', '-1 second');
    expect((await sessionOf(cookie)).status).toBe(401);
  });

  it('writes its use down at most once a minute', async () => {
    const cookie = await account(server, 'minna', 'viewer');
    const used = () =>
      server.database.query<{ last_used_at: Date }>(
        `select last_used_at from sessions where user_id = (select id from users where name = 'minna')`,
      );
    const before = await used();
    await sessionOf(cookie);
    expect(await used()).toEqual(before);
  });

  it('is shown to its owner beside the others, who can end them one by one', async () => {
    const first = await account(server, 'paula', 'viewer');
    const second = await signIn(server, 'paula');
    const stranger = await account(server, 'zoe', 'viewer');
    const list = await server.request('GET', '/api/v1/sessions', undefined, { cookie: first });
    expect(list.body).toHaveLength(2);
    expect(list.body.map((session: { current: boolean }) => session.current).toSorted()).toEqual([false, true]);
    const other = list.body.find((session: { current: boolean }) => !session.current);
    expect(other.address).toBe('127.0.0.1');

    const path = `/api/v1/sessions/${other.id}`;
    expect((await server.request('DELETE', path, undefined, { cookie: stranger })).status).toBe(404);
    expect((await sessionOf(second)).status).toBe(200);
    expect((await server.request('DELETE', path, undefined, { cookie: first })).status).toBe(204);
    expect((await sessionOf(second)).status).toBe(401);
    expect((await sessionOf(first)).status).toBe(200);
  });

  it('ends with all others when its owner changes the password', async () => {
    const first = await account(server, 'petra', 'viewer');
    const second = await signIn(server, 'petra');
    const change = (current: string) =>
      server.request('PUT', '/api/v1/session/password', { current, password: 'another long one' }, { cookie: first });
    const refused = await change('not it at all');
    expect([refused.status, refused.body.issues[0].path]).toEqual([422, 'current']);
    expect((await sessionOf(first)).status).toBe(200);
    expect((await change(password)).status).toBe(204);
    expect([(await sessionOf(first)).status, (await sessionOf(second)).status]).toEqual([401, 401]);
    expect(await signIn(server, 'petra', 'another long one')).toMatch(/^troth_session=/);
  });

  it('is not what an API token has', async () => {
    const reply = await server.request('GET', '/api/v1/session');
    expect([reply.status, reply.body.code]).toEqual([404, 'not-found']);
  });

  it('does not count beside a bearer token that does not hold', async () => {
    const cookie = await account(server, 'berta', 'viewer');
    const reply = await server.request('GET', '/api/v1/session', undefined, {
      cookie,
      headers: { Authorization: 'Bearer no' },
    });
    expect(reply.status).toBe(401);
  });
});
