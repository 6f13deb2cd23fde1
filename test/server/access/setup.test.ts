import { afterEach, describe, expect, it } from 'vitest';
import { AccessService } from '../../../server/access/access.service.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

const servers: TestServer[] = [];
async function start(env: Record<string, string> = {}): Promise<TestServer> {
  const server = await startTestServer(env);
  servers.push(server);
  return server;
}
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const linkOf = (server: TestServer) => server.app.get(AccessService).setupLink();
const tokenOf = async (server: TestServer) => (await linkOf(server))!.split('#')[1]!;
const ada = { name: 'ada', displayName: 'Ada', password: 'correct horse battery' };
const setUp = (server: TestServer, token: string, input: object = ada) =>
  server.request('POST', '/api/v1/setup', { ...input, token }, { token: null });

describe('the setup link', () => {
  it('makes the first account, an admin, signs it in, and is used up', async () => {
    const server = await start();
    const token = await tokenOf(server);
    const made = await setUp(server, token);
    expect(made.status).toBe(201);
    expect(made.body.user).toEqual({ name: 'ada', displayName: 'Ada', role: 'admin', teams: [] });
    const cookie = made.headers.get('set-cookie')!.split(';')[0]!;
    const session = await server.request('GET', '/api/v1/session', undefined, { cookie });
    expect(session.body.user.name).toBe('ada');
    const again = await setUp(server, token, { ...ada, name: 'eve' });
    expect([again.status, again.body.code]).toEqual([410, 'already-set-up']);
    expect(await linkOf(server)).toBeNull();
    const users = await server.request('GET', '/api/v1/users');
    expect(users.body.items.map((user: { name: string }) => user.name)).toEqual(['ada']);
  });

  it('lets only one of two win who use it at once', async () => {
    const server = await start();
    const token = await tokenOf(server);
    const replies = await Promise.all(['ada', 'eve'].map((name) => setUp(server, token, { ...ada, name })));
    expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 410]);
    const users = await server.request('GET', '/api/v1/users');
    expect(users.body.items).toHaveLength(1);
  });

  it('is a new one after each start, and the former one does not hold', async () => {
    const server = await start();
    const former = await tokenOf(server);
    const present = await tokenOf(server);
    expect(present).not.toBe(former);
    const refused = await setUp(server, former);
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
    expect(refused.headers.get('set-cookie')).toBeNull();
    expect((await setUp(server, present)).status).toBe(201);
  });

  it('is not stored, only its hash is', async () => {
    const server = await start();
    const token = await tokenOf(server);
    const [row] = await server.database.query<{ found: boolean }>(
      `select position($1 in encode(token_hash, 'escape')) > 0 as found from setup_links`,
      [token],
    );
    expect(row).toEqual({ found: false });
  });

  it('answers 410 where there never was a link but there is an account', async () => {
    const server = await start();
    await server.request('PUT', '/api/v1/users/ada', { displayName: 'Ada', role: 'admin', password: ada.password });
    expect((await setUp(server, 'any')).status).toBe(410);
  });

  it('names the field that is bad', async () => {
    const server = await start();
    const faults: [string, object, unknown][] = [
      ['password', { password: 'short' }, 'must have at least 10 characters'],
      ['name', { name: 'a b' }, 'may hold letters, digits and . _ @ + -'],
      ['displayName', { displayName: '' }, 'must not be empty'],
      ['role', { role: 'admin' }, expect.stringContaining('"role" is not a known field')],
    ];
    for (const [path, change, message] of faults) {
      const reply = await setUp(server, 'x', { ...ada, ...change });
      expect(reply.status).toBe(422);
      expect(reply.body).toMatchObject({ code: 'invalid-input', issues: [{ path, message }] });
    }
  });
});
