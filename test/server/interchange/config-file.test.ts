import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EventBus } from '../../../server/platform/events.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let failing: Error | undefined;
let published = 0;

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api', LOG_LEVEL: 'silent' });
  server.app.get(EventBus).on('catalog.changed', () => {
    published += 1;
    if (failing) throw failing;
  });
});
afterAll(() => server.close());
beforeEach(async () => {
  failing = undefined;
  await server.database.query(
    'delete from probe_locations; delete from series; delete from probes; delete from service_dependencies; delete from services; delete from locations; delete from teams',
  );
});

const plan = (text: string, query = '') => server.request('POST', `/api/v1/config/plan${query}`, text);
const apply = (text: string, query = '') => server.request('POST', `/api/v1/config/apply${query}`, text);
const put = (path: string, body: unknown) => server.request('PUT', `/api/v1/${path}`, body);
const get = async (path: string) => (await server.request('GET', `/api/v1/${path}`)).body;
const rows = async () => ({
  teams: await server.database.query('select * from teams order by id'),
  locations: await server.database.query('select * from locations order by id'),
  services: await server.database.query('select * from services order by id'),
  dependencies: await server.database.query('select * from service_dependencies order by 1, 2'),
  probes: await server.database.query('select * from probes order by id'),
  places: await server.database.query('select * from probe_locations order by 1, 2'),
  audited: await server.database.query('select max(id) from audit_trail'),
});

const file = `apiVersion: troth/v1
teams:
  hr-it: { name: HR IT, email: hr-it@example.org }
locations:
  hq: { name: Head office }
  dmz: { name: DMZ }
services:
  payroll:
    name: Payroll
    owner: hr-it
    tier: 1
    dependsOn: [core-network]
    probes:
      login:
        kind: http
        every: 30s
        timeout: 5s
        locations: [hq, dmz]
        confirm: { failures: 2, recheckAfter: 5s, successes: 1 }
        degradedAbove: 1500ms
        config: { url: "https://payroll.internal/login", expect: { status: ["2xx"], body: { contains: "Sign in" } } }
  core-network: { name: Core network, category: network, owner: hr-it, probes: { beat: { kind: heartbeat } } }
`;
const without = (pattern: RegExp) => file.replace(pattern, '');

describe('plan and apply', () => {
  it('show what would change, then make it so, then have nothing more to do', async () => {
    const creations = [
      ['create', 'team', 'hr-it'],
      ['create', 'location', 'hq'],
      ['create', 'location', 'dmz'],
      ['create', 'service', 'payroll'],
      ['create', 'service', 'core-network'],
      ['create', 'probe', 'payroll.login'],
      ['create', 'probe', 'core-network.beat'],
    ];
    const brief = (changes: { action: string; kind: string; key: string }[]) =>
      changes.map(({ action, kind, key }) => [action, kind, key]);
    const planned = await plan(file);
    expect([planned.status, planned.body.applied, brief(planned.body.changes)]).toEqual([200, false, creations]);
    expect((await get('services')).items).toEqual([]);

    const applied = await apply(file);
    expect([applied.body.applied, brief(applied.body.changes)]).toEqual([true, creations]);
    expect(await get('services/payroll')).toMatchObject({
      tier: 1,
      owner: 'hr-it',
      dependsOn: ['core-network'],
      managedBy: 'file',
    });
    expect(await get('probes/payroll.login')).toMatchObject({
      locations: ['dmz', 'hq'],
      degradedAboveMs: 1_500,
      managedBy: 'file',
    });

    const before = await rows();
    expect((await plan(file)).body).toEqual({ changes: [], applied: false });
    expect((await apply(file)).body).toEqual({ changes: [], applied: true });
    expect(await rows()).toEqual(before);
  });

  it('tell field by field what is different', async () => {
    await apply(file);
    const changed = file
      .replace('tier: 1', 'tier: 2')
      .replace('every: 30s', 'every: 1m')
      .replace('["2xx"]', '["200"]')
      .replace(', dmz]', ']');
    const { body } = await apply(changed);
    expect(body.changes).toEqual([
      { action: 'update', kind: 'service', key: 'payroll', fields: [{ path: 'tier', from: 1, to: 2 }] },
      {
        action: 'update',
        kind: 'probe',
        key: 'payroll.login',
        fields: [
          { path: 'every', from: '30s', to: '1m' },
          { path: 'locations', from: ['dmz', 'hq'], to: ['hq'] },
          { path: 'config.expect.status', from: ['2xx'], to: ['200'] },
        ],
      },
    ]);
    expect((await plan(changed)).body.changes).toEqual([]);
  });

  it('delete what the file made once and names no more, unless told not to', async () => {
    await apply(file);
    const less = without(/ {2}core-network: .*\n/)
      .replace('    dependsOn: [core-network]\n', '')
      .replace('  dmz: { name: DMZ }\n', '')
      .replace('[hq, dmz]', '[hq]');
    const deletions = (changes: { action: string }[]) => changes.filter(({ action }) => action === 'delete');
    expect(deletions((await plan(less, '?prune=false')).body.changes)).toEqual([]);
    expect(deletions((await apply(less)).body.changes)).toEqual([
      { action: 'delete', kind: 'service', key: 'core-network', fields: [] },
      { action: 'delete', kind: 'location', key: 'dmz', fields: [] },
    ]);
    expect((await get('services')).items.map(({ key }: { key: string }) => key)).toEqual(['payroll']);
    expect((await get('probes')).items.map(({ key }: { key: string }) => key)).toEqual(['payroll.login']);
    expect((await apply('apiVersion: troth/v1')).status).toBe(200);
    expect((await get('teams')).items).toEqual([]);
    expect((await apply(file)).body.changes).toHaveLength(7);
  });

  it('leave alone what people made, and adopt it where the file names it', async () => {
    await put('teams/net', { name: 'Network' });
    await put('locations/lab', { name: 'Lab' });
    await put('services/lan', { name: 'LAN', owner: 'net' });
    await put('probes/lan.ping', { kind: 'icmp', locations: ['lab'], config: { host: 'lan.example' } });
    await apply(file);
    expect(await get('services/lan')).toMatchObject({ managedBy: null, probes: [{ key: 'lan.ping' }] });

    const adopting = `${file}  lan: { name: The LAN, owner: net }\n`;
    const { body } = await apply(adopting);
    expect(body.changes).toEqual([
      { action: 'adopt', kind: 'service', key: 'lan', fields: [{ path: 'name', from: 'LAN', to: 'The LAN' }] },
      { action: 'delete', kind: 'probe', key: 'lan.ping', fields: [] },
    ]);
    expect(await get('services/lan')).toMatchObject({ managedBy: 'file', name: 'The LAN', probes: [] });
    expect((await apply(adopting)).body.changes).toEqual([]);
  });

  it('make what the file manages read-only elsewhere', async () => {
    await apply(file);
    const replies = [
      await put('services/payroll', { name: 'Mine', owner: 'hr-it' }),
      await put('teams/hr-it', { name: 'Mine' }),
      await put('probes/payroll.extra', { kind: 'heartbeat' }),
      await server.request('DELETE', '/api/v1/probes/payroll.login'),
      await server.request('DELETE', '/api/v1/locations/hq'),
    ];
    expect(replies.map(({ status, body }) => [status, body.code])).toEqual(replies.map(() => [409, 'managed-by-file']));
    expect((await put('services/mine', { name: 'Mine', owner: 'hr-it', dependsOn: ['payroll'] })).status).toBe(201);
  });

  it('refuse to take away what people still use, naming it', async () => {
    await apply(file);
    await put('services/mine', { name: 'Mine', owner: 'hr-it' });
    await put('probes/mine.ping', { kind: 'icmp', locations: ['dmz'], config: { host: 'x.example' } });
    const { status, body } = await apply('apiVersion: troth/v1\n');
    expect(status).toBe(422);
    expect(body.issues.map(({ path, message }: { path: string; message: string }) => [path, message])).toEqual([
      ['locations.dmz', 'cannot be deleted: location "dmz" is used by mine.ping'],
      ['teams.hr-it', 'cannot be deleted: team "hr-it" provides mine'],
    ]);
  });

  it('leave nothing behind when an apply fails half-way', async () => {
    await put('teams/net', { name: 'Network' });
    const before = await rows();
    failing = new Error('a listener failed');
    expect((await apply(file)).status).toBe(500);
    expect(await rows()).toEqual(before);
    failing = undefined;
    expect((await apply(file)).body.changes).toHaveLength(7);
  });

  it('leave nothing behind when one thing of many is wrong', async () => {
    const before = await rows();
    expect((await apply(file.replace('kind: heartbeat', 'kind: hartbeat'))).status).toBe(422);
    expect(await rows()).toEqual(before);
  });

  it('come one after the other when two apply at once', async () => {
    const replies = await Promise.all([apply(file), apply(file), apply(file)]);
    expect(replies.map(({ body }) => body.changes.length).sort()).toEqual([0, 0, 7]);
  });

  it('take JSON for the YAML that it is', async () => {
    const json = { apiVersion: 'troth/v1', teams: { a: { name: 'A' } } };
    expect((await plan(JSON.stringify(json, null, 2))).body.changes).toHaveLength(1);
    expect((await server.request('POST', '/api/v1/config/plan', json)).body.changes).toHaveLength(1);
  });

  it('never export a demand for more probes than there are, which means all of them', async () => {
    await put('teams/a', { name: 'A' });
    await put('services/one', { name: 'One', owner: 'a', atLeast: 3 });
    expect(await get('config')).not.toContain('atLeast');
    await put('probes/one.beat', { kind: 'heartbeat' });
    const exported = await get('config');
    expect(exported).toContain('atLeast: 1');
    expect((await plan(exported)).status).toBe(200);
  });

  it('take anchors and merges for what they stand for', async () => {
    const text = `apiVersion: troth/v1
teams: { a: { name: A } }
locations: { hq: { name: HQ } }
services:
  one:
    name: One
    owner: a
    probes:
      web: &web { kind: tcp, locations: [hq], every: 10s, config: { host: one.example, port: 80 } }
      tls: { <<: *web, kind: tls }
`;
    expect((await apply(text)).status).toBe(200);
    expect(await get('probes/one.tls')).toMatchObject({
      kind: 'tls',
      everyMs: 10_000,
      config: { host: 'one.example', port: 80 },
    });
  });

  it('record every thing and the apply itself', async () => {
    await apply(file);
    const { items } = await get('audit?limit=8');
    expect(items[0]).toMatchObject({ action: 'config.applied', detail: { create: 7 } });
    expect(
      items
        .slice(1)
        .map(({ action }: { action: string }) => action)
        .sort(),
    ).toEqual([
      'location.created',
      'location.created',
      'probe.created',
      'probe.created',
      'service.created',
      'service.created',
      'team.created',
    ]);
  });

  it('are for those alone who may apply', async () => {
    for (const act of ['plan', 'apply']) {
      expect((await server.request('POST', `/api/v1/config/${act}`, file, { token: null })).status).toBe(401);
    }
  });
});

describe('a bad file', () => {
  const faults = async (text: string) => {
    const before = await rows();
    published = 0;
    const { status, body } = await apply(text);
    expect([status, published]).toEqual([422, 0]);
    expect(await rows()).toEqual(before);
    return body.issues as { line: number; column: number; path: string; message: string }[];
  };

  it.each([
    [
      'a wrong type',
      ['tier: 1', 'tier: first'],
      [11, 11, 'services.payroll.tier', 'must be a whole number from 1 to 4, not text'],
    ],
    [
      'a wrong word',
      ['category: network', 'category: netwerk'],
      [22, 49, 'services.core-network.category', expect.stringContaining('did you mean "network"?')],
    ],
    [
      'an unknown field',
      ['dependsOn:', 'dependOn:'],
      [12, 5, 'services.payroll.dependOn', '"dependOn" is not a known field; did you mean "dependsOn"?'],
    ],
    [
      'a mistyped probes',
      ['    probes:\n', '    prbes:\n'],
      [13, 5, 'services.payroll.prbes', '"prbes" is not a known field; did you mean "probes"?'],
    ],
    [
      'an unknown kind',
      ['kind: http', 'kind: htp'],
      [15, 15, 'services.payroll.probes.login.kind', 'there is no probe kind "htp"; did you mean "http"?'],
    ],
    [
      'an unknown field of a kind',
      ['expect:', 'expct:'],
      [21, 58, 'services.payroll.probes.login.config.expct', '"expct" is not a known field; did you mean "expect"?'],
    ],
    [
      'a bad duration',
      ['every: 30s', 'every: 30 sec'],
      [16, 16, 'services.payroll.probes.login.every', expect.stringContaining('500ms, 30s, 5m')],
    ],
    [
      'an owner that does not exist',
      ['owner: hr-it\n', 'owner: hr-ti\n'],
      [10, 12, 'services.payroll.owner', 'there is no team "hr-ti"; did you mean "hr-it"?'],
    ],
    [
      'a dependency that does not exist',
      ['[core-network]', '[core-netwrk]'],
      [12, 17, 'services.payroll.dependsOn.0', 'there is no service "core-netwrk"; did you mean "core-network"?'],
    ],
    [
      'a location that does not exist',
      ['[hq, dmz]', '[hq, dnz]'],
      [18, 25, 'services.payroll.probes.login.locations.1', 'there is no location "dnz"; did you mean "dmz"?'],
    ],
    [
      'a circle',
      ['category: network,', 'dependsOn: [payroll],'],
      [
        12,
        17,
        'services.payroll.dependsOn.0',
        'makes services depend on each other in a circle: payroll -> core-network -> payroll',
      ],
    ],
    [
      'a service that rests on itself',
      ['[core-network]', '[payroll]'],
      [12, 17, 'services.payroll.dependsOn.0', '"payroll" depends on itself'],
    ],
    [
      'a location that is named twice',
      ['[hq, dmz]', '[hq, hq]'],
      [18, 25, 'services.payroll.probes.login.locations.1', 'names "hq" twice'],
    ],
    [
      'a demand for more probes than there are',
      ['tier: 1', 'atLeast: 2'],
      [11, 14, 'services.payroll.atLeast', 'must not be greater than the number of critical probes, 1'],
    ],
    [
      'an address of three numbers',
      ['kind: heartbeat', 'kind: icmp, locations: [hq], config: { host: 10.0.5 }'],
      [
        22,
        expect.any(Number),
        'services.core-network.probes.beat.config.host',
        'is no IPv4 address: these have four numbers from 0 to 255, such as 10.0.0.5',
      ],
    ],
    [
      'a key that is none',
      ['  hq: {', '  H Q: {'],
      [5, 3, 'locations.H Q', expect.stringContaining('the key "H Q" must be 1 to 63 of a-z')],
    ],
    ['a key given twice', ['  dmz: {', '  hq: {'], [6, 3, 'locations.hq', '"hq" is given twice; first on line 5']],
    ['a missing field', ['    name: Payroll\n', ''], [8, 3, 'services.payroll.name', 'is required']],
    [
      'a list for a map',
      ['  hq: { name: Head office }', '  hq: [x]'],
      [5, 3, 'locations.hq', 'must be a map of fields, not a list'],
    ],
    [
      'a section of a later version',
      ['locations:', 'alerting: {}\nlocations:'],
      [4, 1, 'alerting', '"alerting" is not supported by this version'],
    ],
    [
      'an unknown section',
      ['locations:', 'teems: {}\nlocations:'],
      [4, 1, 'teems', '"teems" is not a known field; did you mean "teams"?'],
    ],
    ['another version', ['troth/v1', 'troth/v9'], [1, 13, 'apiVersion', 'must be "troth/v1"']],
    ['broken syntax', ['tier: 1', 'tier: "1'], [11, 13, '', 'Missing closing "quote']],
  ])('with %s is refused with its place', async (_what, [from, to], [line, column, path, message]) => {
    const text = file.replace(from as string, to as string);
    expect(text).not.toBe(file);
    expect(await faults(text)).toContainEqual({ line, column, path, message });
  });

  it('tells all its faults at once, in order of place', async () => {
    const text = file
      .replace('hr-it@example.org', 'nowhere')
      .replace('  dmz: {', '  hq: {')
      .replace('tier: 1', 'tier: 9')
      .replace('[core-network]', '[payroll]')
      .replace('kind: http', 'kind: smtp')
      .replace('30s', 'soon')
      .replace('kind: heartbeat', 'kind: heartbeat, config: { graze: 1m }');
    const issues = await faults(text);
    expect(issues.map(({ line, path }) => [line, path])).toEqual([
      [3, 'teams.hr-it.email'],
      [6, 'locations.hq'],
      [11, 'services.payroll.tier'],
      [15, 'services.payroll.probes.login.kind'],
      [16, 'services.payroll.probes.login.every'],
      [22, 'services.core-network.probes.beat.config.graze'],
    ]);
  });

  it.each([
    ['nothing at all', '', 'a config file is a map of fields that begins with "apiVersion: troth/v1"'],
    ['a text', 'hello', 'a config file is a map of fields that begins with "apiVersion: troth/v1"'],
    ['no version', 'teams: {}', '"apiVersion: troth/v1" is required'],
  ])('that is %s says what is needed', async (_what, text, message) => {
    expect(await faults(text)).toEqual([{ line: 1, column: 1, path: '', message }]);
  });

  it.each([
    ['nothing', '', 1, 'a config file is a map of fields that begins with "apiVersion: troth/v1"'],
    ['a list', '- teams\n', 1, 'a config file is a map of fields that begins with "apiVersion: troth/v1"'],
    ['of another version', 'apiVersion: troth/v9\nteems: {}\n', 13, 'must be "troth/v1"'],
    ['of no version', 'teams: { a: {} }\n', 1, '"apiVersion: troth/v1" is required'],
  ])('that is %s is told that alone, whatever it would delete', async (_what, text, column, message) => {
    await apply(file);
    await put('services/mine', { name: 'Mine', owner: 'hr-it' });
    expect(await faults(text)).toEqual([expect.objectContaining({ line: 1, column, message })]);
  });

  it('of 10 MB is refused at once, saying what is allowed', async () => {
    const started = performance.now();
    const { status, body } = await apply(`${file}# ${'x'.repeat(10_000_000)}`);
    expect([status, body.code, body.detail]).toEqual([
      413,
      'too-large',
      'A config file may have 2.0 MiB; this one has 9.5 MiB',
    ]);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('that blows up is refused', async () => {
    const laughs = Array.from({ length: 15 }, (_, i) => `x${i + 1}: &x${i + 1} [${`*x${i}, `.repeat(9)}]`);
    const issues = await faults(['apiVersion: troth/v1', 'x0: &x0 [lol]', ...laughs].join('\n'));
    expect(issues).toEqual([
      expect.objectContaining({ message: expect.stringContaining('once its aliases are replaced') }),
    ]);
  });

  it.each([
    ['a field given twice', 'teams: {}\nteams: {}'],
    ['a variable that is not set', 'teams: { a: { name: "${NOT_SET}" } }'],
    ['broken syntax', 'teams: ['],
  ])('with %s takes away nothing that it made before', async (_what, section) => {
    await apply(file);
    await faults(`apiVersion: troth/v1\n${section}\n`);
  });

  it('with a name that goes on and on is told shortly', async () => {
    const issues = await faults(`apiVersion: troth/v1\n? ${'x'.repeat(1_000_000)}\n: 1\n`);
    expect(issues[0]!.message).toBe(
      `"${'x'.repeat(80)}..." is not a known field; there is "apiVersion", "teams", "locations", "calendars", "services", "maintenance", "frameworks", "agreements", "onCallSchedules", "escalationPolicies", "alertRoutes"`,
    );
  });

  it('with thousands of faults tells the first ones and how many more', async () => {
    const services = Array.from({ length: 3_000 }, (_, i) => `  s${i}: { name: S, owner: nobody-${i} }`);
    const issues = await faults(['apiVersion: troth/v1', 'services:', ...services].join('\n'));
    expect(issues).toHaveLength(201);
    expect(issues[200]).toMatchObject({ line: 203, message: 'and 2800 more faults' });
  });
});

describe('the schema for editors', () => {
  it('is JSON Schema 2020-12 with the config of each kind', async () => {
    const schema = await get('config/schema');
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    const probe =
      schema.properties.services.anyOf[0].additionalProperties.properties.probes.anyOf[0].additionalProperties;
    expect(probe.properties.kind.enum).toContain('http');
    expect(probe.oneOf).toContainEqual({
      properties: { kind: { const: 'dns' }, config: { $ref: '#/$defs/dns-config' } },
    });
    expect(Object.keys(schema.$defs['dns-config'].properties)).toContain('server');
    expect(schema.properties.apiVersion.const).toBe('troth/v1');
  });
});
