import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account } from '../../support/accounts.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let owner: string;
let viewer: string;

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  const put = (path: string, body: unknown) => server.request('PUT', `/api/v1/${path}`, body);
  for (const team of ['net', 'hr']) await put(`teams/${team}`, { name: team });
  await put('locations/hq', { name: 'Head office' });
  for (const team of ['net', 'hr']) await put(`services/of-${team}`, { name: team, owner: team });
  owner = await account(server, 'nadia', 'owner', ['net']);
  viewer = await account(server, 'victor', 'viewer');
});
afterAll(() => server.close());

const as = (cookie: string, method: string, path: string, body?: unknown) =>
  server.request(method, `/api/v1/${path}`, body, { cookie });
const ping = { kind: 'icmp', locations: ['hq'], config: { host: 'lan.example' } };

describe('an owner', () => {
  it('makes, changes and deletes services of the own team and their probes', async () => {
    expect((await as(owner, 'PUT', 'services/lan', { name: 'LAN', owner: 'net' })).status).toBe(201);
    expect((await as(owner, 'PUT', 'services/lan', { name: 'The LAN', owner: 'net' })).status).toBe(200);
    expect((await as(owner, 'PUT', 'probes/lan.ping', ping)).status).toBe(201);
    expect((await as(owner, 'DELETE', 'probes/lan.ping')).status).toBe(204);
    expect((await as(owner, 'DELETE', 'services/lan')).status).toBe(204);
  });

  it.each([
    ['make a service of another team', 'PUT', 'services/new', { name: 'New', owner: 'hr' }],
    ['change a service of another team', 'PUT', 'services/of-hr', { name: 'Mine', owner: 'hr' }],
    ['take a service from another team', 'PUT', 'services/of-hr', { name: 'Mine', owner: 'net' }],
    ['give a service to another team', 'PUT', 'services/of-net', { name: 'Yours', owner: 'hr' }],
    ['put a probe into a service of another team', 'PUT', 'probes/of-hr.ping', ping],
    ['delete a service of another team', 'DELETE', 'services/of-hr', undefined],
    ['make a team', 'PUT', 'teams/new', { name: 'New' }],
    ['change the own team', 'PUT', 'teams/net', { name: 'New' }],
    ['make a location', 'PUT', 'locations/new', { name: 'New' }],
    ['delete a location', 'DELETE', 'locations/hq', undefined],
    ['apply a config file', 'POST', 'config/apply', 'apiVersion: troth/v1'],
  ])('may not %s', async (_what, method, path, body) => {
    const count = () => server.database.query('select count(*) from audit_trail');
    const before = await count();
    expect((await as(owner, method, path, body)).status).toBe(403);
    expect(await count()).toEqual(before);
  });
});

describe('a viewer', () => {
  it('sees the catalog and changes nothing', async () => {
    for (const path of ['teams', 'locations', 'services/of-hr', 'probes', 'probe-kinds', 'config/schema']) {
      expect((await as(viewer, 'GET', path)).status).toBe(200);
    }
    expect((await as(viewer, 'PUT', 'services/of-hr', { name: 'Mine', owner: 'hr' })).status).toBe(403);
    expect((await as(viewer, 'GET', 'config')).status).toBe(403);
  });
});

describe('without sign-in', () => {
  it('nothing of the catalog is seen', async () => {
    for (const path of ['teams', 'locations', 'services', 'probes', 'probe-kinds', 'config', 'config/schema']) {
      expect((await server.request('GET', `/api/v1/${path}`, undefined, { token: null })).status).toBe(401);
    }
  });
});
