import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { DeliveryOrder } from '../../server/alerting/channels/deliveries.service.ts';
import { alertMessage } from '../support/alert-message.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { until } from '../support/until.ts';
import { ended, startInstallation, type Installation } from './installation.ts';

/** Each start of a server takes seconds: 200 kills are half an hour, for `DELIVERY_KILLS=200 npm run test:faults`. */
const killsWanted = Number(process.env['DELIVERY_KILLS'] ?? 40);
const channels = Array.from({ length: 24 }, (_, index) => `channel-${index}`);
const allowed = { TROTH_ALLOW_LOOPBACK: 'true' };

let troth: Installation;
let receiver: Receiver;
let ordered: Map<string, DeliveryOrder>;
/** What a process has said to be committed. */
let committed: Set<string>;

beforeEach(async () => {
  [troth, receiver] = [await startInstallation(), await startReceiver()];
  [ordered, committed] = [new Map(), new Set()];
  receiver.reply(() => ({ afterMs: Math.random() * 60 }));
  const server = await troth.startServer(allowed);
  for (const key of channels) {
    await troth.request(server.said.url, 'PUT', `/api/v1/channels/${key}`, {
      ...{ name: key, kind: 'ntfy', config: { url: receiver.url, topic: key } },
    });
  }
  server.kill('SIGKILL');
  await ended(server);
});
afterEach(async () => {
  await troth?.stop();
  await receiver?.stop();
});

/** An outage and its end. */
function order(outbox: ChildProcess, alertId: number): void {
  const channel = channels[Math.floor(Math.random() * channels.length)]!;
  const alert = { id: alertId, fingerprint: `alert-${alertId}` };
  const orders = (['firing', 'resolved'] as const).map((moment) => ({
    channel,
    message: alertMessage({ alert, moment, title: `alert ${alertId}` }),
    dedupeKey: `${alertId}/${moment}`,
  }));
  for (const one of orders) ordered.set(one.dedupeKey, one);
  outbox.send(orders, () => undefined);
}

/** Says again what nobody has said to be committed, as whoever has something to tell does. */
function orderAgain(outbox: ChildProcess): void {
  const firings = [...ordered.values()].filter(({ message }) => message.moment === 'firing');
  for (const firing of firings.filter(({ dedupeKey }) => !committed.has(dedupeKey))) {
    const resolved = ordered.get(firing.dedupeKey.replace('firing', 'resolved'))!;
    outbox.send([firing, resolved], () => undefined);
  }
}

async function startOutbox(): Promise<ChildProcess> {
  const outbox = await troth.startOutbox(allowed);
  outbox.on('message', ({ committed: keys }: { committed: string[] }) => keys.forEach((key) => committed.add(key)));
  orderAgain(outbox);
  return outbox;
}

/** Instants and idempotency keys of what arrived, by title. */
function arrivals(): Map<string, { atMs: number; key: string }[]> {
  const all = new Map<string, { atMs: number; key: string }[]>();
  for (const { json, atMs, headers } of receiver.received) {
    const title = json.title as string;
    all.set(title, [...(all.get(title) ?? []), { atMs, key: String(headers['idempotency-key']) }]);
  }
  return all;
}
const titleOf = ({ message }: DeliveryOrder): string =>
  `${message.moment === 'firing' ? 'Firing' : 'Resolved'}: ${message.title}`;
const everythingArrived = (limitMs: number) =>
  until(() => {
    const seen = arrivals();
    return [...ordered.values()].every((one) => seen.has(titleOf(one)));
  }, limitMs);
const nothingWaits = () =>
  until(async () => (await troth.query(`select 1 from deliveries where state <> 'delivered'`)).length === 0, 60_000);

/** Whatever arrived more than once was repeated because of what happened between: at most once for each such instant. */
function expectRepeatsOnlyAcross(instants: readonly number[]): number {
  let repeats = 0;
  const keys = new Set<string>();
  for (const [title, all] of arrivals()) {
    expect(new Set(all.map(({ key }) => key)).size, title).toBe(1);
    keys.add(all[0]!.key);
    for (const [index, { atMs }] of all.entries()) {
      const before = all[index - 1];
      if (!before) continue;
      repeats += 1;
      expect(
        instants.some((instant) => instant >= before.atMs && instant <= atMs),
        title,
      ).toBe(true);
    }
  }
  expect(keys.size).toBe(arrivals().size);
  return repeats;
}

function expectOrder(): void {
  const seen = arrivals();
  for (const [title, all] of seen) {
    if (!title.startsWith('Firing')) continue;
    const resolved = seen.get(title.replace('Firing', 'Resolved'));
    expect(all.at(-1)!.atMs, title).toBeLessThanOrEqual(resolved![0]!.atMs);
  }
}

it(`a server that is killed ${killsWanted} times around sending loses nothing, and repeats a message once a kill at most`, async () => {
  const kills: number[] = [];
  let alerts = 0;
  for (let kill = 0; kill < killsWanted; kill += 1) {
    const outbox = await startOutbox();
    const before = receiver.received.length;
    const burst = 4 + Math.floor(Math.random() * 8);
    for (let n = 0; n < burst; n += 1) order(outbox, (alerts += 1));
    // Half of them strike before anything is sent, the other half while it is.
    if (kill % 2 === 0) await until(() => receiver.received.length > before, 40_000);
    await sleep(Math.random() * 150);
    outbox.kill('SIGKILL');
    kills.push(Date.now());
    await ended(outbox);
  }
  await startOutbox();
  await until(() => committed.size === ordered.size, 60_000);
  await everythingArrived(120_000);
  await nothingWaits();
  const repeats = expectRepeatsOnlyAcross(kills);
  expectOrder();
  expect(receiver.received.length).toBe(ordered.size + repeats);
  // Kills that met nothing in flight would prove nothing.
  expect(repeats).toBeGreaterThan(killsWanted / 20);
}, 3_600_000);

it('a database that is killed during a storm costs no message and no order, and two servers send each once', async () => {
  const [one, two] = await Promise.all([startOutbox(), startOutbox()]);
  const strikes: number[] = [];
  for (let alertId = 1; alertId <= 300; alertId += 1) {
    order(alertId % 2 === 0 ? one : two, alertId);
    if (alertId % 100 === 50) {
      const pid = await until(() => troth.postgres.pid, 30_000);
      strikes.push(Date.now());
      process.kill(pid, 'SIGKILL');
    }
    await sleep(10);
  }
  await until(async () => {
    orderAgain(one);
    await sleep(500);
    return committed.size === ordered.size;
  }, 60_000);
  await everythingArrived(120_000);
  await nothingWaits();
  expectOrder();
  const repeats = expectRepeatsOnlyAcross(strikes);
  expect(receiver.received.length).toBe(ordered.size + repeats);
}, 600_000);
