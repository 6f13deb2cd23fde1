import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DeliveriesProcessor } from '../../../../server/alerting/channels/deliveries.processor.ts';
import { DeliveriesService } from '../../../../server/alerting/channels/deliveries.service.ts';
import type { FailedDelivery } from '../../../../server/alerting/channels/delivery-failed.event.ts';
import { waitBeforeRetry } from '../../../../server/alerting/channels/delivery-timing.ts';
import { SelfTestsService } from '../../../../server/alerting/channels/self-tests.service.ts';
import type { AlertMessage, Delivery } from '../../../../server/contract/channels.ts';
import { EventBus } from '../../../../server/platform/events.ts';
import { alertMessage } from '../../../support/alert-message.ts';
import { startReceiver, type Receiver, type Reply } from '../../../support/receiver.ts';
import { startTestServer, type TestServer } from '../../../support/server.ts';
import { until } from '../../../support/until.ts';

let server: TestServer;
let receiver: Receiver;
const failures: FailedDelivery[] = [];

beforeAll(async () => {
  receiver = await startReceiver();
  server = await startTestServer({ TROTH_ALLOW_LOOPBACK: 'true' });
  server.app.get(EventBus).on('delivery.failed', (failure) => void failures.push(failure));
});
afterAll(async () => {
  await server.close();
  await receiver.stop();
});
beforeEach(() => {
  receiver.received.length = 0;
  failures.length = 0;
});
afterEach(() => receiver.reply({}));

let channels = 0;
/** A channel of its own for a test, that leads to a path of its own. */
async function channel(kind = 'webhook', more: object = {}): Promise<string> {
  const key = `c${(channels += 1)}`;
  const url = `${receiver.url}/${key}`;
  const configs: Record<string, object> = {
    webhook: { url, secret: 'a-signing-secret-of-the-tests' },
    ntfy: { url, topic: 'noc' },
    slack: { api: url, token: 'xoxb-1', channel: 'C1' },
    telegram: { url, token: '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw', chat: '1' },
  };
  const { status, body } = await server.request('PUT', `/api/v1/channels/${key}`, {
    ...{ name: key, kind, config: configs[kind] },
    ...more,
  });
  expect(status, JSON.stringify(body)).toBe(201);
  return key;
}

let orders = 0;
const enqueue = (key: string, over: Partial<AlertMessage> = {}, dedupeKey = `d${(orders += 1)}`) =>
  server.app.get(DeliveriesService).enqueue({ channel: key, message: alertMessage(over), dedupeKey });
const at = (key: string) => receiver.received.filter(({ path }) => path.startsWith(`/${key}`));
const arrived = (key: string, count: number, limitMs?: number) =>
  until(() => (at(key).length >= count ? at(key) : null), limitMs);
const deliveries = async (key: string): Promise<Delivery[]> =>
  (await server.request('GET', `/api/v1/channels/${key}/deliveries`)).body.items;
const settled = (key: string) =>
  until(async () => {
    const all = await deliveries(key);
    return all.length > 0 && all.every(({ state }) => state !== 'waiting') ? all : null;
  });
/** The first deliveries of a channel have been tried so often, and wait. */
const triedOften = (key: string, attempts: number) =>
  until(async () => {
    const rows = await server.database.query(
      `select 1 from deliveries d join channels c on c.id = channel_id
       where c.key = $1 and attempts = $2 and busy_until is null and said is not null`,
      [key, attempts],
    );
    return rows.length > 0;
  });
/** As if the time of the next attempt had come. */
async function waited(key: string): Promise<void> {
  await server.database.query(
    `with c as (update channels set hold_until = '-infinity' where key = $1 returning id)
     update deliveries set next_at = now() from c where channel_id = c.id and state = 'waiting'`,
    [key],
  );
  server.app.get(DeliveriesProcessor).look('all');
}
const replying = (key: string, reply: Reply | (() => Reply)) =>
  receiver.reply(({ path }) => (path.startsWith(`/${key}`) ? (typeof reply === 'function' ? reply() : reply) : {}));

describe('what is written into the outbox', () => {
  it('is sent as soon as its transaction commits, once, and then says so', async () => {
    const key = await channel();
    const begunMs = Date.now();
    await enqueue(key);
    const [request] = await arrived(key, 1);
    expect(request!.atMs - begunMs).toBeLessThan(2_000);
    const [one] = await settled(key);
    expect(one).toEqual({
      ...{ id: expect.any(Number), alert: { id: 7, fingerprint: 'service-down/payroll' } },
      ...{
        moment: 'firing',
        urgency: 'page',
        title: 'Payroll is down',
        state: 'delivered',
        attempts: 1,
        said: '200: ok',
      },
      ...{ createdAt: expect.any(String), nextAt: null, giveUpAt: expect.any(String), endedAt: expect.any(String) },
    });
    expect(Date.parse(one!.giveUpAt) - Date.parse(one!.createdAt)).toBe(30 * 60_000);
    expect(at(key)).toHaveLength(1);
  });

  it('is not sent when the transaction fails', async () => {
    const key = await channel();
    const failing = server.database.transaction(async () => {
      await enqueue(key);
      throw new Error('it fails');
    });
    await expect(failing).rejects.toThrow('it fails');
    await enqueue(key, { title: 'Another' });
    const [request] = await arrived(key, 1);
    expect(request!.json.data.title).toBe('Another');
    expect(await settled(key)).toHaveLength(1);
  });

  it('is one message where it is ordered twice', async () => {
    const key = await channel();
    await Promise.all([enqueue(key, {}, 'the-same'), enqueue(key, {}, 'the-same')]);
    await enqueue(key, {}, 'the-same');
    await settled(key);
    await enqueue(key, {}, 'another');
    await arrived(key, 2);
    expect(await settled(key)).toHaveLength(2);
    expect(at(key)).toHaveLength(2);
  });

  it('for a channel that is not there is told to whoever ordered it', async () => {
    expect(await enqueue('nowhere')).toEqual(['nowhere']);
  });

  it('is sent once by a job that comes twice', async () => {
    const key = await channel();
    replying(key, { status: 503 });
    await enqueue(key);
    await triedOften(key, 1);
    replying(key, {});
    const [{ id }] = (await deliveries(key)) as [Delivery];
    await server.database.query('update deliveries set next_at = now() where id = $1', [id]);
    const sending = server.app.get(DeliveriesService);
    const both = await Promise.all([sending.attempt(id, 1), sending.attempt(id, 1)]);
    expect(both.filter((one) => one !== null)).toHaveLength(1);
    expect(at(key)).toHaveLength(2);
  });
});

describe('a receiver that refuses', () => {
  it.each([500, 502, 503, 408])('with %i is asked again under the same idempotency key', async (status) => {
    const key = await channel();
    replying(key, () => (at(key).length > 1 ? {} : { status, body: 'not now' }));
    await enqueue(key);
    await triedOften(key, 1);
    const [waiting] = await deliveries(key);
    expect(waiting).toMatchObject({ state: 'waiting', attempts: 1, said: `${status}: not now` });
    const waitMs = Date.parse(waiting!.nextAt!) - Date.parse(waiting!.createdAt);
    expect(waitMs).toBeGreaterThanOrEqual(5_000);
    expect(waitMs).toBeLessThan(8_000);
    await waited(key);
    expect(await settled(key)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
    const keys = at(key).map(({ headers }) => [headers['idempotency-key'], headers['webhook-id']]);
    expect(keys).toHaveLength(2);
    expect(new Set(keys.flat()).size).toBe(1);
  });

  it.each([400, 401, 404, 410, 422])('with %i is not asked again, and that is told', async (status) => {
    const key = await channel();
    replying(key, { status, body: 'never' });
    await enqueue(key);
    expect(await settled(key)).toMatchObject([{ state: 'failed', attempts: 1, said: `${status}: never` }]);
    expect(failures).toMatchObject([{ channel: key, said: `${status}: never`, message: { title: 'Payroll is down' } }]);
    expect((await server.request('GET', `/api/v1/channels/${key}`)).body.lastFailure).toMatchObject({
      said: `${status}: never`,
    });
  });

  it('with 429 is left alone for as long as it asks, with all that is for it', async () => {
    const key = await channel('ntfy');
    replying(key, () => (at(key).length > 1 ? {} : { status: 429, headers: { 'retry-after': '2' }, body: '' }));
    await enqueue(key);
    await triedOften(key, 1);
    await enqueue(key, { alert: { id: 8, fingerprint: 'another' } });
    const all = await arrived(key, 2);
    expect(all[1]!.atMs - all[0]!.atMs).toBeGreaterThanOrEqual(1_950);
    expect(all[1]!.atMs - all[0]!.atMs).toBeLessThan(5_000);
  });

  it('with 429 for longer than the message is of use is given up at once', async () => {
    const key = await channel();
    replying(key, { status: 429, headers: { 'retry-after': '3600' } });
    await enqueue(key);
    expect(await settled(key)).toMatchObject([{ state: 'failed', attempts: 1 }]);
    expect(failures).toHaveLength(1);
    // So is what is for it meanwhile, unless it has more time than that.
    await enqueue(key, { alert: { id: 8, fingerprint: 'page' } });
    await enqueue(key, { alert: { id: 9, fingerprint: 'ticket' }, urgency: 'ticket' });
    await server.app.get(DeliveriesService).giveUpHeld();
    expect((await deliveries(key)).map(({ state, attempts }) => [state, attempts])).toEqual([
      ['waiting', 0],
      ['failed', 0],
      ['failed', 1],
    ]);
    expect(failures.map(({ message }) => message.alert.id)).toEqual([7, 8]);
  });

  it('until the time is over is given up, visibly, and that is told in the same transaction', async () => {
    const key = await channel();
    replying(key, { status: 500, body: 'broken' });
    await enqueue(key);
    await triedOften(key, 1);
    await server.database.query(
      `update deliveries set give_up_at = now() from channels c where c.id = channel_id and c.key = $1`,
      [key],
    );
    await waited(key);
    expect(await settled(key)).toMatchObject([{ state: 'failed', attempts: 2, said: '500: broken' }]);
    expect(failures).toMatchObject([{ channel: key, said: '500: broken' }]);
    const { checks } = (await server.request('GET', '/health/ready')).body;
    expect(checks['deliveries'].detail).toMatch(/messages? of the last day could not be delivered/);
  });

  it('by refusing TLS, or by being away, is asked again', async () => {
    const key = await channel();
    const url = receiver.url.replace('http:', 'https:');
    const config = { url, secret: 'a-signing-secret-of-the-tests' };
    await server.request('PUT', `/api/v1/channels/${key}`, { name: key, kind: 'webhook', config });
    await enqueue(key);
    await triedOften(key, 1);
    expect(await deliveries(key)).toMatchObject([
      { state: 'waiting', said: expect.stringMatching(/tls|ssl|protocol/i) },
    ]);
  });
});

describe('a receiver whose name does not resolve', () => {
  it('is asked again, and delays no other', async () => {
    const [nowhere, other] = [await channel(), await channel()];
    const config = { url: 'http://no-such-host.invalid/hook', secret: 'a-signing-secret-of-the-tests' };
    await server.request('PUT', `/api/v1/channels/${nowhere}`, { name: nowhere, kind: 'webhook', config });
    await enqueue(nowhere);
    const begunMs = Date.now();
    await enqueue(other);
    const [request] = await arrived(other, 1);
    expect(request!.atMs - begunMs).toBeLessThan(5_000);
    await triedOften(nowhere, 1);
    expect(await deliveries(nowhere)).toMatchObject([
      { state: 'waiting', said: expect.stringMatching(/no-such-host|resolve/i), nextAt: expect.any(String) },
    ]);
    await server.request('DELETE', `/api/v1/channels/${nowhere}`);
  });
});

describe('a channel that hangs', () => {
  it('delays no other', async () => {
    const hanging = await channel();
    const others = await Promise.all([channel(), channel('ntfy'), channel()]);
    replying(hanging, { hangs: true });
    for (let n = 0; n < 30; n += 1) await enqueue(hanging, { alert: { id: n, fingerprint: `f${n}` } });
    await arrived(hanging, 4);
    const begunMs = Date.now();
    await Promise.all(others.map((key) => enqueue(key)));
    for (const key of others) {
      const [request] = await arrived(key, 1);
      expect(request!.atMs - begunMs).toBeLessThan(5_000);
    }
    // No more than its kind has room for were handed over meanwhile.
    expect(at(hanging).length).toBeLessThanOrEqual(4);
    await server.request('DELETE', `/api/v1/channels/${hanging}`);
    // That other channels failed before may be on its way to this one too.
    const ours = failures.filter(({ message }) => /^f\d+$/.test(message.alert.fingerprint));
    expect(ours.map(({ channel: one }) => one)).toEqual(Array.from({ length: 30 }, () => hanging));
  });
});

describe('order', () => {
  it('a recovery is never told before the outage, however that one fares', async () => {
    const key = await channel();
    let refusing = true;
    replying(key, () => (refusing ? { status: 503 } : {}));
    await enqueue(key, { moment: 'firing' });
    await triedOften(key, 1);
    await enqueue(key, { moment: 'resolved' });
    await enqueue(key, { alert: { id: 9, fingerprint: 'another' } });
    // The other alert does not wait behind this one.
    await arrived(key, 2);
    refusing = false;
    await waited(key);
    await settled(key);
    const told = at(key)
      .filter(({ json }) => json.data.alert.id === 7)
      .map(({ json }) => json.data.moment);
    expect(told).toEqual(['firing', 'firing', 'resolved']);
  });

  it('pages come before what has time', async () => {
    const key = await channel('ntfy');
    let goOn = (): void => undefined;
    replying(key, { after: new Promise<void>((resolve) => (goOn = resolve)) });
    await enqueue(key, { alert: { id: 1, fingerprint: 'a' }, title: 'first' });
    await arrived(key, 1);
    await enqueue(key, { alert: { id: 2, fingerprint: 'b' }, urgency: 'ticket', title: 'ticket' });
    await enqueue(key, { alert: { id: 3, fingerprint: 'c' }, urgency: 'page', title: 'page' });
    goOn();
    const all = await arrived(key, 3);
    expect(all.map(({ json }) => json.title)).toEqual(['Firing: first', 'Firing: page', 'Firing: ticket']);
  });
});

describe('a message that is changed in place', () => {
  it('is the one that the alert began with; where it is gone, a new one takes its place', async () => {
    const key = await channel('slack');
    let lost = false;
    receiver.reply(({ path }) =>
      path.endsWith('chat.update') && lost
        ? { body: { ok: false, error: 'message_not_found' } }
        : { body: { ok: true, channel: 'C1', ts: lost ? '2.0' : '1.0' } },
    );
    await enqueue(key, { moment: 'firing' });
    await settled(key);
    await enqueue(key, { moment: 'acknowledged' });
    await settled(key);
    lost = true;
    await enqueue(key, { moment: 'resolved' });
    await settled(key);
    expect(at(key).map(({ path, json }) => [path.slice(key.length + 2), json.ts ?? null])).toEqual([
      ['chat.postMessage', null],
      ['chat.update', '1.0'],
      ['chat.update', '1.0'],
      ['chat.postMessage', null],
    ]);
    const gaps = at(key).map(({ atMs }) => atMs);
    expect(gaps[1]! - gaps[0]!).toBeGreaterThanOrEqual(950);
    const kept = await server.database.query(
      `select reference from channel_messages m join channels c on c.id = channel_id where c.key = $1`,
      [key],
    );
    expect(kept).toEqual([{ reference: 'C1 2.0' }]);
  });
});

describe('the weekly self-test', () => {
  it('is sent by itself once a week to channels that ask for it', async () => {
    const key = await channel('webhook', { selfTest: 'weekly' });
    const silent = await channel();
    const order = () => server.app.get(SelfTestsService).order();
    await order();
    expect(await deliveries(key)).toEqual([]);
    await server.database.query(`update channels set self_tested_at = now() - interval '7 days'`);
    await Promise.all([order(), order()]);
    await settled(key);
    expect(at(key).map(({ json }) => json.type)).toEqual(['alert.test']);
    expect(at(silent)).toEqual([]);
  });
});

it('Prometheus can read how many were delivered, and how fast', async () => {
  const { body } = await server.request('GET', '/metrics');
  expect(body).toMatch(/^troth_deliveries_total\{kind="webhook",outcome="delivered"\} [1-9]/m);
  expect(body).toMatch(/^troth_deliveries_total\{kind="webhook",outcome="failed"\} [1-9]/m);
  expect(body).toMatch(/^troth_delivery_seconds_count\{kind="slack"\} 3$/m);
});

describe('waits', () => {
  const hour = 3_600_000;
  const wait = (attempts: number, more: object = {}) => waitBeforeRetry({ attempts, leftMs: hour, random: 0, ...more });
  it('double from five seconds to five minutes, a quarter longer at most', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 50].map((attempts) => wait(attempts))).toEqual([
      5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000,
    ]);
    expect(wait(1, { random: 0.999 })).toBe(6_249);
  });
  it('end with the time that a message is of use; what is asked for is honoured', () => {
    expect(wait(7, { leftMs: 1_000 })).toBe(1_000);
    expect(wait(1, { leftMs: 0 })).toBeNull();
    expect(wait(1, { retryAfterMs: 30_000 })).toBe(30_000);
    expect(wait(5, { retryAfterMs: 1 })).toBe(80_000);
    expect(wait(1, { retryAfterMs: hour + 1 })).toBeNull();
  });
});
