import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account } from '../../support/accounts.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  for (const key of ['hr', 'net']) await put(`teams/${key}`, { name: key });
  for (const key of ['hq', 'dmz']) await put(`locations/${key}`, { name: key });
});
afterAll(() => server.close());

const call = (method: string, path: string, body?: unknown, cookie?: string) =>
  server.request(method, `/api/v1/${path}`, body, cookie === undefined ? {} : { cookie });
const put = (path: string, body: unknown) => call('PUT', path, body);
const get = (path: string) => call('GET', path);
const remove = (path: string) => call('DELETE', path);
const restore = (path: string) => call('POST', `${path}/restore`);
const tcp = { kind: 'tcp', locations: ['hq'], config: { host: 'db.internal', port: 5432 } };
const idOf = async (table: 'services' | 'probes', key: string) =>
  (
    await server.database.query<{ id: number }>(`select id from ${table} where key = $1 and deleted_at is null`, [key])
  )[0]?.id;

describe('a deletion that is taken back', () => {
  it('brings a service back with the probes that went with it, and those that rest on it', async () => {
    await put('services/core', { name: 'Core', owner: 'net' });
    await put('services/app', { name: 'App', owner: 'hr', dependsOn: ['core'] });
    await put('probes/core.old', tcp);
    await put('probes/core.port', tcp);
    await remove('probes/core.old');
    const before = (await get('services/core')).body;
    const ids = [await idOf('services', 'core'), await idOf('probes', 'port')];
    await remove('services/core');
    expect((await get('services/app')).body.dependsOn).toEqual([]);
    const back = await restore('services/core');
    expect([back.status, back.body]).toEqual([200, before]);
    expect(back.body.probes.map(({ key }: { key: string }) => key)).toEqual(['core.port']);
    expect((await get('services/app')).body.dependsOn).toEqual(['core']);
    expect([await idOf('services', 'core'), await idOf('probes', 'port')]).toEqual(ids);
    expect((await get('audit?subject=core')).body.items[0].action).toBe('service.restored');
  });

  it('brings a probe back under the address that it had', async () => {
    await put('services/jobs', { name: 'Jobs', owner: 'hr' });
    const { pushUrl } = (await put('probes/jobs.backup', { kind: 'heartbeat' })).body;
    await remove('probes/jobs.backup');
    expect((await restore('probes/jobs.backup')).body.pushUrl).toBe(pushUrl);
  });

  it('brings a team back with its members, and a location', async () => {
    await put('teams/ops', { name: 'Ops' });
    await account(server, 'olga', 'owner', ['ops']);
    await remove('teams/ops');
    expect((await get('users/olga')).body.teams).toEqual([]);
    expect((await restore('teams/ops')).body).toMatchObject({ key: 'ops', name: 'Ops' });
    expect((await get('users/olga')).body.teams).toEqual(['ops']);
    await remove('locations/dmz');
    expect((await restore('locations/dmz')).status).toBe(200);
  });

  it('is refused where the key is in use again, where nothing was deleted, and where something that it needs is gone', async () => {
    await put('services/twin', { name: 'Twin', owner: 'hr' });
    await remove('services/twin');
    await put('services/twin', { name: 'Another', owner: 'hr' });
    expect((await restore('services/twin')).body).toMatchObject({
      code: 'conflict',
      detail: 'There is a service "twin"',
    });
    expect((await restore('services/never')).body.code).toBe('not-found');
    await put('locations/lab', { name: 'Lab' });
    await put('services/lone', { name: 'Lone', owner: 'hr' });
    await put('probes/lone.port', { ...tcp, locations: ['lab'] });
    await remove('services/lone');
    await remove('locations/lab');
    const refused = await restore('services/lone');
    expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
    expect(refused.body.detail).toMatch(/^there is no location "lab"/);
    expect((await get('services/lone')).status).toBe(404);
  });

  it('is for those alone who might delete it', async () => {
    const cookie = await account(server, 'nils', 'owner', ['net']);
    await put('services/mine', { name: 'Mine', owner: 'hr' });
    await remove('services/mine');
    expect((await call('POST', 'services/mine/restore', {}, cookie)).status).toBe(403);
    expect((await get('services/mine')).status).toBe(404);
  });
});

describe('a write that says what it expects', () => {
  it('makes nothing over what exists, and changes nothing over what somebody else wrote', async () => {
    const team = { name: 'Payroll team' };
    const first = await put('teams/pay?expect=new', team);
    expect(first.status).toBe(201);
    expect((await put('teams/pay?expect=new', team)).body).toMatchObject({
      status: 409,
      code: 'changed-meanwhile',
      detail: 'There is already a team "pay"',
    });
    const expecting = `teams/pay?expect=${first.body.updatedAt}`;
    expect((await put(expecting, { name: 'Renamed' })).status).toBe(200);
    const late = await put(expecting, { name: 'Renamed too' });
    expect([late.status, late.body.detail]).toEqual([409, 'Somebody else changed the team "pay"']);
    expect((await get('teams/pay')).body.name).toBe('Renamed');
    await remove('teams/pay');
    expect((await put(expecting, team)).body.detail).toBe('The team "pay" is gone');
  });
});

describe('whether the caller may change a thing', () => {
  it('is told with it: an owner the own services, an admin all, nobody what the file manages', async () => {
    const cookie = await account(server, 'hanna', 'owner', ['hr']);
    await put('services/payslips', { name: 'Payslips', owner: 'hr' });
    await put('services/lan', { name: 'LAN', owner: 'net' });
    const seen = async (path: string) => (await call('GET', path, undefined, cookie)).body.mayChange;
    expect([await seen('services/payslips'), await seen('services/lan'), await seen('teams/hr')]).toEqual([
      true,
      false,
      false,
    ]);
    expect((await get('services/lan')).body.mayChange).toBe(true);
    expect((await call('GET', 'session', undefined, cookie)).body.mayChangeAll).toBe(false);
    const file = 'apiVersion: troth/v1\nteams: { filed: { name: Filed } }\n';
    expect((await server.request('POST', '/api/v1/config/apply?prune=false', file)).status).toBe(200);
    expect((await get('teams/filed')).body).toMatchObject({ managedBy: 'file', mayChange: false });
  });
});
