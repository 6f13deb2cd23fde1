import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SteadyClock } from '../../../probes/support/clock.ts';
import { ComplianceService } from '../../../server/compliance/compliance.service.ts';
import { evaluationPace } from '../../../server/compliance/evaluation-pace.ts';
import { RunningFiguresService } from '../../../server/compliance/running-figures.service.ts';
import { RunningRefreshService } from '../../../server/compliance/running-refresh.service.ts';
import { hourMs, minuteMs } from '../../../server/domain/durations.ts';
import { periodAt } from '../../../server/domain/period.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

const config = `apiVersion: troth/v1
teams: { ops: { name: Operations }, hr: { name: HR } }
services: { web: { name: Web, owner: ops } }
agreements:
  leads:
    { kind: SLA, title: Leads, provider: ops, customer: hr, effective: { from: 2026-01-01 }, timeZone: UTC, period: week,
      status: declared, objectives: { leads: { type: metric, metric: leads, atLeast: "1000000" } } }
  weekly:
    { kind: SLA, title: Weekly, provider: ops, customer: hr, effective: { from: 2026-01-01 }, timeZone: UTC, period: week,
      status: declared, objectives: {
        up: { type: availability, services: [web], target: "99.9" },
        outages: { type: outage, services: [web], longest: 10m },
        checks: { type: success, services: [web], target: "99" } } }
`;

let server: TestServer;
let clock: SteadyClock;
const nowMs = () => Math.floor(clock.now());
const refresh = () => server.app.get(RunningRefreshService).refresh();
const revisions = async (key: string) => {
  const [row] = await server.database.query<{ revision: number }>(
    `select revision from running_agreements r join agreements a on a.id = r.agreement_id where a.key = $1`,
    [key],
  );
  return row!.revision;
};
const overview = async (key: string) =>
  (await server.app.get(RunningFiguresService).overview({ agreements: [key], limit: 1 })).items;

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  clock = server.app.get(SteadyClock);
  const { status } = await server.request('POST', '/api/v1/config/apply', config);
  if (status >= 300) throw new Error(`the configuration was answered ${status}`);
});
afterAll(() => server.close());

describe('an agreement that never rests', () => {
  const push = async (value: string) =>
    expect((await server.request('POST', '/api/v1/metrics/leads', { value })).status).toBe(200);

  it('is evaluated at once at first, then once in a few seconds, and says as of when it is told', async () => {
    const evaluations = new Set<number>();
    let pushes = 0;
    let told = { asOf: '', reached: null as string | null };
    do {
      await push('1');
      pushes += 1;
      told = (await overview('leads'))[0]!;
      evaluations.add(await revisions('leads'));
    } while (evaluations.size === pushes && pushes < 60);
    // The last push came too soon: what was known before it is told, as of then.
    expect(evaluations.size).toBeGreaterThanOrEqual(evaluationPace.burst - 1);
    expect(evaluations.size).toBeLessThan(60);
    expect(told.reached).toBe(String(pushes - 1));
    expect(Date.parse(told.asOf)).toBeLessThan(nowMs());
    expect((await overview('leads'))[0]!.asOf).toBe(told.asOf);
    const before = await revisions('leads');
    await refresh();
    expect(await revisions('leads')).toBe(before);
    clock.notBefore(nowMs() + evaluationPace.everyMs);
    await refresh();
    expect(await revisions('leads')).toBeGreaterThan(before);
    expect((await overview('leads'))[0]!.reached).toBe(String(pushes));
  });
});

describe('the turn of a period', () => {
  it('finds the next one evaluated already, as it is from scratch', async () => {
    const { toMs } = periodAt('week', 'UTC', nowMs());
    clock.notBefore(toMs - 2 * minuteMs);
    await refresh();
    const before = await revisions('weekly');
    const label = (await overview('weekly'))[0]!.period;
    for (const atMs of [toMs - minuteMs, toMs, toMs + minuteMs]) {
      clock.notBefore(atMs);
      const items = await overview('weekly');
      expect(items.map(({ key }) => key)).toEqual(['up', 'outages', 'checks']);
      for (const { asOf, key, attained, verdict, budget, period } of items) {
        expect(period === label).toBe(atMs < toMs);
        const scratch = await server.app.get(ComplianceService).of('weekly', { at: asOf });
        expect(scratch.period.label).toBe(period);
        expect(scratch.objectives.find((one) => one.key === key)).toMatchObject({ attained, verdict, budget });
      }
      const present = await server.app.get(ComplianceService).of('weekly', {});
      expect(present).toEqual(await server.app.get(ComplianceService).of('weekly', { at: present.asOf }));
    }
    expect(await revisions('weekly')).toBe(before);
    clock.notBefore(toMs + hourMs);
    await refresh();
    expect(await revisions('weekly')).toBeGreaterThan(before);
  });
});
