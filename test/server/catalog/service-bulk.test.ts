import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { account } from '../../support/accounts.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let owner: string;
const keys = ['lan', 'wan', 'payroll'];

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  for (const team of ['net', 'hr']) await put(`teams/${team}`, { name: team });
  const file = `apiVersion: troth/v1
teams: { cio: { name: CIO } }
services:
  portal: { name: Portal, owner: cio }`;
  await server.request('POST', '/api/v1/config/apply', file);
  owner = await account(server, 'nadia', 'owner', ['net']);
});
afterAll(() => server.close());
beforeEach(async () => {
  for (const key of keys)
    await put(`services/${key}`, { name: key, owner: key === 'payroll' ? 'hr' : 'net', tags: ['prod'] });
});

const put = (path: string, body: unknown) => server.request('PUT', `/api/v1/${path}`, body);
const bulk = (body: unknown, cookie?: string) =>
  server.request('POST', '/api/v1/services/bulk', body, cookie === undefined ? {} : { cookie });
const service = async (key: string) => (await server.request('GET', `/api/v1/services/${key}`)).body;
const audited = () =>
  server.database.query<{ action: string; subject: string; detail: unknown }>(
    `select action, subject, detail from audit_trail order by id`,
  );

describe('one change of many services', () => {
  it('pauses and resumes them, and answers which are different now', async () => {
    await put('services/wan', { name: 'wan', owner: 'net', tags: ['prod'], paused: true });
    const paused = await bulk({ keys, change: { type: 'pause' } });
    expect([paused.status, paused.body]).toEqual([200, { changed: ['lan', 'payroll'] }]);
    expect((await Promise.all(keys.map(service))).map((one) => one.paused)).toEqual([true, true, true]);
    expect((await bulk({ keys: ['lan'], change: { type: 'resume' } })).body).toEqual({ changed: ['lan'] });
    expect((await service('lan')).paused).toBe(false);
  });

  it('adds and removes a tag, and leaves everything else as it was', async () => {
    const before = await service('lan');
    expect((await bulk({ keys, change: { type: 'add-tag', tag: ' core ' } })).body).toEqual({ changed: keys });
    expect(await service('lan')).toEqual({ ...before, tags: ['prod', 'core'], updatedAt: expect.any(String) });
    expect((await bulk({ keys, change: { type: 'add-tag', tag: 'core' } })).body).toEqual({ changed: [] });
    expect((await bulk({ keys, change: { type: 'remove-tag', tag: 'core' } })).body).toEqual({ changed: keys });
    expect(await service('lan')).toEqual({ ...before, updatedAt: expect.any(String) });
  });

  it('is in the audit trail once for each service that changed', async () => {
    const before = (await audited()).length;
    await bulk({ keys: ['lan', 'wan'], change: { type: 'pause' } });
    expect((await audited()).slice(before)).toEqual(
      ['lan', 'wan'].map((subject) => ({
        action: 'service.changed',
        subject,
        detail: { fields: [{ path: 'paused', from: false, to: true }] },
      })),
    );
  });

  it('takes a handful of statements, however many the services', async () => {
    await server.database.query(
      `insert into services (key, name, description, category, owner_id, tier, tags, paused)
       select 'many-' || n, 'Many', '', 'network', (select id from teams where key = 'net'), 3, '{}', false
       from generate_series(1, 300) as n`,
    );
    const many = Array.from({ length: 300 }, (_, index) => `many-${index + 1}`);
    const statements = vi.spyOn(server.database, 'query');
    const reply = await bulk({ keys: many, change: { type: 'add-tag', tag: 'x' } });
    expect(reply.body.changed).toHaveLength(300);
    expect(statements.mock.calls.length).toBeGreaterThan(5);
    expect(statements.mock.calls.length).toBeLessThan(60);
    statements.mockRestore();
  });
});

describe('one change of many services is refused as a whole', () => {
  const issuesOf = (reply: { body: { issues: { path: string }[] } }) => reply.body.issues.map(({ path }) => path);

  it('where the config file manages one, which is named', async () => {
    const reply = await bulk({ keys: ['lan', 'portal'], change: { type: 'pause' } });
    expect([reply.status, reply.body.code, issuesOf(reply)]).toEqual([409, 'managed-by-file', ['keys.1']]);
    expect(reply.body.detail).toContain('portal');
    expect((await service('lan')).paused).toBe(false);
  });

  it('where one is of a team that is not the own', async () => {
    const reply = await bulk({ keys: ['lan', 'payroll', 'wan'], change: { type: 'pause' } }, owner);
    expect([reply.status, reply.body.code, issuesOf(reply)]).toEqual([403, 'forbidden', ['keys.1']]);
    expect((await service('lan')).paused).toBe(false);
    expect((await bulk({ keys: ['lan', 'wan'], change: { type: 'pause' } }, owner)).body.changed).toEqual([
      'lan',
      'wan',
    ]);
  });

  it('where one does not exist', async () => {
    const reply = await bulk({ keys: ['gone', 'lan'], change: { type: 'pause' } });
    expect([reply.status, issuesOf(reply)]).toEqual([422, ['keys.0']]);
    expect((await service('lan')).paused).toBe(false);
  });

  it('where one can take no further tag', async () => {
    await put('services/wan', {
      name: 'wan',
      owner: 'net',
      tags: Array.from({ length: 50 }, (_, index) => `t${index}`),
    });
    const reply = await bulk({ keys: ['lan', 'wan'], change: { type: 'add-tag', tag: 'one more' } });
    expect([reply.status, issuesOf(reply)]).toEqual([422, ['keys.1']]);
    expect((await service('lan')).tags).toEqual(['prod']);
  });

  it.each([
    ['no service', { keys: [], change: { type: 'pause' } }, 'keys'],
    ['one twice', { keys: ['lan', 'lan'], change: { type: 'pause' } }, 'keys.1'],
    ['an empty tag', { keys: ['lan'], change: { type: 'add-tag', tag: '  ' } }, 'change.tag'],
    ['an unknown change', { keys: ['lan'], change: { type: 'delete' } }, 'change.type'],
  ])('where it names %s', async (_what, body, path) => {
    const reply = await bulk(body);
    expect([reply.status, issuesOf(reply)]).toEqual([422, [path]]);
  });

  it('for those who may only look', async () => {
    const viewer = await account(server, 'victor', 'viewer');
    expect((await bulk({ keys: ['lan'], change: { type: 'pause' } }, viewer)).status).toBe(403);
  });
});
