import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account } from '../../support/accounts.ts';
import { put } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  await put(server, 'teams/it', { name: 'IT' });
  await put(server, 'teams/hr', { name: 'HR' });
  await put(server, 'services/mail', { name: 'Mail', owner: 'it', tags: ['office'], tier: 2 });
  await put(server, 'services/payroll', { name: 'Payroll', owner: 'hr', tags: ['office', 'money'], tier: 1 });
  await put(server, 'services/core', { name: 'Core', owner: 'it', category: 'network', tier: 1 });
});
afterAll(() => server.close());

const call = (method: string, path: string, body?: unknown) => server.request(method, `/api/v1/boards${path}`, body);
const shownOn = async (key: string): Promise<string[]> =>
  (await call('GET', `/${key}/snapshot`)).body.services.map((service: { key: string }) => service.key).toSorted();
const trail = async (subject: string): Promise<string[]> =>
  (await server.request('GET', `/api/v1/audit?subjectKind=board&subject=${subject}`)).body.items.map(
    ({ action }: { action: string }) => action,
  );

describe('a board', () => {
  it('is made, read, changed and deleted, each on record, and the same again is nothing', async () => {
    const input = { name: 'NOC', selection: { tiers: [1] } };
    expect((await call('PUT', '/noc', input)).status).toBe(201);
    expect((await call('PUT', '/noc', input)).status).toBe(200);
    expect((await call('GET', '/noc')).body).toEqual({
      key: 'noc',
      name: 'NOC',
      selection: { teams: [], categories: [], tags: [], tiers: [1], services: [] },
      layout: {
        order: 'trouble-first',
        sparkline: true,
        rotation: { boards: [], seconds: 30 },
        sound: false,
        drift: true,
      },
      builtIn: false,
      updatedAt: expect.stringMatching(/Z$/),
    });
    expect((await call('PUT', '/noc', { ...input, name: 'Night' })).body.name).toBe('Night');
    const taken = await call('PUT', '/noc?expect=new', input);
    expect([taken.status, taken.body.code]).toEqual([409, 'changed-meanwhile']);
    expect((await call('DELETE', '/noc')).status).toBe(204);
    expect((await call('DELETE', '/noc')).status).toBe(404);
    expect((await call('GET', '/noc')).status).toBe(404);
    expect(await trail('noc')).toEqual(['board.deleted', 'board.changed', 'board.created']);
  });

  it.each([
    ['everything', {}, ['core', 'mail', 'payroll']],
    ['one list', { tags: ['office'] }, ['mail', 'payroll']],
    ['either entry of a list', { services: ['core', 'payroll'] }, ['core', 'payroll']],
    ['both of two lists', { teams: ['it'], tiers: [1] }, ['core']],
    ['a category', { categories: ['network', 'security'] }, ['core']],
    ['nothing that fits', { teams: ['hr'], categories: ['network'] }, []],
  ])('shows %s', async (what, selection, keys) => {
    const key = what.replaceAll(' ', '-');
    await put(server, `boards/${key}`, { name: what, selection });
    expect(await shownOn(key)).toEqual(keys);
  });

  it('names a fault at its field, and what may have been meant', async () => {
    const reply = await call('PUT', '/typo', {
      name: 'T',
      selection: { teams: ['it', 'hrr'], services: ['pay-roll'] },
      layout: { rotation: { boards: ['none'] } },
    });
    expect(reply.status).toBe(422);
    expect(reply.body.issues).toEqual([
      { path: 'selection.teams.1', message: 'there is no team "hrr"; did you mean "hr"?' },
      { path: 'selection.services.0', message: 'there is no service "pay-roll"; did you mean "payroll"?' },
      { path: 'layout.rotation.boards.0', message: expect.stringContaining('there is no board "none"') },
    ]);
  });

  it('of everything is always there, and cannot be changed or deleted', async () => {
    expect((await call('GET', '/all')).body).toMatchObject({ key: 'all', builtIn: true });
    expect(await shownOn('all')).toEqual(['core', 'mail', 'payroll']);
    expect((await call('PUT', '/all', { name: 'Mine' })).body.code).toBe('conflict');
    expect((await call('DELETE', '/all')).body.code).toBe('conflict');
  });

  it('may be changed by those who may change the catalog alone', async () => {
    for (const [role, status] of [
      ['viewer', 403],
      ['operator', 403],
      ['owner', 201],
    ] as const) {
      const cookie = await account(server, `the-${role}`, role);
      const reply = await server.request('PUT', `/api/v1/boards/of-${role}`, { name: role }, { cookie });
      expect(reply.status).toBe(status);
    }
  });
});

describe('the list of boards', () => {
  it('comes in pages, in the order of keys', async () => {
    for (const key of ['p-1', 'p-2', 'p-3']) await put(server, `boards/${key}`, { name: `Page ${key}` });
    const first = (await call('GET', '?text=page&limit=2')).body;
    expect(first.items.map(({ key }: { key: string }) => key)).toEqual(['p-1', 'p-2']);
    const second = (await call('GET', `?text=page&limit=2&cursor=${first.next}`)).body;
    expect(second.items.map(({ key }: { key: string }) => key)).toEqual(['p-3']);
    expect(second.next).toBeNull();
    expect((await call('GET', '?cursor=%20')).status).toBe(422);
  });
});
