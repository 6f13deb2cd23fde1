import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SessionsService } from '../../../server/access/sessions.service.ts';
import { account, signIn } from '../../support/accounts.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

/** One server where people act, another that holds the sockets. */
let acting: TestServer;
let holding: TestServer;
let sessions: SessionsService;
const ended: string[] = [];
beforeAll(async () => {
  acting = await startTestServer();
  holding = await startTestServer({ DATABASE_URL: acting.databaseUrl });
  sessions = holding.app.get(SessionsService);
  sessions.onEnded((id) => ended.push(id));
});
afterAll(() => Promise.all([acting.close(), holding.close()]));

async function connect(headers: Record<string, string>): Promise<string> {
  const principal = await sessions.authenticateSocket(headers);
  return principal!.id;
}
const told = (id: string) =>
  eventually(() => (ended.includes(id) ? id : Promise.reject(new Error(`${id} was not told`))));

describe('the end of a sign-in is told on every server', () => {
  it('when someone signs out, of that session alone', async () => {
    const cookie = await account(acting, 'ada', 'viewer');
    const id = await connect({ cookie });
    const other = await connect({ cookie: await signIn(acting, 'ada') });
    await acting.request('DELETE', '/api/v1/session', undefined, { cookie });
    expect(await told(id)).toBe(id);
    expect(ended).not.toContain(other);
  });

  it('when an account is disabled', async () => {
    const id = await connect({ cookie: await account(acting, 'bea', 'viewer') });
    await acting.request('PUT', '/api/v1/users/bea', { displayName: 'bea', role: 'viewer', disabled: true });
    expect(await told(id)).toBe(id);
  });

  it('when an account is deleted', async () => {
    const id = await connect({ cookie: await account(acting, 'cleo', 'viewer') });
    await acting.request('DELETE', '/api/v1/users/cleo');
    expect(await told(id)).toBe(id);
  });

  it('when a token is revoked', async () => {
    const { id, token } = (await acting.request('POST', '/api/v1/tokens', { name: 't', scopes: ['board:read'] })).body;
    const principalId = await connect({ authorization: `Bearer ${token}` });
    await acting.request('DELETE', `/api/v1/tokens/${id}`);
    expect(await told(principalId)).toBe(principalId);
  });

  it('when a session or a token expires', async () => {
    const session = await connect({ cookie: await account(acting, 'dido', 'viewer') });
    const { id, token } = (
      await acting.request('POST', '/api/v1/tokens', {
        name: 't',
        scopes: ['board:read'],
        expiresAt: '2999-01-01T00:00:00Z',
      })
    ).body;
    const tokenPrincipal = await connect({ authorization: `Bearer ${token}` });
    await acting.database.query(
      `update sessions set expires_at = now() where user_id = (select id from users where name = 'dido')`,
    );
    await acting.database.query('update api_tokens set expires_at = now() where id = $1', [id]);
    await acting.app.get(SessionsService).sweep();
    expect(await told(session)).toBe(session);
    expect(await told(tokenPrincipal)).toBe(tokenPrincipal);
    const tokens = await acting.request('GET', '/api/v1/tokens');
    const expired = tokens.body.items.find((one: { id: number }) => one.id === id);
    expect(expired.revokedAt).toBe(expired.expiresAt);
  });

  it('also when the line of notices was cut in between', async () => {
    const cookie = await account(acting, 'elli', 'viewer');
    const id = await connect({ cookie });
    await acting.database.transaction(async () => {
      // The lines come back only after the commit, so that nobody can have heard of it.
      await acting.database.query(`delete from sessions where user_id = (select id from users where name = 'elli')`);
      const cut = await acting.database.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen "troth_sign_in_ended"' and datname = current_database()`,
      );
      expect(cut).toHaveLength(2);
    });
    expect(await told(id)).toBe(id);
  });

  it('never of one that goes on', async () => {
    const id = await connect({ cookie: await account(acting, 'fay', 'viewer') });
    const admin = await connect({ authorization: `Bearer ${acting.adminToken}` });
    const [{ count } = { count: 0 }] = await acting.database.query<{ count: number }>(
      `select count(pg_terminate_backend(pid))::int as count from pg_stat_activity
       where query = 'listen "troth_sign_in_ended"' and datname = current_database()`,
    );
    expect(count).toBe(2);
    const marker = await connect({ cookie: await account(acting, 'gil', 'viewer') });
    await eventually(async () => {
      const lines = await acting.database.query(
        `select 1 from pg_stat_activity where query = 'listen "troth_sign_in_ended"' and datname = current_database()`,
      );
      expect(lines).toHaveLength(2);
    });
    await acting.request('DELETE', '/api/v1/users/gil');
    expect(await told(marker)).toBe(marker);
    expect(ended).not.toContain(id);
    expect(ended).not.toContain(admin);
  });
});
