import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;

const config = `apiVersion: troth/v1
teams:
  hr-it: { name: HR IT }
  hr: { name: Human Resources }
  net: { name: Network }
calendars:
  office:
    timeZone: Europe/Berlin
    week: { mon: ["08:00-18:00"], tue: ["08:00-18:00"], wed: ["08:00-18:00"], thu: ["08:00-18:00"], fri: ["08:00-12:00", "13:00-16:00"] }
services:
  payroll: { name: Payroll, owner: hr-it, dependsOn: [core-network] }
  core-network: { name: Core network, owner: net }
  fresh: { name: Fresh, owner: hr-it }
maintenance:
  patch: { services: [payroll], start: 2026-10-10T02:00, timeZone: Europe/Berlin, duration: 2h, announced: 2026-10-01T00:00:00Z }
  late: { services: [payroll], start: 2026-10-17T02:00, timeZone: Europe/Berlin, duration: 2h, announced: 2026-10-16T00:00:00Z }
agreements:
  network-ola:
    kind: OLA
    title: Network for HR IT
    provider: net
    customer: hr-it
    effective: { from: 2026-01-01 }
    timeZone: Europe/Berlin
    status: declared
    objectives: { core: { type: availability, services: [core-network], target: "99.95" } }
  hr-payroll:
    kind: SLA
    title: Payroll for HR
    provider: hr-it
    customer: hr
    effective: { from: 2026-01-01 }
    timeZone: Europe/Berlin
    status: declared
    restsOn: [network-ola/core]
    objectives:
      availability: { type: availability, services: [payroll], target: "99.9" }
      strict: { type: availability, services: [payroll], target: "99.99" }
      both: { type: availability, services: [payroll, core-network], combine: all-down, target: "99.99" }
      outages: { type: outage, services: [payroll], atMost: 1 }
      restore: { type: outage, services: [payroll], meanRestore: 10m }
      response: { type: response, services: [payroll], severity: 1, within: 15m, target: "95" }
      tickets: { type: metric, metric: tickets, atLeast: "100", unit: tickets }
      none: { type: availability, services: [fresh], target: "99" }
  office:
    kind: SLA
    title: Payroll in office hours
    provider: hr-it
    customer: hr
    effective: { from: 2026-10-15 }
    timeZone: Europe/Berlin
    calendar: office
    status: declared
    counting: { upstream: excused }
    objectives: { availability: { type: availability, services: [payroll], target: "99.9" } }
`;

const interval = (state: string, from: string, to: string) => ({ state, from, to });
const request = (path: string) => server.request('GET', `/api/v1/${path}`);
const get = async (path: string) => {
  const { status, body } = await request(path);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
};
const objective = async (path: string, key: string) =>
  (await get(path)).objectives.find((one: { key: string }) => one.key === key);
const october = 'agreements/hr-payroll/compliance?period=2026-10';

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api', LOG_LEVEL: 'error' });
  const applied = await server.request('POST', '/api/v1/config/apply', config);
  if (applied.status !== 200) throw new Error(JSON.stringify(applied.body));
  const history = async (key: string, intervals: unknown[]) => {
    const { status, body } = await server.request('POST', `/api/v1/services/${key}/timeline`, { intervals });
    if (status !== 204) throw new Error(JSON.stringify(body));
  };
  // A Tuesday in summer time: 14 minutes, of which the network is down for 4; then maintenance, once announced too late.
  await history('payroll', [
    interval('up', '2026-09-01T00:00:00Z', '2026-10-06T09:00:00Z'),
    interval('down', '2026-10-06T09:00:00Z', '2026-10-06T09:14:00Z'),
    interval('up', '2026-10-06T09:14:00Z', '2026-10-10T00:10:00Z'),
    interval('down', '2026-10-10T00:10:00Z', '2026-10-10T01:00:00Z'),
    interval('up', '2026-10-10T01:00:00Z', '2026-10-17T00:30:00Z'),
    interval('down', '2026-10-17T00:30:00Z', '2026-10-17T00:31:00Z'),
    interval('up', '2026-10-17T00:31:00Z', '2026-10-20T08:00:00Z'),
    interval('down', '2026-10-20T08:00:00Z', '2026-10-20T08:05:00Z'),
    interval('up', '2026-10-20T08:05:00Z', '2026-11-02T00:00:00Z'),
  ]);
  await history('core-network', [
    interval('up', '2026-09-01T00:00:00Z', '2026-10-06T09:10:00Z'),
    interval('down', '2026-10-06T09:10:00Z', '2026-10-06T09:14:00Z'),
    interval('up', '2026-10-06T09:14:00Z', '2026-10-20T08:00:00Z'),
    interval('down', '2026-10-20T08:00:00Z', '2026-10-20T08:05:00Z'),
    interval('up', '2026-10-20T08:05:00Z', '2026-11-02T00:00:00Z'),
  ]);
});
afterAll(() => server.close());

describe('compliance of a month', () => {
  it('counts the 745 hours of October in Berlin, less maintenance that was announced in time', async () => {
    const { period, basis, version } = await get(october);
    expect({ period, basis, version }).toEqual({
      period: { label: '2026-10', from: '2026-09-30T22:00:00.000Z', to: '2026-10-31T23:00:00.000Z', closed: true },
      basis: 'declared',
      version: 1,
    });
    const result = await objective(october, 'availability');
    const agreed = 745 * 3_600;
    expect(result.seconds).toEqual({
      agreed,
      excluded: 7_200,
      eligible: agreed - 7_200,
      up: agreed - 7_200 - 1_200,
      degraded: 0,
      down: 1_200,
      unknown: 0,
      unmonitored: 0,
      bad: 1_200,
    });
    expect(result).toMatchObject({
      attained: { ratio: '0.999551', numerator: 2_673_600_000, denominator: 2_674_800_000, text: '99.95 %' },
      coverage: { text: '100 %' },
      verdict: 'met',
      unproven: false,
      budget: { seconds: 2_674.8, leftSeconds: 1_474.8, usedRatio: '0.448632' },
      sentence: 'Met: 99.95 %; promised: 99.9 %.',
    });
  });

  it('says what falls to the services below, and how it would stand without', async () => {
    const result = await objective(october, 'strict');
    expect(result).toMatchObject({
      verdict: 'missed',
      budget: { seconds: 267.48, leftSeconds: -932.52 },
      upstream: [{ service: 'core-network', seconds: 540, excused: false }],
      withoutUpstream: { attained: { ratio: '0.999753' }, met: false },
      sentence: 'Missed: 99.95 %; promised: 99.99 %, by 15 min 32 s.',
    });
  });

  it('combines services, counts outages, incidents and what teams push', async () => {
    expect(await objective(october, 'both')).toMatchObject({ seconds: { down: 540 }, verdict: 'missed' });
    expect(await objective(october, 'outages')).toMatchObject({
      promise: 'at most 1 outages',
      events: { total: 3, bad: 3 },
      verdict: 'missed',
      budget: { events: 1, leftEvents: -2, seconds: null },
    });
    expect(await objective(october, 'restore')).toMatchObject({ verdict: 'met' });
    const incident = (title: string, startedAt: string, respondedAt: string, resolvedAt: string) =>
      server.request('POST', '/api/v1/incidents', {
        ...{ kind: 'incident', title, services: ['payroll'], severity: 1 },
        ...{ startedAt, detectedAt: startedAt, respondedAt, resolvedAt },
      });
    const made = await incident('Slow', '2026-10-06T09:00:00Z', '2026-10-06T09:10:00Z', '2026-10-06T09:14:00Z');
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    await incident('Down', '2026-10-20T08:00:00Z', '2026-10-20T08:20:00Z', '2026-10-20T09:00:00Z');
    expect(await objective(october, 'response')).toMatchObject({
      attained: { text: '50 %' },
      events: { total: 2, bad: 1 },
      verdict: 'missed',
    });
    for (const [at, value] of [
      ['2026-10-05T00:00:00Z', '70'],
      ['2026-10-25T00:00:00Z', '50.5'],
    ])
      expect((await server.request('POST', '/api/v1/metrics/tickets', { value, at })).status).toBeLessThan(300);
    expect(await objective(october, 'tickets')).toMatchObject({
      verdict: 'met',
      sentence: 'Met: 120.5 tickets; promised: at least 100 tickets.',
    });
  });

  it('says no data where nothing was measured', async () => {
    expect(await objective(october, 'none')).toMatchObject({ attained: null, verdict: 'no-data', coverage: null });
  });

  it('counts office hours from the first day of the agreement, and excuses what it says it excuses', async () => {
    const { objectives, parts } = await get('agreements/office/compliance?period=2026-10');
    // 15 to 31 October: three Thursdays and Fridays, two of each other day.
    const agreed = (3 * 10 + 3 * 7 + 6 * 10) * 3_600;
    expect(objectives[0]).toMatchObject({
      seconds: { agreed, excluded: 300, eligible: agreed - 300, down: 0 },
      upstream: [{ service: 'core-network', seconds: 300, excused: true }],
      verdict: 'met',
      attained: { text: '100 %' },
    });
    expect(parts).toHaveLength(1);
    expect(parts[0].from).toBe('2026-10-14T22:00:00.000Z');
  });

  it('warns of promises above what the agreements below allow', async () => {
    expect((await get(october)).ceiling).toMatchObject({ text: '99.95 %', exceededBy: ['strict', 'both'] });
  });

  it('tells a figure as of an instant, with what was still to come', async () => {
    const result = await objective(`${october}&at=2026-10-07T00:00:00Z`, 'strict');
    expect(result).toMatchObject({ verdict: 'breached', seconds: { down: 840 } });
    const ok = await objective(`${october}&at=2026-10-06T09:02:00Z`, 'strict');
    expect(ok).toMatchObject({ verdict: 'at-risk', seconds: { down: 120 } });
    expect(ok.exhaustedAt).toMatch(/^2026-10-/);
    expect([ok.losing, ok.sentence]).toEqual([true, expect.stringContaining('it is being lost now, and going on')]);
  });

  it('refuses periods that are none or lie ahead', async () => {
    const refused = async (query: string) => {
      const { status, body } = await request(`agreements/hr-payroll/compliance?${query}`);
      expect(status).toBe(422);
      return body.issues[0];
    };
    expect(await refused('period=2999-01')).toMatchObject({ path: 'period', message: expect.stringMatching(/future/) });
    expect(await refused('period=2026-13')).toMatchObject({ path: 'period' });
    expect(await refused('from=2026-10-02T00:00:00Z&to=2026-10-01T00:00:00Z')).toMatchObject({ path: 'to' });
    expect(await refused('from=2026-10-02T00:00:00Z')).toMatchObject({ path: 'to' });
    expect((await request('agreements/nothing/compliance')).status).toBe(404);
    expect((await request('agreements/hr-payroll/objectives/availabilty/explain')).body.detail).toBe(
      'There is no objective "availabilty"; did you mean "availability"?',
    );
  });
});

describe('an explanation', () => {
  it('is the intervals that sum to the figures, each with its rule', async () => {
    const path = 'agreements/hr-payroll/objectives/availability/explain?period=2026-10';
    const { lines, objective: figure } = await get(path);
    const sums: Record<string, number> = {};
    for (const piece of lines[0]) sums[piece.class] = (sums[piece.class] ?? 0) + piece.seconds;
    expect(sums).toEqual({ up: figure.seconds.up, down: figure.seconds.down, excluded: figure.seconds.excluded });
    const told = lines[0].filter((piece: { class: string }) => piece.class !== 'up');
    expect(
      told.map(({ from, seconds, rule, bad, upstream }: Record<string, unknown>) => [
        from,
        seconds,
        rule,
        bad,
        upstream,
      ]),
    ).toEqual([
      ['2026-10-06T09:00:00.000Z', 840, 'Down', true, 'core-network'],
      ['2026-10-10T00:00:00.000Z', 7_200, 'Planned maintenance "patch", announced in time', false, null],
      ['2026-10-17T00:30:00.000Z', 60, 'Down', true, null],
      ['2026-10-20T08:00:00.000Z', 300, 'Down', true, 'core-network'],
    ]);
  });
});

describe('a version in mid-period', () => {
  it('splits it; the parts are judged apart', async () => {
    const later = config
      .replace(
        'effective: { from: 2026-01-01 }\n    timeZone: Europe/Berlin\n    status: declared\n    restsOn',
        'effective: { from: 2026-10-15 }\n    timeZone: Europe/Berlin\n    status: declared\n    restsOn',
      )
      .replace('target: "99.9" }\n      strict', 'target: "99" }\n      strict');
    expect((await server.request('POST', '/api/v1/config/apply', later)).status).toBe(200);
    const { parts, version } = await get(october);
    expect(version).toBe(2);
    expect(
      parts.map((part: { version: number; from: string; to: string }) => [part.version, part.from, part.to]),
    ).toEqual([
      [1, '2026-09-30T22:00:00.000Z', '2026-10-14T22:00:00.000Z'],
      [2, '2026-10-14T22:00:00.000Z', '2026-10-31T23:00:00.000Z'],
    ]);
    const downOf = (part: { objectives: { key: string; seconds: { down: number } }[] }) =>
      part.objectives.find(({ key }) => key === 'availability')!.seconds.down;
    expect(parts.map(downOf)).toEqual([840, 360]);
  });
});
