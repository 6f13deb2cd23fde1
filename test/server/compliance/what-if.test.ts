import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Explanation } from '../../../server/contract/compliance.ts';
import type { WhatIf } from '../../../server/contract/what-if.ts';
import { account } from '../../support/accounts.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;

const config = `apiVersion: troth/v1
teams: { it: { name: IT }, hr: { name: Human Resources } }
calendars:
  office: { timeZone: Europe/Berlin, week: { mon: ["08:00-18:00"], tue: ["08:00-18:00"], wed: ["08:00-18:00"], thu: ["08:00-18:00"], fri: ["08:00-18:00"] } }
services:
  payroll: { name: Payroll, owner: it, dependsOn: [network] }
  mail: { name: Mail, owner: it }
  network: { name: Network, owner: it }
maintenance:
  patch: { services: [payroll], start: 2026-10-10T02:00, timeZone: Europe/Berlin, duration: 2h, announced: 2026-10-01T00:00:00Z }
agreements:
  hr-payroll:
    kind: SLA
    title: Payroll for HR
    provider: it
    customer: hr
    effective: { from: 2026-01-01 }
    timeZone: Europe/Berlin
    status: declared
    objectives:
      availability: { type: availability, services: [payroll], target: "99.9" }
      both: { type: availability, services: [payroll, mail], target: "99.9" }
      outages: { type: outage, services: [payroll], atMost: 1 }
      success: { type: success, services: [payroll], target: "99" }
      response: { type: response, severity: 1, within: 15m, target: "95", services: [payroll] }
      tickets: { type: metric, metric: tickets, atLeast: "100" }
`;

const path = 'agreements/hr-payroll/objectives';
const october = 'period=2026-10&at=2026-11-15T00:00:00Z';
const ask = (objective: string, body: object, query = october) =>
  server.request('POST', `/api/v1/${path}/${objective}/what-if?${query}`, body);
const supposed = async (objective: string, body: object, query = october): Promise<WhatIf> => {
  const { status, body: told } = await ask(objective, body, query);
  expect(status, JSON.stringify(told)).toBe(200);
  return told;
};
const explained = async (objective: string, query = october): Promise<Explanation> =>
  (await server.request('GET', `/api/v1/${path}/${objective}/explain?${query}`)).body;
const down = (from: string, to: string, service = 'payroll') => ({ service, from, to, state: 'down' });
const up = (from: string, to: string, service = 'payroll') => ({ ...down(from, to, service), state: 'up' });
const hour = ['2026-10-06T09:00:00.000Z', '2026-10-06T10:00:00.000Z'] as const;

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api', LOG_LEVEL: 'error' });
  const applied = await server.request('POST', '/api/v1/config/apply', config);
  if (applied.status !== 200) throw new Error(JSON.stringify(applied.body));
  const history = async (key: string, intervals: readonly (readonly [string, string, string])[]) => {
    const { status, body } = await server.request('POST', `/api/v1/services/${key}/timeline`, {
      intervals: intervals.map(([state, from, to]) => ({ state, from, to })),
    });
    if (status !== 204) throw new Error(JSON.stringify(body));
  };
  // An hour of the 745 of October, and half an hour in planned maintenance.
  await history('payroll', [
    ['up', '2026-09-01T00:00:00Z', hour[0]],
    ['down', ...hour],
    ['up', hour[1], '2026-10-10T00:30:00Z'],
    ['down', '2026-10-10T00:30:00Z', '2026-10-10T01:00:00Z'],
    ['up', '2026-10-10T01:00:00Z', '2026-11-20T00:00:00Z'],
  ]);
  await history('mail', [
    ['up', '2026-09-01T00:00:00Z', '2026-10-06T09:30:00Z'],
    ['down', '2026-10-06T09:30:00Z', '2026-10-06T10:30:00Z'],
    ['up', '2026-10-06T10:30:00Z', '2026-11-20T00:00:00Z'],
  ]);
});
afterAll(() => server?.close());

describe('what if', () => {
  it.each(['availability', 'both', 'outages', 'success', 'response', 'tickets'])(
    'nothing were otherwise: %s is as the explanation has it',
    async (objective) => {
      const { before, after } = await supposed(objective, {});
      const asItIs = await explained(objective);
      expect(after).toEqual(asItIs);
      expect(before).toEqual(asItIs.objective);
    },
  );

  it('an outage had not been, been shorter, moved into maintenance, or come besides', async () => {
    const { before, after, outages } = await supposed('availability', { intervals: [up(...hour)] });
    expect(before).toMatchObject({ verdict: 'missed', seconds: { bad: 3_600 } });
    expect(after.objective).toMatchObject({ verdict: 'met', seconds: { bad: 0 }, attained: { text: '100 %' } });
    expect(after.lines[0]!.map(({ rule }) => rule)).toContain('Up, as supposed');
    // The one in maintenance has no part in the figure, but moved out of it would have.
    expect(outages).toEqual([
      { service: 'payroll', from: hour[0], to: hour[1], state: 'down' },
      { service: 'payroll', from: '2026-10-10T00:30:00.000Z', to: '2026-10-10T01:00:00.000Z', state: 'down' },
    ]);
    const shorter = await supposed('availability', { intervals: [up(...hour), down(hour[0], '2026-10-06T09:40:00Z')] });
    expect(shorter.after.objective).toMatchObject({ verdict: 'met', seconds: { bad: 2_400 } });
    expect(shorter.after.objective.budget.leftSeconds).toBeCloseTo((745 - 2) * 3.6 - 2_400, 3);
    const moved = await supposed('availability', {
      intervals: [up(...hour), down('2026-10-10T01:00:00Z', '2026-10-10T02:00:00Z')],
    });
    expect(moved.after.objective.seconds).toMatchObject({ bad: 0, excluded: 7_200 });
    const another = await supposed('outages', {
      intervals: [down('2026-10-20T10:00:00Z', '2026-10-20T10:05:00Z')],
    });
    expect([another.before.verdict, another.after.objective.verdict]).toEqual(['met', 'missed']);
    expect(await explained('availability')).toMatchObject({
      objective: { verdict: 'missed', seconds: { bad: 3_600 } },
    });
  });

  it('the promise were another: target, minimum outage, service hours, and how services make one line', async () => {
    const target = await supposed('availability', { target: '99.8' });
    expect(target.after.objective).toMatchObject({ verdict: 'met', target: '99.8', promise: '99.8 %' });
    expect(target.before).toMatchObject({ verdict: 'missed', target: '99.9' });
    const forgiving = await supposed('availability', { minimumOutage: '61m' });
    expect(forgiving.after.objective).toMatchObject({ verdict: 'met', seconds: { down: 3_600, bad: 0 } });
    expect(forgiving.after.lines[0]!.find(({ class: name }) => name === 'down')!.rule).toBe(
      'Shorter than 1 h 1 min: forgiven',
    );
    const office = await supposed('availability', { calendar: 'office' });
    expect(office.after.objective.seconds).toMatchObject({ agreed: 22 * 36_000, excluded: 0, bad: 3_600 });
    expect((await supposed('availability', { calendar: null })).after).toEqual(await explained('availability'));
    const both = await supposed('both', {});
    expect(both.before.seconds).toMatchObject({ bad: 5_400 });
    expect(both.terms).toEqual({ target: '99.9', combine: 'any-down', minimumOutageMs: 0, calendar: null });
    expect(both.services).toEqual(['payroll', 'mail']);
    const allDown = await supposed('both', { combine: 'all-down' });
    expect(allDown.after.objective.seconds).toMatchObject({ bad: 1_800 });
    const average = await supposed('both', { combine: 'average' });
    expect(average.after.lines).toHaveLength(2);
    expect((await supposed('success', {})).services).toEqual([]);
  });

  it.each([
    ['target', 'outages', { target: '99' }, 'is of objectives alone that promise a share'],
    ['target', 'availability', { target: '100' }, 'must be percent above 0 and below 100'],
    ['combine', 'response', { combine: 'any-down' }, 'is of availability and outages alone'],
    ['combine', 'outages', { combine: 'average' }, 'cannot be the average for outages'],
    ['minimumOutage', 'success', { minimumOutage: '5m' }, 'is of availability and outages alone'],
    ['calendar', 'availability', { calendar: 'none' }, 'there is no calendar "none"'],
    [
      'intervals.0.service',
      'availability',
      { intervals: [down(...hour, 'mail')] },
      'is not one whose states are counted',
    ],
    ['intervals.0.service', 'success', { intervals: [down(...hour)] }, 'is not one whose states are counted'],
    ['intervals.1.to', 'both', { intervals: [down(...hour), down(hour[1], hour[0])] }, 'must be after from'],
    ['intervals.0.to', 'both', { intervals: [down('2026-11-14T00:00:00Z', '2026-11-16T00:00:00Z')] }, 'future'],
    ['objective', 'availability', { objective: {} }, '"objective" is not a known field'],
  ])('is refused at %s of %s: %o', async (at, objective, input, message) => {
    const { status, body } = await ask(objective, input);
    expect([status, body.code], JSON.stringify(body)).toEqual([422, 'invalid-input']);
    const found = body.issues.find((issue: { path: string }) => issue.path === at);
    expect(found?.message, JSON.stringify(body.issues)).toContain(message);
  });

  it('is for all who may read the agreement, and nothing of it is kept', async () => {
    const cookie = await account(server, 'reader', 'viewer');
    const body = { intervals: [up(...hour)], target: '50' };
    const reply = await server.request('POST', `/api/v1/${path}/availability/what-if?${october}`, body, { cookie });
    expect(reply.status).toBe(200);
    expect((await ask('none', {})).status).toBe(404);
    expect((await server.request('POST', '/api/v1/agreements/none/objectives/x/what-if', {})).status).toBe(404);
    const scorecard = await server.request('GET', '/api/v1/agreements/hr-payroll/compliance?period=2026-10');
    expect(scorecard.body.objectives[0]).toMatchObject({ key: 'availability', target: '99.9', verdict: 'missed' });
    const running = await server.request('GET', '/api/v1/compliance?agreements=hr-payroll');
    expect(running.body.items[0]).toMatchObject({ key: 'availability', target: '99.9' });
  });
});
