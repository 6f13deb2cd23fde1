import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account, makeAccount, password, signIn } from '../../support/accounts.ts';
import { startTestServer, type Reply, type TestServer } from '../../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.database.query(
    `insert into teams (key, name) values ('hr-it', 'HR IT'), ('core', 'Core'), ('hr', 'HR')`,
  );
});
afterAll(() => server.close());

const put = (name: string, input: object): Promise<Reply> => server.request('PUT', `/api/v1/users/${name}`, input);
const isSignedIn = async (cookie: string) =>
  (await server.request('GET', '/api/v1/session', undefined, { cookie })).status === 200;
const auditOf = async (name: string): Promise<{ action: string; detail: unknown }[]> =>
  (await server.request('GET', `/api/v1/audit?subjectKind=user&subject=${name}`)).body.items;

describe('an account', () => {
  it('is made with a password and never shows it', async () => {
    const made = await put('anna', { displayName: 'Anna', role: 'owner', teams: ['hr-it', 'core'], password });
    expect(made.status).toBe(200);
    expect(made.body).toEqual({
      name: 'anna',
      displayName: 'Anna',
      role: 'owner',
      teams: ['core', 'hr-it'],
      disabled: false,
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      updatedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect((await server.request('GET', '/api/v1/users/ANNA')).body).toEqual(made.body);
    expect(await auditOf('anna')).toMatchObject([{ action: 'user.created', detail: { role: 'owner' } }]);
  });

  it('needs a password when it is new', async () => {
    const reply = await put('bert', { displayName: 'Bert', role: 'viewer' });
    expect([reply.status, reply.body.issues]).toEqual([
      422,
      [{ path: 'password', message: 'is needed for a new account' }],
    ]);
  });

  it('is not made over one that exists, nor changed over what somebody else wrote, where the writer says what is expected', async () => {
    const input = { displayName: 'Dora', role: 'viewer', password };
    const expecting = (what: string, displayName: string) => put(`dora?expect=${what}`, { ...input, displayName });
    const made = (await expecting('new', 'Dora')).body;
    const again = await expecting('new', 'Impostor');
    expect([again.status, again.body.code, again.body.detail]).toEqual([
      409,
      'changed-meanwhile',
      'There is already a user "dora"',
    ]);
    expect((await expecting(made.updatedAt, 'Dora B.')).status).toBe(200);
    const late = await expecting(made.updatedAt, 'Dora C.');
    expect([late.status, late.body.detail]).toEqual([409, 'Somebody else changed the user "dora"']);
  });

  it('changes nothing when it is put twice', async () => {
    const input = { displayName: 'Carl', role: 'owner', teams: ['hr', 'core'], password };
    const first = await put('carl', input);
    const cookie = await signIn(server, 'carl');
    const second = await put('carl', input);
    expect(second.body).toEqual(first.body);
    expect(await isSignedIn(cookie)).toBe(true);
    const changes = (await auditOf('carl')).filter(({ action }) => action.startsWith('user.'));
    expect(changes.map(({ action }) => action)).toEqual(['user.created']);
  });

  it.each([
    ['a new password', { password: 'another long one' }, false],
    ['another role', { role: 'operator' }, false],
    ['being disabled', { disabled: true }, false],
    ['another name to display', { displayName: 'Other' }, true],
    ['another team', { teams: ['hr'] }, true],
  ])('with %s keeps its sessions: %#', async (_what, change, keeps) => {
    const name = `dana-${Object.keys(change)[0]!.toLowerCase()}`;
    const cookie = await account(server, name, 'viewer');
    const reply = await put(name, { displayName: name, role: 'viewer', ...change });
    expect(reply.status).toBe(200);
    expect(await isSignedIn(cookie)).toBe(keeps);
  });

  it('records what was changed, never the password', async () => {
    await makeAccount(server, 'elsa', 'viewer');
    await put('elsa', { displayName: 'Elsa', role: 'viewer', password: 'a password of her own' });
    const entries = await auditOf('elsa');
    expect(entries[0]).toMatchObject({
      action: 'user.changed',
      detail: { displayName: 'Elsa', passwordChanged: true },
    });
    expect(JSON.stringify(entries)).not.toContain('of her own');
  });

  it('is gone with its sessions once it is deleted', async () => {
    const cookie = await account(server, 'fred', 'viewer');
    expect((await server.request('DELETE', '/api/v1/users/fred')).status).toBe(204);
    expect(await isSignedIn(cookie)).toBe(false);
    expect((await server.request('GET', '/api/v1/users/fred')).status).toBe(404);
    expect((await server.request('DELETE', '/api/v1/users/fred')).status).toBe(404);
  });

  it.each([
    ['role', { role: 'king' }],
    ['displayName', { displayName: 7 }],
    ['password', { password: 'short' }],
    ['teams.1', { teams: ['hr', 'Not A Key'] }],
    ['teams.1', { teams: ['hr', 'no-such-team'] }],
    ['admin', { admin: true }],
  ])('is refused naming the field %s: %j', async (path, change) => {
    const reply = await put('gert', { displayName: 'Gert', role: 'viewer', password, ...change });
    expect([reply.status, reply.body.code, reply.body.issues[0].path]).toEqual([422, 'invalid-input', path]);
    expect((await server.request('GET', '/api/v1/users/gert')).status).toBe(404);
  });

  it('is refused with a bad name in the address', async () => {
    const reply = await put('a%20b', { displayName: 'A', role: 'viewer', password });
    expect([reply.status, reply.body.issues[0].path]).toEqual([422, 'name']);
  });

  it('is listed by name, page by page', async () => {
    const first = await server.request('GET', '/api/v1/users?limit=2');
    const rest = await server.request('GET', `/api/v1/users?limit=1000&cursor=${first.body.next}`);
    const names = [...first.body.items, ...rest.body.items].map((user: { name: string }) => user.name);
    expect(names).toEqual(names.toSorted());
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('anna');
    expect(rest.body.next).toBeNull();
  });
});

describe('the last enabled admin', () => {
  let alone: TestServer;
  beforeAll(async () => {
    alone = await startTestServer();
    await makeAccount(alone, 'root', 'admin');
    await alone.request('PUT', '/api/v1/users/off', { displayName: 'off', role: 'admin', disabled: true, password });
  });
  afterAll(() => alone.close());

  it.each([
    ['demoted', 'PUT', { displayName: 'root', role: 'owner' }],
    ['disabled', 'PUT', { displayName: 'root', role: 'admin', disabled: true }],
    ['removed', 'DELETE', undefined],
  ])('cannot be %s', async (_what, method, body) => {
    const reply = await alone.request(method, '/api/v1/users/root', body);
    expect([reply.status, reply.body.code]).toEqual([409, 'conflict']);
    expect((await alone.request('GET', '/api/v1/users/root')).body).toMatchObject({ role: 'admin', disabled: false });
  });

  it('remains when two admins demote each other at once', async () => {
    await makeAccount(alone, 'second', 'admin');
    const demote = (name: string) =>
      alone.request('PUT', `/api/v1/users/${name}`, { displayName: name, role: 'viewer' });
    const replies = await Promise.all([demote('root'), demote('second')]);
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  });
});
