import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { account, makeAccount, password, signIn } from '../../support/accounts.ts';
import { startTestServer, type Reply, type TestServer } from '../../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ TROTH_TRUST_PROXY: '127.0.0.1' });
  await makeAccount(server, 'ada', 'viewer');
});
afterAll(() => server.close());
beforeEach(() => server.database.query('delete from sign_in_attempts'));

function attempt(name: string, secret: string, address = '192.0.2.1', at = server): Promise<Reply> {
  const headers = { 'X-Forwarded-For': address };
  return at.request('POST', '/api/v1/session', { name, password: secret }, { token: null, headers });
}
const statuses = (replies: Reply[]) => replies.map(({ status }) => status).toSorted((a, b) => a - b);
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

describe('attempts to sign in', () => {
  it('are refused by name after ten failures, from wherever they come, with the time to wait', async () => {
    const replies = await Promise.all(times(12, (index) => attempt('ada', 'wrong', `192.0.2.${index + 1}`)));
    expect(statuses(replies)).toEqual([...times(10, () => 401), 429, 429]);
    const right = await attempt('ADA', password, '198.51.100.1');
    expect([right.status, right.body.code]).toEqual([429, 'too-many-requests']);
    expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(880);
    expect(Number(right.headers.get('retry-after'))).toBeLessThanOrEqual(900);
  });

  it('stay refused after a restart', async () => {
    await Promise.all(times(10, () => attempt('ada', 'wrong')));
    const other = await startTestServer({ DATABASE_URL: server.databaseUrl });
    const reply = await attempt('ada', password, '198.51.100.1', other);
    await other.close();
    expect(reply.status).toBe(429);
  });

  it('are refused by address after fifty failures, whatever the name, without refusing others', async () => {
    await server.database.query(
      `insert into sign_in_attempts select sha256('address:192.0.2.1'), 50, now() + interval '1 minute'`,
    );
    const refused = await attempt('somebody', 'wrong', '192.0.2.1');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect((await attempt('ada', password, '192.0.2.2')).status).toBe(201);
  });

  it('count one IPv6 network as one address', async () => {
    await attempt('one', 'wrong', '2001:db8:1:2::1');
    await attempt('two', 'wrong', '2001:db8:1:2:ffff::9');
    await attempt('three', 'wrong', '2001:db8:1:3::1');
    const rows = await server.database.query<{ attempts: number }>(
      'select attempts from sign_in_attempts order by attempts',
    );
    expect(rows.map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1, 2]);
  });

  it('of strangers elsewhere lock nobody out from where they signed in before', async () => {
    expect((await attempt('ada', password, '198.51.100.7')).status).toBe(201);
    await Promise.all(times(12, (index) => attempt('ada', 'wrong', `192.0.2.${index + 1}`)));
    expect((await attempt('Ada', password, '198.51.100.7')).status).toBe(201);
    expect((await attempt('ada', password, '198.51.100.8')).status).toBe(429);
  });

  it('are limited at a familiar address too, whose success gives strangers no new attempts', async () => {
    await attempt('ada', password, '198.51.100.7');
    await Promise.all(times(10, (index) => attempt('ada', 'wrong', `192.0.2.${index + 1}`)));
    expect((await attempt('ada', password, '198.51.100.7')).status).toBe(201);
    expect((await attempt('ada', 'wrong', '192.0.2.99')).status).toBe(429);
    const replies = await Promise.all(times(12, () => attempt('ada', 'wrong', '198.51.100.7')));
    expect(statuses(replies)).toEqual([...times(10, () => 401), 429, 429]);
  });

  it('find an address familiar for ninety days', async () => {
    await attempt('ada', password, '198.51.100.7');
    const [row] = await server.database.query<{ days: number }>(
      `select extract(epoch from max(ends_at) - now())::float / 86400 as days from sign_in_attempts where attempts = 0`,
    );
    expect(row!.days).toBeCloseTo(90, 1);
    await server.database.query(`update sign_in_attempts set ends_at = now() where attempts = 0`);
    await Promise.all(times(10, (index) => attempt('ada', 'wrong', `192.0.2.${index + 1}`)));
    expect((await attempt('ada', password, '198.51.100.7')).status).toBe(429);
  });

  it('start anew after a success, and after a quarter of an hour', async () => {
    await Promise.all(times(9, () => attempt('ada', 'wrong')));
    expect((await attempt('ada', password)).status).toBe(201);
    await Promise.all(times(10, () => attempt('ada', 'wrong')));
    expect((await attempt('ada', password)).status).toBe(429);
    await server.database.query(`update sign_in_attempts set ends_at = now() - interval '1 second'`);
    expect((await attempt('ada', password)).status).toBe(201);
  });

  it('do not store what was typed', async () => {
    await attempt('my-secret-typed-as-name', 'wrong');
    const rows = await server.database.query<{ key: string }>(
      `select encode(key, 'escape') as key from sign_in_attempts`,
    );
    expect(rows).toHaveLength(2);
    expect(rows.some(({ key }) => key.includes('my-secret'))).toBe(false);
  });

  it('believe no forwarded address unless a proxy is named', async () => {
    const plain = await startTestServer({ DATABASE_URL: server.databaseUrl });
    await Promise.all(['192.0.2.7', '192.0.2.8'].map((address) => attempt(`of-${address}`, 'wrong', address, plain)));
    await plain.close();
    const [row] = await server.database.query<{ attempts: number }>(
      `select attempts from sign_in_attempts where key = sha256('address:127.0.0.1')`,
    );
    expect(row).toEqual({ attempts: 2 });
  });
});

describe('guesses of the current password inside a session', () => {
  const change = (cookie: string, current: string, next = 'another long one') =>
    server.request('PUT', '/api/v1/session/password', { current, password: next }, { cookie });

  it('are refused after ten wrong ones, the right one too, while a new sign-in may change it', async () => {
    const stolen = await account(server, 'bea', 'viewer');
    const replies = await Promise.all(times(12, () => change(stolen, 'wrong')));
    expect(statuses(replies)).toEqual([...times(10, () => 422), 429, 429]);
    const right = await change(stolen, password);
    expect([right.status, right.body.code]).toEqual([429, 'too-many-requests']);
    expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(880);
    expect((await change(await signIn(server, 'bea'), password)).status).toBe(204);
  });
});
