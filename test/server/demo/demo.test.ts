import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Consequence } from '../../../server/contract/consequences.ts';
import type { Demo } from '../../../server/contract/demo.ts';
import type { Report, ReportPage, ReportSummary } from '../../../server/contract/reports.ts';
import { account } from '../../support/accounts.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { until } from '../../support/until.ts';

let server: TestServer;
let rowsBefore: Record<string, number>;
const noProbes = { probes: [] };

const call = async (method: string, path: string, body?: unknown) => {
  const reply = await server.request(method, `/api/v1/${path}`, body);
  if (reply.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(reply.body)}`);
  return reply.body;
};
const get = (path: string) => call('GET', path);
const loaded = () =>
  until(async () => {
    // While documents are laid out, a kept connection may be given up.
    const demo = (await get('demo').catch(() => null)) as Demo | null;
    if (demo === null) return false;
    if (demo.state === 'failed') throw new Error(demo.step);
    return demo.state === 'loaded';
  }, 120_000);

/** Remade by themselves at any time from what agreements rest on. */
const remade = ['figure_marks', 'running_agreements', 'running_figures'];

/** Of every table; what is on record of acts and what the live stream numbers stays. */
async function rowCounts(): Promise<Record<string, number>> {
  const passing = ['audit_trail', 'live_events', 'dirty_buckets', 'database_sizes', 'sign_in_attempts', ...remade];
  const tables = await server.database.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = current_schema() and tablename <> all($1) order by 1`,
    [passing],
  );
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const [row] = await server.database.query<{ count: number }>(`select count(*)::int as count from ${name}`);
    counts[name] = row!.count;
  }
  return counts;
}

beforeAll(async () => {
  server = await startTestServer();
  await call('PUT', 'teams/own', { name: 'A team of our own' });
  await call('PUT', 'services/own-service', { name: 'A service of our own', owner: 'own' });
  rowsBefore = await rowCounts();
  await call('POST', 'demo', noProbes);
  await loaded();
}, 130_000);
afterAll(() => server.close());

describe('a loaded demo', () => {
  it('tells nobody of its reports: they are of periods that were over when it was loaded', async () => {
    for (const rule of ['report-ready', 'objective-missed'])
      expect((await get(`alerts?rule=${rule}`)).items, rule).toEqual([]);
  });

  it('is an organisation of 6 teams, 30 services and 8 agreements in every state of life', async () => {
    const demoOnes = ({ items }: { items: { key: string }[] }) => items.filter(({ key }) => key.startsWith('demo-'));
    expect(demoOnes(await get('teams'))).toHaveLength(6);
    expect(demoOnes(await get('services'))).toHaveLength(30);
    const agreements = (await get('agreements')).items as { key: string; life: string; proposal: string | null }[];
    expect(agreements.map(({ key, life, proposal }) => `${key} ${life} ${proposal}`)).toEqual([
      'demo-archive draft null',
      'demo-customers returned returned',
      'demo-goals ended null',
      'demo-help-desk active null',
      'demo-intranet declared null',
      'demo-network-ola active proposed',
      'demo-payroll active null',
      'demo-security active null',
    ]);
    const { usedBy } = await get('frameworks/demo-house-terms');
    expect(usedBy.map(({ key }: { key: string }) => key)).toEqual(['demo-help-desk', 'demo-payroll', 'demo-security']);
    const { versions } = await get('agreements/demo-payroll');
    expect(versions.map(({ status }: { status: string }) => status)).toEqual(['superseded', 'active', 'signed']);
    const types = new Set<string>();
    for (const { key } of agreements)
      for (const one of Object.values((await get(`agreements/${key}`)).document.objectives) as { type: string }[])
        types.add(one.type);
    expect([...types].toSorted()).toEqual([
      'availability',
      'latency',
      'metric',
      'outage',
      'recovery',
      'resolution',
      'response',
      'success',
    ]);
  });

  it('has frozen reports of every month in a chain that holds, misses among them, a revision and credits', async () => {
    const { items } = (await get('agreements/demo-payroll/reports')) as { items: ReportSummary[] };
    expect(items.length).toBeGreaterThanOrEqual(12);
    expect(new Set(items.map(({ gist }) => gist.verdict))).toContain('missed');
    expect(new Set(items.map(({ gist }) => gist.verdict))).toContain('met');
    expect(items.filter(({ revision }) => revision > 1).length).toBeGreaterThanOrEqual(1);
    expect(items.filter(({ gist }) => gist.credit !== null).length).toBeGreaterThanOrEqual(1);
    const { items: ledger } = await get('consequences');
    expect(ledger.map(({ kind, state }: { kind: string; state: string }) => `${kind} ${state}`)).toEqual(
      expect.arrayContaining(['credit proposed', 'action proposed']),
    );
    for (const key of ['demo-payroll', 'demo-network-ola', 'demo-help-desk', 'demo-security', 'demo-goals'])
      expect(await get(`agreements/${key}/reports/verify`)).toMatchObject({ holds: true });
  });

  it('leaves a month that has ended to be closed: the provider asks for it, and the customer can confirm', async () => {
    const before = (await get('agreements/demo-help-desk/reports')) as ReportPage;
    expect(before.upcoming).toMatchObject({
      ...{ hasEnded: true, said: [{ party: 'provider' }], may: { close: ['customer'], takeBack: true } },
    });
    const { period } = before.upcoming!;
    const { isFrozen } = await call('POST', `agreements/demo-help-desk/reports/${period}/close`, {});
    const after = (await get('agreements/demo-help-desk/reports')) as ReportPage;
    expect([isFrozen, after.items[0]!.period]).toEqual([true, period]);
    expect(after.items).toHaveLength(before.items.length + 1);
  });

  it('counts misses that repeat as the newest revisions tell them, right after it was loaded', async () => {
    const { items } = (await get('agreements/demo-payroll/reports')) as { items: ReportSummary[] };
    const isMissed = ({ gist }: ReportSummary, key: string) =>
      gist.objectives.some((one) => one.key === key && one.verdict === 'missed');
    const told: string[] = [];
    for (const [at, { period }] of items.entries()) {
      const { content } = (await get(`agreements/demo-payroll/reports/${period}`)) as Report;
      for (const { objective, why } of content.consequences.actions) {
        const [, count, of] = /^Missed in (\d+) of the last (\d+) periods$/.exec(why) ?? [];
        if (count === undefined) continue;
        const before = items.slice(at, at + Number(of));
        expect(Number(count), period).toBe(before.filter((one) => isMissed(one, objective)).length);
        const { items: ledger } = await get(`consequences?agreement=demo-payroll&period=${period}&state=open`);
        expect((ledger as Consequence[]).map((one) => one.why)).toContain(why);
        told.push(period);
      }
    }
    // That of the last month rests on the one before, which a correction revised.
    expect(told).toContain(items[0]!.period);
    expect(items.slice(0, 3).map(({ revision }) => revision)).toEqual([2, 2, 1]);
  });

  it('shows what falls to the services below, and what the parties contest', async () => {
    const { items } = (await get('agreements/demo-payroll/reports')) as { items: ReportSummary[] };
    const reports = await Promise.all(items.map(({ period }) => get(`agreements/demo-payroll/reports/${period}`)));
    const upstream = reports.flatMap(({ content }) =>
      content.parts.flatMap((part: { objectives: { result: { upstream: object[] } }[] }) =>
        part.objectives.flatMap(({ result }) => result.upstream),
      ),
    );
    expect(upstream.length).toBeGreaterThan(0);
    const corrections = (await get('agreements/demo-payroll/corrections')).items as { state: string }[];
    expect(corrections.map(({ state }) => state).toSorted()).toEqual(['approved', 'proposed', 'rejected']);
  });

  it('changes nothing when it is loaded again', async () => {
    const before = await rowCounts();
    const demo = (await call('POST', 'demo', noProbes)) as Demo;
    expect(demo.state).toBe('loaded');
    expect(await rowCounts()).toEqual(before);
  });

  it('opens no door: none of its people has an account', async () => {
    expect((await get('users')).items).toEqual([]);
    const reply = await server.request(
      'POST',
      '/api/v1/session',
      { name: 'anna.berg@demo.example', password: 'anna.berg@demo.example' },
      { token: null },
    );
    expect(reply.status).toBe(401);
  });

  it('is loaded and removed by admins alone', async () => {
    const cookie = await account(server, 'an-owner', 'owner', ['own']);
    for (const [method, body] of [
      ['POST', noProbes],
      ['DELETE', undefined],
    ] as const)
      expect((await server.request(method, '/api/v1/demo', body, { cookie })).status).toBe(403);
    expect((await server.request('GET', '/api/v1/demo', undefined, { cookie })).status).toBe(200);
    await call('DELETE', 'users/an-owner');
  });
});

describe('removing the demo', () => {
  it('stays when a config file that names nothing of it is applied', async () => {
    const { status, body } = await server.request('POST', '/api/v1/config/plan', 'apiVersion: troth/v1\n');
    const changes = (body as { changes: { key: string }[] }).changes.filter(({ key }) => key.startsWith('demo-'));
    expect([status, changes]).toEqual([200, []]);
  });

  it('is refused whole while something of our own belongs to one of its teams', async () => {
    const own = { name: 'A service of our own', dependsOn: ['demo-payroll'] };
    await call('PUT', 'services/own-service', { ...own, owner: 'demo-hr' });
    const before = await rowCounts();
    const { status, body } = await server.request('DELETE', '/api/v1/demo');
    expect([status, body.code]).toEqual([409, 'in-use']);
    expect(body.detail).toContain('own-service');
    expect(await rowCounts()).toEqual(before);
    await call('PUT', 'services/own-service', { ...own, owner: 'own' });
  });

  it('leaves nothing of it, and everything else as it was', async () => {
    await call('PUT', 'teams/meanwhile', { name: 'Made meanwhile' });
    await call('POST', 'metrics/own-number', { value: 3 });
    expect((await server.request('DELETE', '/api/v1/demo')).status).toBe(204);
    const after = await rowCounts();
    expect(after).toEqual({
      ...rowsBefore,
      teams: rowsBefore['teams']! + 1,
      metrics: rowsBefore['metrics']! + 1,
      metric_values: rowsBefore['metric_values']! + 1,
    });
    for (const table of ['running_agreements', 'running_figures'])
      expect(await server.database.query(`select agreement_id from ${table}`)).toEqual([]);
    expect((await get('services/own-service')).dependsOn).toEqual([]);
    expect(((await get('demo')) as Demo).state).toBe('absent');
    expect((await get('board')).services.map(({ key }: { key: string }) => key)).toEqual(['own-service']);
    expect((await server.request('DELETE', '/api/v1/demo')).status).toBe(204);
    expect((await get('audit?action=demo.removed')).items).toHaveLength(1);
  });

  it('leaves the records of everybody else guarded', async () => {
    const guards = await server.database.query<{ name: string }>(
      `select tgrelid::regclass::text as name from pg_trigger where not tgisinternal and tgenabled = 'D'`,
    );
    expect(guards).toEqual([]);
  });

  it('names what is in the way of loading it again', async () => {
    await call('PUT', 'teams/demo-hr', { name: 'Ours, by chance' });
    await call('POST', 'demo', noProbes);
    const demo = await until(async () => {
      const now = (await get('demo')) as Demo;
      return now.state === 'failed' ? now : null;
    });
    expect(demo.step).toContain('team "demo-hr"');
    expect((await server.request('DELETE', '/api/v1/demo')).status).toBe(204);
    expect((await get('teams/demo-hr')).name).toBe('Ours, by chance');
  });
});
