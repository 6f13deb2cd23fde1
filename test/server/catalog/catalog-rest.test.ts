import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { httpProbe } from '../../../probes/kinds/http.probe.ts';
import { EventBus } from '../../../server/platform/events.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let events: { serviceIds: readonly number[]; locationsChanged: boolean }[];

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  server.app.get(EventBus).on('catalog.changed', (event) => void events.push(event));
  events = [];
  await put('teams/hr-it', { name: 'HR IT' });
  await put('locations/hq', { name: 'Head office' });
});
afterAll(() => server.close());
beforeEach(() => {
  events = [];
});

const put = (path: string, body: unknown) => server.request('PUT', `/api/v1/${path}`, body);
const get = (path: string) => server.request('GET', `/api/v1/${path}`);
const remove = (path: string) => server.request('DELETE', `/api/v1/${path}`);
const auditCount = async () => {
  const [row] = await server.database.query<{ count: number }>('select count(*) from audit_trail');
  return row!.count;
};
const service = { name: 'Payroll', owner: 'hr-it' };
const http = { kind: 'http', locations: ['hq'], config: { url: 'https://payroll.internal/login' } };

describe('a PUT', () => {
  it('creates with 201 and what was left out filled in', async () => {
    const reply = await put('services/payroll', { ...service, tags: ['hr'] });
    expect(reply.status).toBe(201);
    expect(reply.body).toEqual({
      key: 'payroll',
      name: 'Payroll',
      description: '',
      category: 'application',
      owner: 'hr-it',
      tier: 3,
      tags: ['hr'],
      paused: false,
      atLeast: null,
      dependsOn: [],
      dependents: [],
      managedBy: null,
      mayChange: true,
      probes: [],
      createdAt: expect.stringMatching(/Z$/),
      updatedAt: expect.stringMatching(/Z$/),
    });
  });

  it('stores the parsed config of a probe and takes interval and timeout from its kind', async () => {
    await put('services/web', { name: 'Web', owner: 'hr-it' });
    const reply = await put('probes/web.home', http);
    expect(reply.status).toBe(201);
    expect(reply.body).toMatchObject({
      key: 'web.home',
      service: 'web',
      kind: 'http',
      target: expect.stringContaining('payroll.internal'),
      everyMs: httpProbe.defaults.everyMs,
      timeoutMs: httpProbe.defaults.timeoutMs,
      locations: ['hq'],
      role: 'critical',
      confirm: { failures: 2, recheckAfterMs: 5_000, successes: 1 },
      config: { url: 'https://payroll.internal/login', method: 'GET', redirects: { follow: 5 } },
    });
    expect((await get('services/web')).body.probes).toEqual([reply.body]);
  });

  it('changes nothing when it says the same again: no time, no audit entry, no event', async () => {
    await put('services/twice', { ...service, dependsOn: [] });
    await put('probes/twice.login', http);
    const before = await server.database.query(
      'select updated_at from services union all select updated_at from probes',
    );
    const audited = await auditCount();
    events = [];

    expect((await put('services/twice', { ...service, dependsOn: [] })).status).toBe(200);
    expect((await put('probes/twice.login', { ...http, every: '30s' })).status).toBe(200);
    expect((await put('teams/hr-it', { name: 'HR IT' })).status).toBe(200);
    expect((await put('locations/hq', { name: 'Head office', description: '' })).status).toBe(200);

    expect(
      await server.database.query('select updated_at from services union all select updated_at from probes'),
    ).toEqual(before);
    expect(await auditCount()).toBe(audited);
    expect(events).toEqual([]);
  });

  it('records what changed and publishes the service it concerns', async () => {
    await put('services/audited', service);
    await put('services/audited', { ...service, tier: 1 });
    const { body } = await get('audit?subject=audited');
    expect(body.items.map(({ action, detail }: { action: string; detail: unknown }) => [action, detail])).toEqual([
      ['service.changed', { fields: [{ path: 'tier', from: 3, to: 1 }] }],
      ['service.created', expect.objectContaining({ name: 'Payroll', tier: 3 })],
    ]);
    const [{ id } = { id: 0 }] = await server.database.query<{ id: number }>(
      `select id from services where key = 'audited'`,
    );
    expect(events).toEqual([
      { serviceIds: [id], locationsChanged: false },
      { serviceIds: [id], locationsChanged: false },
    ]);
  });

  it('keeps the offset of a probe until its interval changes', async () => {
    await put('services/offset', service);
    await put('probes/offset.login', http);
    const offset = () =>
      server.database.query(
        `select p.offset_ms, p.id from probes p join services s on s.id = p.service_id where s.key = 'offset'`,
      );
    const [first] = (await offset()) as { offset_ms: number; id: number }[];
    expect(first!.offset_ms).toBe(Math.floor(((first!.id * 0.6180339887498949) % 1) * 30_000));
    await put('probes/offset.login', { ...http, timeout: '2s' });
    expect(await offset()).toEqual([first]);
    await put('probes/offset.login', { ...http, every: '1m' });
    const [later] = (await offset()) as { offset_ms: number }[];
    expect(later!.offset_ms).toBe(Math.floor(((first!.id * 0.6180339887498949) % 1) * 60_000));
  });

  it('sets dependencies to what it says, seen from both ends', async () => {
    await put('services/core', service);
    await put('services/edge', service);
    await put('services/app', { ...service, dependsOn: ['edge', 'core'] });
    expect((await get('services/app')).body.dependsOn).toEqual(['core', 'edge']);
    expect((await get('services/core')).body.dependents).toEqual(['app']);
    await put('services/app', { ...service, dependsOn: ['core'] });
    expect((await get('services/edge')).body.dependents).toEqual([]);
    expect((await put('services/app', { ...service, dependsOn: ['core'] })).status).toBe(200);
  });
});

describe('a PUT is refused', () => {
  const issuesOf = async (path: string, body: unknown) => {
    const reply = await put(path, body);
    expect(reply.status).toBe(422);
    return reply.body.issues as { path: string; message: string }[];
  };
  const badProbe = (change: object) => issuesOf('probes/payroll.bad', { ...http, ...change });

  it.each([
    ['a team that does not exist', { owner: 'hr-ti' }, 'owner', 'there is no team "hr-ti"; did you mean "hr-it"?'],
    [
      'a service that does not exist',
      { dependsOn: ['core', 'edg'] },
      'dependsOn.1',
      'there is no service "edg"; did you mean "edge"?',
    ],
    ['an unknown field', { ownr: 'x' }, 'ownr', '"ownr" is not a known field; did you mean "owner"?'],
    ['a wrong type', { tier: 'one' }, 'tier', 'must be a whole number from 1 to 4, not text'],
    [
      'a wrong word',
      { category: 'aplication' },
      'category',
      'must be one of "network", "application", "security", "support" or "process", not "aplication"; did you mean "application"?',
    ],
    ['a tag that is named twice', { tags: ['a', 'a'] }, 'tags.1', 'names "a" twice'],
    ['a zero character', { name: 'a\0b' }, 'name', 'must not hold a zero character or half a surrogate pair'],
  ])('with %s', async (_what, change, path, message) => {
    expect(await issuesOf('services/payroll', { ...service, ...change })).toEqual([{ path, message }]);
  });

  it.each([
    ['an unknown kind', { kind: 'htpp' }, 'kind', 'there is no probe kind "htpp"; did you mean "http"?'],
    [
      'an unknown field of the kind',
      { config: { urls: 'https://x.example' } },
      'config.urls',
      '"urls" is not a known field; did you mean "url"?',
    ],
    [
      'an unknown field deep in the config',
      { config: { ...http.config, expect: { statuss: [] } } },
      'config.expect.statuss',
      '"statuss" is not a known field; did you mean "status"?',
    ],
    [
      'a fault in the config',
      { config: { url: 'file:///etc/passwd' } },
      'config.url',
      'has to begin with http:// or https://',
    ],
    ['no location', { locations: [] }, 'locations', 'must name at least one location to run at'],
    [
      'a location that does not exist',
      { locations: ['qh'] },
      'locations.0',
      'there is no location "qh"; did you mean "hq"?',
    ],
    ['a quorum beyond its locations', { quorum: 2 }, 'quorum', 'must not be greater than the number of locations, 1'],
    [
      'a timeout beyond its interval',
      { every: '1s', timeout: '2s' },
      'timeout',
      'must not be longer than the interval',
    ],
    [
      'a duration without a unit',
      { every: '30' },
      'every',
      'must be a duration from 1s to 1d: a whole number with its unit, such as 500ms, 30s, 5m, 2h or 5d',
    ],
    [
      'a duration of another type',
      { every: true },
      'every',
      'must be a duration from 1s to 1d: a whole number with its unit, such as 500ms, 30s, 5m, 2h or 5d',
    ],
    [
      'a push kind at a location',
      { kind: 'heartbeat', config: {} },
      'locations',
      'a heartbeat probe waits for a call and runs at no location',
    ],
  ])('with %s', async (_what, change, path, message) => {
    expect(await badProbe(change)).toContainEqual({ path, message });
  });

  it('with every fault at once', async () => {
    const issues = await badProbe({ role: 'main', locations: [], config: { url: 'x', methd: 'GET' } });
    expect(issues.map(({ path }) => path).sort()).toEqual(['config.methd', 'config.url', 'locations', 'role']);
  });

  it('with a circle of dependencies, naming it', async () => {
    await put('services/a', service);
    await put('services/b', { ...service, dependsOn: ['a'] });
    await put('services/c', { ...service, dependsOn: ['b'] });
    expect(await issuesOf('services/a', { ...service, dependsOn: ['c'] })).toEqual([
      { path: 'dependsOn.0', message: 'makes services depend on each other in a circle: a -> c -> b -> a' },
    ]);
    expect(await issuesOf('services/a', { ...service, dependsOn: ['a'] })).toEqual([
      { path: 'dependsOn.0', message: '"a" depends on itself' },
    ]);
  });

  it('for a probe of no service', async () => {
    const reply = await put('probes/payrol.login', http);
    expect([reply.status, reply.body.detail]).toEqual([404, 'There is no service "payrol"; did you mean "payroll"?']);
  });

  it('for a key that is none', async () => {
    expect((await put('services/Pay%20roll', service)).status).toBe(422);
    expect((await put('probes/payroll', http)).body.issues[0].message).toContain('payroll.login');
    expect((await put('probes/payroll.Log_in', http)).status).toBe(422);
  });

  it('when two at once would make a circle together: one of them', async () => {
    await put('services/left', service);
    await put('services/right', service);
    const replies = await Promise.all([
      put('services/left', { ...service, dependsOn: ['right'] }),
      put('services/right', { ...service, dependsOn: ['left'] }),
    ]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 422]);
  });
});

describe('a DELETE', () => {
  it('takes a service with its probes out of sight, keeps the rows and frees the keys', async () => {
    await put('services/old', service);
    await put('probes/old.login', http);
    await put('services/rests', { ...service, dependsOn: ['old'] });
    events = [];
    expect((await remove('services/old')).status).toBe(204);
    expect((await get('services/old')).status).toBe(404);
    expect((await get('probes/old.login')).status).toBe(404);
    expect((await get('services/rests')).body.dependsOn).toEqual([]);
    const rows = await server.database.query<{ key: string; id: number }>(
      `select key, id from services where key in ('old', 'rests') order by key`,
    );
    expect(events).toEqual([{ serviceIds: rows.map(({ id }) => id), locationsChanged: false }]);
    expect((await put('services/old', service)).status).toBe(201);
    expect((await get('services/old')).body).toMatchObject({ probes: [], dependents: [] });
    const kept = await server.database.query(
      `select deleted_at is null as alive from services where key = 'old' order by id`,
    );
    expect(kept).toEqual([{ alive: false }, { alive: true }]);
  });

  it('takes a probe away and frees its key', async () => {
    await put('services/parts', service);
    await put('probes/parts.login', http);
    expect((await remove('probes/parts.login')).status).toBe(204);
    expect((await put('probes/parts.login', http)).status).toBe(201);
  });

  it('of a team or a location in use is refused, naming what uses it', async () => {
    await put('teams/busy', { name: 'Busy' });
    await put('locations/dmz', { name: 'DMZ' });
    await put('services/kept', { ...service, owner: 'busy' });
    await put('probes/kept.login', { ...http, locations: ['dmz'] });
    const team = await remove('teams/busy');
    expect([team.status, team.body.code]).toEqual([409, 'in-use']);
    expect(team.body.detail).toBe('cannot be deleted: team "busy" provides kept');
    const location = await remove('locations/dmz');
    expect(location.body.detail).toBe('cannot be deleted: location "dmz" is used by kept.login');
    await remove('services/kept');
    expect((await remove('teams/busy')).status).toBe(204);
    expect((await remove('locations/dmz')).status).toBe(204);
    expect((await put('teams/busy', { name: 'Again' })).status).toBe(201);
  });

  it('of what does not exist is told', async () => {
    const reply = await remove('services/payrol');
    expect([reply.status, reply.body.detail]).toEqual([404, 'There is no service "payrol"; did you mean "payroll"?']);
  });
});

describe('a list', () => {
  it('comes in pages by cursor', async () => {
    const all: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await get(`services?limit=3${cursor ? `&cursor=${cursor}` : ''}`);
      expect(body.items.length).toBeLessThanOrEqual(3);
      all.push(...body.items.map(({ key }: { key: string }) => key));
      cursor = body.next;
    }
    const rows = await server.database.query<{ key: string }>(`select key from services where deleted_at is null`);
    expect(all).toEqual(rows.map(({ key }) => key).sort());
    const probes = await get('probes?limit=1');
    const next = await get(`probes?limit=1&cursor=${probes.body.next}`);
    expect(next.body.items[0].key > probes.body.items[0].key).toBe(true);
    expect((await get('services?cursor=JSc')).status).toBe(422);
  });

  it('filters services by team, category, tag and text', async () => {
    await put('teams/net', { name: 'Network' });
    await put('services/lan', { name: 'The 100% LAN', owner: 'net', category: 'network', tags: ['core'] });
    const keys = async (query: string) =>
      (await get(`services?${query}`)).body.items.map(({ key }: { key: string }) => key);
    expect(await keys('team=net')).toEqual(['lan']);
    expect(await keys('category=network')).toEqual(['lan']);
    expect(await keys('tag=core')).toEqual(['lan']);
    expect(await keys('text=100%25%20lan')).toEqual(['lan']);
    expect(await keys('text=1_0')).toEqual([]);
  });

  it('filters probes by service, kind and location', async () => {
    await put('services/filtered', service);
    await put('locations/lab', { name: 'Lab' });
    await put('probes/filtered.beat', { kind: 'heartbeat' });
    await put('probes/filtered.port', { kind: 'tcp', locations: ['lab'], config: { host: 'x.example', port: 1 } });
    const keys = async (query: string) =>
      (await get(`probes?${query}`)).body.items.map(({ key }: { key: string }) => key);
    expect(await keys('service=filtered')).toEqual(['filtered.beat', 'filtered.port']);
    expect(await keys('kind=heartbeat')).toEqual(['filtered.beat']);
    expect(await keys('location=lab')).toEqual(['filtered.port']);
  });

  it('of probe kinds has their JSON Schemas', async () => {
    const { body } = await get('probe-kinds');
    const heartbeat = body.find(({ kind }: { kind: string }) => kind === 'heartbeat');
    expect(heartbeat).toMatchObject({ mode: 'push', schema: { properties: { grace: expect.any(Object) } } });
  });
});

describe('the config of a heartbeat', () => {
  it('is shown as it is written', async () => {
    await put('services/jobs', service);
    const { body } = await put('probes/jobs.backup', { kind: 'heartbeat', every: '1d', config: { grace: '2h' } });
    expect(body).toMatchObject({ everyMs: 86_400_000, locations: [], config: { grace: '2h' } });
    expect((await put('probes/jobs.backup', { kind: 'heartbeat', every: '1d', config: body.config })).status).toBe(200);
  });
});
