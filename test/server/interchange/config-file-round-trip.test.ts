import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { probeKinds } from '../../../probes/registry.ts';
import { ConfigFileService } from '../../../server/interchange/config-file.service.ts';
import { escapeVariables } from '../../../server/interchange/variables.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let files: ConfigFileService;
beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  files = server.app.get(ConfigFileService);
});
afterAll(() => server.close());

const text = fc
  .oneof(
    fc.string({ minLength: 1, maxLength: 30 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
    fc.constantFrom(
      'yes',
      'null',
      '1',
      '1e3',
      '0x10',
      '${X}',
      '$${X}',
      ': #',
      '- a',
      "it's",
      '"q"',
      'two\nlines',
      '*a',
      '!x',
      '<<',
      '2026-01-01',
    ),
  )
  .filter((one) => one.trim() !== '' && !/[\0\p{Surrogate}]/u.test(one));
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const duration = (min: number, max: number) => fc.integer({ min, max });
const key = fc.stringMatching(/^[a-z][a-z0-9-]{0,6}[a-z0-9]$/);

const configs: Record<string, fc.Arbitrary<object>> = {
  http: fc.record(
    {
      url: fc.constantFrom('https://a.example/', 'http://b.example:8080/x?y=${z}'),
      method: fc.constantFrom('GET', 'POST'),
      headers: fc.dictionary(fc.constantFrom('Accept', 'X-One'), fc.constantFrom('text/plain', '${x}', '1')),
      secretHeaders: fc.dictionary(fc.constantFrom('X-Key', 'X-Other'), fc.constantFrom('secret', '${HOME}', '123')),
      bearer: fc.constantFrom('token', '12345', '${x}'),
      body: text,
      expect: fc.record(
        { status: fc.constantFrom(['2xx'], [200, '300-304']), body: fc.record({ contains: text }) },
        { requiredKeys: [] },
      ),
      redirects: fc.record({ follow: fc.integer({ min: 0, max: 9 }) }),
      tls: fc.record({ insecure: fc.boolean() }),
    },
    { requiredKeys: ['url'] },
  ),
  tcp: fc.record(
    {
      host: fc.constantFrom('a.example', '10.0.0.1', '::1'),
      port: fc.integer({ min: 1, max: 65_535 }),
      conversation: fc.array(
        fc.oneof(
          fc.record({ send: text }),
          fc.record({ sendSecret: text }),
          fc.record({ expect: fc.record({ contains: text }) }),
        ),
        { maxLength: 4 },
      ),
    },
    { requiredKeys: ['host', 'port'] },
  ),
  tls: fc.record(
    { host: fc.constant('a.example'), expect: fc.record({ daysLeft: fc.integer({ min: 0, max: 90 }) }) },
    { requiredKeys: ['host'] },
  ),
  dns: fc.record(
    {
      name: fc.constant('a.example'),
      type: fc.constantFrom('A', 'MX'),
      server: fc.constantFrom('10.0.0.53', '[::1]:53'),
    },
    { requiredKeys: ['name'] },
  ),
  icmp: fc.record(
    { host: fc.constant('a.example'), packets: fc.integer({ min: 1, max: 5 }) },
    { requiredKeys: ['host'] },
  ),
  heartbeat: fc.record({ grace: fc.constantFrom('0s', '1m', '90s', '3d') }, { requiredKeys: [] }),
};

const probe = (locations: string[]) =>
  fc.constantFrom(...probeKinds).chain((kind) => {
    const places = kind.mode === 'push' ? fc.constant([]) : fc.subarray(locations, { minLength: 1 });
    return fc.record(
      {
        kind: fc.constant(kind.kind),
        config: configs[kind.kind]!,
        locations: places,
        name: optional(text),
        every: optional(duration(300_000, 86_400_000)),
        timeout: optional(duration(100, 30_000)),
        role: optional(fc.constantFrom('critical', 'supporting')),
        confirm: optional(
          fc.record(
            { failures: fc.integer({ min: 1, max: 10 }), recheckAfter: duration(500, 60_000) },
            { requiredKeys: [] },
          ),
        ),
        degradedAbove: optional(duration(1, 300_000)),
        paused: optional(fc.boolean()),
      },
      { requiredKeys: ['kind', 'config', 'locations'] },
    );
  });

const openings = fc.subarray(['00:00-06:30', '06:30-07:00', '08:00-18:00', '22:00-24:00']);
const calendar = fc.record(
  {
    timeZone: fc.constantFrom('Europe/Berlin', 'Australia/Lord_Howe', 'UTC'),
    name: text,
    week: fc.record({ mon: openings, sun: openings }, { requiredKeys: [] }),
    holidays: fc.constantFrom({ country: 'DE', region: 'BE' }, { country: 'US' }),
    exceptions: fc.uniqueArray(
      fc.record(
        { date: fc.constantFrom('2026-12-24', '2026-02-28', '2028-02-29'), hours: openings, name: text },
        { requiredKeys: ['date', 'hours'] },
      ),
      { selector: ({ date }) => date },
    ),
  },
  { requiredKeys: ['timeZone'] },
);

const maintenance = (services: string[]) =>
  fc.record(
    {
      services: fc.subarray(services, { minLength: 1 }),
      start: fc.constantFrom('2026-03-29T02:30', '2028-02-29T00:00'),
      timeZone: fc.constantFrom('Europe/Berlin', 'UTC'),
      duration: duration(60_000, 7 * 86_400_000),
      name: text,
      note: text,
      dependents: fc.boolean(),
      repeat: fc.constantFrom('FREQ=WEEKLY;BYDAY=SU', 'FREQ=MONTHLY;COUNT=3', 'rrule:freq=daily'),
      except: fc.subarray(['2026-03-29', '2026-04-05', '2026-04-12']),
      announced: fc.constantFrom('2026-02-20T09:00:00Z', '2026-02-20T10:00:00.500+01:00'),
    },
    { requiredKeys: ['services', 'start', 'timeZone', 'duration'] },
  );

const keys = (max: number) => fc.uniqueArray(key, { minLength: 1, maxLength: max });

const document = fc.tuple(keys(2), keys(3), keys(5)).chain(([teams, locations, services]) =>
  fc.record({
    apiVersion: fc.constant('troth/v1'),
    teams: mapOf(teams, () =>
      fc.record({ name: text, email: fc.constantFrom(undefined, 'a@example.org'), description: optional(text) }),
    ),
    locations: mapOf(locations, () => fc.record({ name: text, description: optional(text) })),
    calendars: optional(fc.dictionary(key, calendar, { maxKeys: 3 })),
    // Each may rest on those before it, so that there is no circle.
    services: mapOf(services, (index) =>
      fc
        .record({
          name: text,
          owner: fc.constantFrom(...teams),
          description: optional(text),
          category: optional(fc.constantFrom('network', 'support')),
          tier: optional(fc.integer({ min: 1, max: 4 })),
          tags: optional(fc.uniqueArray(fc.constantFrom('a', 'b', '1', 'true'), { maxLength: 3 })),
          paused: optional(fc.boolean()),
          atLeast: optional(fc.integer({ min: 1, max: 5 })),
          dependsOn: optional(fc.subarray(services.slice(0, index))),
          probes: optional(fc.dictionary(key, probe(locations), { maxKeys: 3 })),
        })
        .map(askingForNoMoreThanThere),
    ),
    maintenance: optional(fc.dictionary(key, maintenance(services), { maxKeys: 3 })),
  }),
);

/** A file may not ask for more critical probes than it has. */
function askingForNoMoreThanThere<S extends { atLeast: number | undefined; probes: object | undefined }>(
  service: S,
): S {
  const probes = Object.values(service.probes ?? {}) as { role?: string }[];
  const critical = probes.filter(({ role }) => role !== 'supporting').length;
  const { atLeast, ...rest } = service;
  return (atLeast !== undefined && critical > 0 ? { ...rest, atLeast: Math.min(atLeast, critical) } : rest) as S;
}

function mapOf<T>(names: string[], value: (index: number) => fc.Arbitrary<T>) {
  return fc
    .tuple(...names.map((_, index) => value(index)))
    .map((values) => Object.fromEntries(names.map((name, index) => [name, values[index]])));
}

/** Texts as they have to be written so that none is taken for a variable. */
const escaped = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_name, one) => (typeof one === 'string' ? escapeVariables(one) : one));

it('an export, applied, changes nothing: any configuration survives the round trip', async () => {
  let applied = 0;
  await fc.assert(
    fc.asyncProperty(document, async (configuration) => {
      applied += (await files.apply(stringify(escaped(configuration), { lineWidth: 0 }))).changes.length;
      const exported = await files.export();
      expect(await files.plan(exported)).toEqual({ changes: [], applied: false });
      expect((await files.plan(stringify(escaped(configuration)))).changes).toEqual([]);
      await files.apply(exported);
      expect(await files.export()).toBe(exported);
    }),
    { numRuns: 40 },
  );
  expect(applied).toBeGreaterThan(100);
}, 60_000);

it('an export says no more than is needed', async () => {
  const file = `apiVersion: troth/v1
teams:
  hr-it:
    name: HR IT
locations:
  hq:
    name: Head office
services:
  payroll:
    name: Payroll
    owner: hr-it
    tier: 1
    probes:
      beat:
        kind: heartbeat
        every: 1d
        timeout: 5s
        config:
          grace: 2h
      login:
        kind: http
        every: 30s
        timeout: 5s
        locations:
          - hq
        confirm:
          failures: 3
        config:
          url: https://payroll.internal/login
          expect:
            status:
              - 2xx
            body:
              contains: Sign in
`;
  await files.apply(file);
  expect(await files.export()).toBe(file);
});
