import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dayMs, minuteMs } from '../../../server/domain/durations.ts';
import { MeasuredService, put } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  await put(server, 'teams/hr', { name: 'HR' });
});
afterAll(() => server?.close());

const measured = () => MeasuredService.make(server, `c-${Math.random().toString(36).slice(2)}`, options);
const options = { everyMs: minuteMs, historyMs: 3 * dayMs };
const agreement = (key: string, change: object) =>
  put(server, `agreements/${key}`, {
    ...{ kind: 'SLA', title: `About ${key}`, provider: 'it', customer: 'hr', period: 'rolling-30d', timeZone: 'UTC' },
    ...{ effective: { from: '2020-01-01' }, ...change },
  });
const get = async (path: string) => (await server.request('GET', `/api/v1/${path}`)).body;
const incidentOf = async ({ key }: { key: string }) => (await get(`incidents?service=${key}`)).items[0];

describe('what an incident cost', () => {
  it('is the bad time of each promise about its services while it lasted, and what is left of the budget', async () => {
    const [one, other] = [await measured(), await measured()];
    await agreement(`a-${one.key}`, {
      services: [one.key],
      objectives: {
        up: { type: 'availability', target: '99.9' },
        mean: { type: 'availability', services: [one.key, other.key], combine: 'average', target: '99.9' },
        quick: { type: 'response', within: '15m', severity: 1, target: '95' },
        elsewhere: { type: 'availability', services: [other.key], target: '99.9' },
      },
    });
    // Two minutes that belong to an outage before, then ten, then up again.
    await one.record([one.saw(-60, 'up'), one.saw(-59, 'down'), one.saw(-58, 'down'), one.saw(-57, 'up')]);
    await one.record(Array.from({ length: 56 }, (_, n) => one.saw(n - 56, n >= 30 && n < 40 ? 'down' : 'up')));
    await other.record(Array.from({ length: 61 }, (_, n) => other.saw(n - 60, 'up')));
    const incident = await incidentOf(one);
    expect(Date.parse(incident.resolvedAt) - Date.parse(incident.startedAt)).toBe(10 * minuteMs);
    const { promises, more } = await get(`incidents/${incident.id}/cost`);
    expect(more).toBe(0);
    const told = promises.map(({ objective, costSeconds, isGrowing }: Record<string, unknown>) => [
      objective,
      costSeconds,
      isGrowing,
    ]);
    expect(told).toEqual([
      ['up', 600, false],
      ['mean', 300, false],
    ]);
    const { objectives } = await get(`agreements/a-${one.key}/compliance`);
    const up = objectives.find(({ key }: { key: string }) => key === 'up');
    expect(up.seconds.bad).toBe(720);
    expect(promises[0]).toMatchObject({
      ...{ agreement: `a-${one.key}`, agreementTitle: `About a-${one.key}`, basis: 'draft', title: 'Up' },
      ...{ budgetSeconds: up.budget.seconds, verdict: up.verdict },
    });
    expect(promises[0].budgetSeconds - promises[0].leftSeconds).toBe(720);
  });

  it('goes on while it lasts, and is nothing where nothing is promised', async () => {
    const one = await measured();
    await one.record([one.saw(-2, 'up')]);
    await one.record([one.saw(-1, 'down'), one.saw(0, 'down')]);
    const { id } = await incidentOf(one);
    expect((await get(`incidents/${id}/cost`)).promises).toEqual([]);
    await agreement(`b-${one.key}`, {
      services: [one.key],
      objectives: { up: { type: 'availability', target: '99.9' } },
    });
    const { asOf, promises } = await get(`incidents/${id}/cost`);
    const { startedAt } = await incidentOf(one);
    expect(promises).toMatchObject([{ objective: 'up', isGrowing: true }]);
    expect(promises[0].costSeconds * 1_000).toBe(Date.parse(asOf) - Date.parse(startedAt));
  });

  it('of what is not there is not found', async () => {
    expect((await server.request('GET', '/api/v1/incidents/999999/cost')).status).toBe(404);
  });
});
