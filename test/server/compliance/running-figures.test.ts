import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SteadyClock } from '../../../probes/support/clock.ts';
import { ComplianceService } from '../../../server/compliance/compliance.service.ts';
import { runningSelect } from '../../../server/compliance/running-figures.repository.ts';
import { RunningFiguresService } from '../../../server/compliance/running-figures.service.ts';
import { RunningRefreshService } from '../../../server/compliance/running-refresh.service.ts';
import type { RunningObjective } from '../../../server/contract/compliance.ts';
import { hourMs, minuteMs } from '../../../server/domain/durations.ts';
import { account } from '../../support/accounts.ts';
import { MeasuredService, put } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

const agreements = ['month', 'rolling', 'office', 'others'] as const;
const config = `apiVersion: troth/v1
teams: { ops: { name: Operations }, hr: { name: HR } }
calendars:
  office:
    timeZone: Europe/Berlin
    week: { mon: ["08:00-18:00"], tue: ["08:00-18:00"], wed: ["08:00-18:00"], thu: ["08:00-18:00"], fri: ["08:00-18:00"] }
services:
  payroll: { name: Payroll, owner: ops, dependsOn: [network] }
  network: { name: Network, owner: ops }
  web: { name: Web, owner: ops }
agreements:
  month:
    { kind: SLA, title: By month, provider: ops, customer: hr, effective: { from: 2026-01-01 }, timeZone: Europe/Berlin,
      status: declared, objectives: {
        any: { type: availability, services: [payroll, web], target: "99.9" },
        all: { type: availability, services: [payroll, web], combine: all-down, target: "99.99" },
        mean: { type: availability, services: [payroll, web, network], combine: average, target: "99" } } }
  rolling:
    { kind: SLA, title: Rolling, provider: ops, customer: hr, effective: { from: 2026-01-01 }, timeZone: America/New_York,
      status: declared, period: rolling-28d, counting: { degraded: bad, unknown: bad, minimumOutage: 2m }, objectives: {
        payroll: { type: availability, services: [payroll], target: "99.5" },
        response: { type: response, services: [payroll], severity: 1, within: 15m, allowMisses: 1 } } }
  office:
    { kind: SLA, title: Office hours, provider: ops, customer: hr, effective: { from: 2026-01-01 }, timeZone: Europe/Berlin,
      calendar: office, status: declared, counting: { upstream: excused, tail: 1m, maintenanceNotice: 0s }, objectives: {
        payroll: { type: availability, services: [payroll], target: "99.9" } } }
  others:
    { kind: SLA, title: Others, provider: ops, customer: hr, effective: { from: 2026-01-01 }, timeZone: UTC, period: week,
      status: declared, supportCalendar: office, objectives: {
        response: { type: response, services: [web], severity: 1, within: 15m, target: "95" },
        resolution: { type: resolution, services: [web], severity: 1, within: 1h, allowMisses: 0 },
        outages: { type: outage, services: [web], longest: 10m },
        leads: { type: metric, metric: leads, atLeast: "100" } } }
`;

let server: TestServer;
let clock: SteadyClock;
let late: MeasuredService;
/** Somebody of the customer's team. */
let customer = '';
const call = async (method: string, path: string, body: unknown) => {
  const reply = await server.request(method, `/api/v1/${path}`, body);
  expect(reply.status, JSON.stringify(reply.body)).toBeLessThan(300);
  return reply.body;
};
const iso = (atMs: number) => new Date(atMs).toISOString();
const nowMs = () => Math.floor(clock.now());
const refresh = () => server.app.get(RunningRefreshService).refresh();

/** Everything as it is told now, and as it is from scratch at the same instants. */
async function compare(): Promise<number> {
  let compared = 0;
  const { items } = await server.app.get(RunningFiguresService).overview({ limit: 5_000 });
  for (const key of agreements) {
    const own = items.filter(({ agreement }) => agreement === key);
    for (const { asOf, ...item } of own) {
      const { objectives } = await server.app.get(ComplianceService).of(key, { at: asOf });
      const scratch = objectives.find((objective) => objective.key === item.key)!;
      expect(item, `${key}/${item.key} as of ${asOf}`).toMatchObject(gistOf(scratch));
      compared += 1;
    }
  }
  return compared;
}
const gistOf = ({ attained, reached, verdict, budget, burn, exhaustedAt, disputed, unproven }: Gist) => ({
  ...{ attained, reached, verdict, budget, burn, exhaustedAt, disputed, unproven },
});
type Gist = Pick<
  RunningObjective,
  'attained' | 'reached' | 'verdict' | 'budget' | 'burn' | 'exhaustedAt' | 'disputed' | 'unproven'
>;

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  clock = server.app.get(SteadyClock);
  await call('POST', 'config/apply', config);
  customer = await account(server, 'customer', 'owner', ['hr']);
  late = await MeasuredService.make(server, 'measured');
  await put(server, 'agreements/measured', {
    ...{
      kind: 'SLA',
      title: 'Measured',
      provider: 'it',
      customer: 'hr',
      effective: { from: '2026-01-01' },
      timeZone: 'UTC',
    },
    objectives: { up: { type: 'availability', services: ['measured'], target: '99' } },
  });
});
afterAll(() => server.close());

type Act = {
  kind: 'import' | 'incident' | 'metric' | 'maintenance' | 'correction' | 'hours' | 'wait';
  a: number;
  b: number;
  c: number;
};
const anyAct = fc.record({
  kind: fc.constantFrom<Act['kind']>(
    'import',
    'import',
    'incident',
    'metric',
    'maintenance',
    'correction',
    'hours',
    'wait',
    'wait',
  ),
  ...{ a: fc.nat(1_000), b: fc.nat(1_000), c: fc.nat(1_000) },
});

/** Does something to what the figures rest on, by three numbers. */
async function act({ kind, a, b, c }: Act): Promise<void> {
  const service = ['payroll', 'network', 'web'][a % 3]!;
  const fromMs = nowMs() - (1 + b) * 41 * minuteMs;
  if (kind === 'import') {
    const state = ['down', 'up', 'degraded', 'unknown'][c % 4]!;
    const toMs = Math.min(nowMs(), fromMs + (1 + c) * 7_001);
    await call('POST', `services/${service}/timeline`, { intervals: [{ state, from: iso(fromMs), to: iso(toMs) }] });
  } else if (kind === 'incident') {
    const startMs = nowMs() - (1 + b) * 2_003;
    const times = c % 2 === 0 ? {} : { respondedAt: iso(nowMs()) };
    const incident = { kind: 'incident', title: 'Slow', services: [service], severity: 1, ...times };
    await call('POST', 'incidents', { ...incident, startedAt: iso(startMs), detectedAt: iso(startMs) });
  } else if (kind === 'metric') {
    await call('POST', 'metrics/leads', { value: String(c), at: iso(nowMs() - b * minuteMs) });
  } else if (kind === 'maintenance') {
    const start = iso(Math.floor(nowMs() / minuteMs) * minuteMs + (1 + (b % 300)) * minuteMs).slice(0, 16);
    const window = {
      services: [service],
      start,
      timeZone: 'UTC',
      duration: `${1 + (c % 90)}m`,
      dependents: c % 2 === 0,
    };
    await call('PUT', `maintenance/patch-${a % 5}`, window);
  } else if (kind === 'correction') {
    const as = ['up', 'down'][c % 2]!;
    const span = { from: iso(fromMs), to: iso(fromMs + 13_000) };
    const body = { service, as, reason: 'We saw it ourselves', ...span, party: 'provider' };
    const path = `/api/v1/agreements/${a % 2 === 0 ? 'month' : 'rolling'}/corrections`;
    // The same may be open already; of those that are made every other one is approved, by the other party.
    const { status, body: made } = await server.request('POST', path, body);
    if (status < 300 && b % 2 === 0)
      await server.request('POST', `${path}/${made.id}/approve`, {}, { cookie: customer });
  } else if (kind === 'hours') {
    await call('POST', 'config/apply', config.replace('mon: ["08:00', `mon: ["0${c % 9}:00`));
  } else clock.notBefore(nowMs() + (1 + b) * (1 + (c % 30)) * 997);
}

describe('running figures', () => {
  it('equal an evaluation from scratch after any history, at any instant, whether they were refreshed or not', async () => {
    await refresh();
    expect(await compare()).toBe(10);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(anyAct, fc.boolean()), { minLength: 3, maxLength: 6 }),
        fc.array(fc.nat(3 * hourMs), { minLength: 2, maxLength: 3 }),
        async (acts, waits) => {
          for (const [one, isRefreshed] of acts) {
            await act(one);
            if (isRefreshed) await refresh();
          }
          await compare();
          for (const waitMs of waits) {
            clock.notBefore(nowMs() + waitMs);
            await compare();
          }
        },
      ),
      { numRuns: 4, endOnFailure: true },
    );
  }, 120_000);

  it('of time are what the scorecard tells, and those that are counted in steps it evaluates at once', async () => {
    await refresh();
    const running = await server.app.get(RunningFiguresService).of('month', nowMs());
    expect(running!.figures.map(({ course }) => 'sums' in course)).toEqual([true, true, true]);
    const of = server.app.get(ComplianceService);
    const told = await of.of('month', {});
    const again = await of.of('month', { at: told.asOf });
    expect(told).toEqual(again);
    const others = await of.of('others', {});
    expect(others).toEqual(await of.of('others', { at: others.asOf }));
  });

  it('follow results that come in late', async () => {
    await late.record([late.saw(-60, 'up'), late.saw(-59, 'up'), late.saw(-1, 'up')]);
    await refresh();
    const badOf = async () => (await server.app.get(ComplianceService).of('measured', {})).objectives[0]!.seconds!.bad;
    const before = await badOf();
    expect((await server.app.get(RunningFiguresService).of('measured', nowMs()))?.figures).toHaveLength(1);
    const down = [-40, -39, -38].map((number) => late.saw(number, 'down'));
    await late.record([late.saw(-41, 'up'), ...down, late.saw(-37, 'up')]);
    expect(await server.app.get(RunningFiguresService).of('measured', nowMs())).toBeNull();
    expect(await badOf()).toBe(before + 180);
    // Evaluated before its mark was taken, it is told to displays all the same.
    await server.app.get(RunningFiguresService).refresh('measured');
    const known = await server.app.get(RunningFiguresService).known(['measured']);
    const { budget } = known.get('measured')![0]!;
    expect(budget.seconds! - budget.leftSeconds!).toBe(before + 180);
    await refresh();
    expect(await badOf()).toBe(before + 180);
  });

  it('are read by their keys alone, whatever the number of agreements', async () => {
    await server.database.query('analyze');
    await server.database.query(
      `insert into agreements (key, draft) select 'a-' || n, '{}' from generate_series(1, 2000) n`,
    );
    await server.database.query(
      `insert into running_agreements (agreement_id, told, rests_on, refresh_ms, verdicts)
       select id, '{"parts":[]}', array['service:' || id], 9e15, '' from agreements where key like 'a-%'`,
    );
    await server.database.query(
      `insert into running_figures (agreement_id, part, place, from_ms, until_ms, course)
       select id, 0, 0, n * 1000, (n + 1) * 1000, '{"sums":[],"paces":[]}'
       from agreements, generate_series(1, 20) n where key like 'a-%'`,
    );
    await server.database.query('analyze agreements, running_agreements, running_figures');
    const plan = async (keys: string[] | null) => {
      const sql = runningSelect.replace('$1', '5000').replace('$1', '5000');
      const literal = keys ? `array['${keys.join(`','`)}']::text[]` : 'null::text[]';
      const filled = sql
        .replaceAll('$2::text[]', literal)
        .replaceAll('$2', literal)
        .replaceAll('$3::text', 'null::text');
      const rows = await server.database.query<Record<string, string>>(
        `explain ${filled.replaceAll('$3', 'null::text').replace('$4', 'null')}`,
      );
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    };
    expect(await plan(null)).toMatch(/Index Scan using running_figures_pkey/);
    const one = await plan(['a-7']);
    expect(one).toMatch(/Index Scan using running_figures_pkey/);
    expect(one).toMatch(/running_agreements_pkey/);
    expect(one).not.toMatch(/Seq Scan on (running_agreements|running_figures|agreements)/);
    await server.database.query(`delete from running_agreements where told::text = '{"parts":[]}'`);
    await server.database.query(`delete from agreements where key like 'a-%'`);
  });
});

describe('the overview', () => {
  it('tells every objective of the agreements that are asked for, a page at a time', async () => {
    const get = async (query: string) => (await server.request('GET', `/api/v1/compliance${query}`)).body;
    const all = await get('');
    expect(all.next).toBeNull();
    expect(all.items.map(({ agreement, key }: RunningObjective) => `${agreement}/${key}`)).toEqual([
      'measured/up',
      ...['any', 'all', 'mean'].map((key) => `month/${key}`),
      'office/payroll',
      ...['response', 'resolution', 'outages', 'leads'].map((key) => `others/${key}`),
      ...['payroll', 'response'].map((key) => `rolling/${key}`),
    ]);
    const some = await get('?agreements=office,others&service=payroll');
    expect(some.items).toHaveLength(1);
    expect(some.items[0]).toMatchObject({
      agreement: 'office',
      agreementTitle: 'Office hours',
      basis: 'declared',
      version: 1,
    });
    const verdicts: string[] = [...new Set<string>(all.items.map(({ verdict }: RunningObjective) => verdict))];
    expect(verdicts.length).toBeGreaterThan(1);
    const said = await get(`?verdicts=${verdicts[0]},met`);
    expect(said.items).toEqual(
      all.items
        .filter(({ verdict }: RunningObjective) => verdict === verdicts[0])
        .map(() => expect.objectContaining({ verdict: verdicts[0] })),
    );
    const wrong = await server.request('GET', '/api/v1/compliance?verdicts=fine');
    expect([wrong.status, wrong.body.issues[0].path]).toEqual([422, 'verdicts.0']);
    const first = await get('?limit=2');
    expect([first.items.at(-1).agreement, first.next]).toEqual(['month', 'month']);
    expect((await get('?limit=1&cursor=month')).items[0].agreement).toBe('office');
  });

  it('knows of an agreement that was made a moment ago, and no longer of one that was deleted', async () => {
    await put(server, 'agreements/new', {
      ...{
        kind: 'SLA',
        title: 'New',
        provider: 'it',
        customer: 'hr',
        effective: { from: '2026-01-01' },
        timeZone: 'UTC',
      },
      objectives: { up: { type: 'availability', services: ['web'], target: '99' } },
    });
    const of = async () => (await server.request('GET', '/api/v1/compliance?agreements=new')).body.items;
    expect((await of()).map(({ basis, key }: RunningObjective) => [basis, key])).toEqual([['draft', 'up']]);
    await call('DELETE', 'agreements/new', undefined);
    expect(await of()).toEqual([]);
  });
});
