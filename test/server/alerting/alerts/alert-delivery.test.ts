import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { minuteMs } from '../../../../server/domain/durations.ts';
import { EventBus } from '../../../../server/platform/events.ts';
import { MeasuredService, put } from '../../../support/measured.ts';
import { startReceiver, type Receiver } from '../../../support/receiver.ts';
import { startTestServer, type TestServer } from '../../../support/server.ts';
import { until } from '../../../support/until.ts';

/** Two servers of one installation that do everything, and a receiver that keeps what it gets. */
let receiver: Receiver;
let server: TestServer;
let other: TestServer;
let count = 0;

beforeAll(async () => {
  receiver = await startReceiver();
  server = await startTestServer({ TROTH_ALLOW_LOOPBACK: 'true' });
  other = await startTestServer({ TROTH_ALLOW_LOOPBACK: 'true', DATABASE_URL: server.databaseUrl });
  const config = { url: `${receiver.url}/noc`, secret: 'a-signing-secret-of-the-tests' };
  await put(server, 'channels/noc', { name: 'NOC', kind: 'webhook', config });
});
afterAll(async () => {
  await other?.close();
  await server?.close();
  await receiver?.stop();
});
beforeEach(() => {
  receiver.received.length = 0;
  receiver.reply({});
});

const measured = (options = {}) => MeasuredService.make(server, `d-${(count += 1)}`, { everyMs: 30_000, ...options });
const fails = (one: MeasuredService) => one.record([one.saw(-1, 'down'), one.saw(0, 'down')]);
const told = () => receiver.received.map(({ json }) => `${json.data.title}: ${json.data.moment}`);
const arrived = (length: number) => until(() => (receiver.received.length >= length ? told() : null), 20_000);

describe('an alert', () => {
  it('reaches its receiver at once, once, from whichever server, and its page says how long that took', async () => {
    const one = await measured();
    const begunMs = Date.now();
    await fails(one);
    expect(await arrived(1)).toEqual([`${one.key} is down: firing`]);
    expect(receiver.received[0]!.atMs - begunMs).toBeLessThan(2_000);
    const [alert] = (
      await other.request('GET', `/api/v1/alerts?service=${one.key}`, undefined, { token: server.adminToken })
    ).body.items;
    const read = async () => (await server.request('GET', `/api/v1/alerts/${alert.id}`)).body.deliveries;
    const [delivery] = await until(async () => ((await read())[0].state === 'delivered' ? read() : null));
    expect(delivery).toMatchObject({ channel: 'noc', moment: 'firing', attempts: 1 });
    expect(delivery.tookSeconds).toBeGreaterThan((begunMs - one.slot(-1)) / 1_000);
    expect(delivery.tookSeconds).toBeLessThan((begunMs - one.slot(-1)) / 1_000 + 5);
    await server.request('POST', `/api/v1/alerts/${alert.id}/acknowledge`, {});
    expect(await arrived(2)).toEqual([`${one.key} is down: firing`, `${one.key} is down: acknowledged`]);
  });

  it('that has to last is told by one of the servers when its time has come', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => measured()));
    for (const { key } of all)
      await put(server, `alert-rules/service-down/service/${key}`, { urgency: 'page', hold: '6s' });
    for (const one of all) await fails(one);
    expect(told()).toEqual([]);
    const expected = all.map(({ key }) => `${key} is down: firing`).toSorted();
    expect((await arrived(6)).toSorted()).toEqual(expected);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(told().toSorted()).toEqual(expected);
  }, 40_000);

  it('whose silence ends while it fires is told at once, by one of the servers', async () => {
    const one = await measured();
    const endsMs = Date.now() + 6_000;
    const silence = { match: { service: [one.key] }, reason: 'Known', to: new Date(endsMs).toISOString() };
    expect((await server.request('POST', '/api/v1/silences', silence)).status).toBe(201);
    await fails(one);
    const outage = () => receiver.received.find(({ json }) => json.data.title === `${one.key} is down`);
    const { atMs, json } = await until(outage, 20_000);
    expect(atMs).toBeGreaterThanOrEqual(endsMs);
    expect(atMs - endsMs).toBeLessThan(2_000);
    expect(json.data.reason).toContain('Its silence has ended');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(told().filter((what) => what.startsWith(one.key))).toHaveLength(1);
  }, 40_000);

  it('of a channel that fails is over when that takes a message again', async () => {
    receiver.reply({ status: 404 });
    const one = await measured();
    await fails(one);
    const failing = async (state: string) =>
      (await server.request('GET', `/api/v1/alerts?rule=delivery-failing&state=${state}`)).body.items;
    await until(async () => ((await failing('living')).length > 0 ? true : null));
    receiver.reply({});
    await fails(await measured());
    await until(async () => ((await failing('resolved')).length > 0 ? true : null));
    expect(await failing('living')).toEqual([]);
  }, 40_000);
});

describe('papers and certificates', () => {
  const alerts = async (rule: string) => (await server.request('GET', `/api/v1/alerts?rule=${rule}`)).body.items;

  it('a certificate that expires soon is a ticket, until another one is seen', async () => {
    const one = await measured({ everyMs: 5_000 });
    await one.record([one.saw(-4, 'up')]);
    const expiring = one.saw(-3, 'degraded');
    expiring[4] = 2;
    await one.record([expiring]);
    const [ticket] = await alerts('certificate-expiring');
    expect(ticket).toMatchObject({ urgency: 'ticket', state: 'firing', service: { key: one.key } });
    await one.record([one.saw(-2, 'up')]);
    expect((await alerts('certificate-expiring'))[0].state).toBe('resolved');
  });

  it('a report, a missed promise and a step that is owed are told once', async () => {
    await put(server, 'teams/hr', { name: 'HR' });
    const one = await measured();
    await put(server, 'agreements/papers', {
      ...{ kind: 'SLA', title: 'Papers', provider: 'it', customer: 'hr', period: 'month', timeZone: 'UTC' },
      ...{ effective: { from: '2020-01-01' }, services: [one.key] },
      objectives: { up: { type: 'availability', target: '99.9' } },
    });
    const declared = {
      ...{ kind: 'OLA', title: 'Declared', provider: 'it', customer: 'hr', period: 'month', timeZone: 'UTC' },
      ...{ effective: { from: '2020-01-01' }, services: [one.key], status: 'declared' },
      objectives: { up: { type: 'availability', target: '99.9' } },
    };
    const file = JSON.stringify({ apiVersion: 'troth/v1', agreements: { declared } });
    expect((await server.request('POST', '/api/v1/config/apply', file)).status).toBe(200);
    const [{ id: agreementId }] = (await server.database.query<{ id: number }>(
      `select id from agreements where key = 'papers'`,
    )) as [{ id: number }];
    const events = server.app.get(EventBus);
    const gist = {
      ...{ verdict: 'missed', unproven: false, sentence: 'Missed by 4 min', credit: null },
      objectives: [{ key: 'up', title: 'Availability', verdict: 'missed', attained: '99.8 %' }],
    };
    const empty = { parts: [], consequences: { credits: [], actions: [] } };
    const content = { title: 'Papers', provider: { key: 'it', name: 'IT' }, gist, ...empty } as never;
    const period = { label: '2026-10', fromMs: 0, toMs: Date.now() };
    await events.publish('reports.frozen', { agreement: 'papers', period, revision: 1, content });
    await events.publish('reports.frozen', {
      ...{ agreement: 'papers', revision: 1, content },
      period: { ...period, label: '2020-10', toMs: 0 },
    });
    // Over before anybody had recorded what was promised in it: it was brought in.
    await events.publish('reports.frozen', {
      ...{ agreement: 'declared', revision: 1, content },
      period: { ...period, label: '2026-09', toMs: Date.now() - minuteMs },
    });
    await events.publish('reports.frozen', {
      ...{ agreement: 'declared', revision: 1, content: { ...(content as object), title: 'Declared' } as never },
      period: { ...period, toMs: Date.now() },
    });
    await events.publish('steps.reminded', {
      steps: [
        {
          ...{ agreementId, agreement: { key: 'papers', title: 'Papers' }, kind: 'signature', step: 'signature/1' },
          ...{ party: 'customer', addresses: [], fromMs: Date.now(), path: '/agreements/papers' },
          what: 'Version 1 waits for the signature of Ann.',
        },
      ],
    });
    expect((await alerts('report-ready')).map(({ title }: { title: string }) => title)).toEqual([
      'Declared: the report of October 2026 is ready',
      'Papers: the report of October 2026 is ready',
    ]);
    const [missed] = await alerts('objective-missed');
    expect(missed).toMatchObject({ reason: 'Reached: 99.8 %', objective: 'up', labels: { team: 'it' } });
    const [due] = await alerts('sign-off-due');
    expect(due).toMatchObject({ urgency: 'ticket', labels: { team: 'hr', agreements: ['papers'] } });
    // What is about one agreement is one message, and there is nothing to wait for behind it.
    const about = () => told().filter((what) => what.startsWith('Papers'));
    await until(() => (about().length > 0 ? true : null), 20_000);
    expect(about()).toEqual(['Papers: Availability was missed in October 2026: firing']);
    expect((await alerts('sign-off-due'))[0]).toMatchObject({ toldIn: expect.any(Number) });
  }, 40_000);
});
