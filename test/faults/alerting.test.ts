import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BoardSnapshot } from '../../server/contract/live.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { until } from '../support/until.ts';
import { fakeClock } from './fake-clock.ts';
import { startInstallation, type Installation } from './installation.ts';
import { startWire } from './wire.ts';

/** All of them are 2,000 for `STORM_SERVICES=2000 npm run test:faults`. */
const stormServices = Number(process.env['STORM_SERVICES'] ?? 400);
const allowed = { TROTH_ALLOW_LOOPBACK: 'true' };

let troth: Installation;
let receiver: Receiver;
beforeEach(async () => {
  [troth, receiver] = [await startInstallation(), await startReceiver()];
});
afterEach(async () => {
  await troth?.stop();
  await receiver?.stop();
});

/** A server with a channel that leads to the receiver. */
async function startServer(env: Record<string, string> = {}): Promise<string> {
  const { said } = await troth.startServer({ ...allowed, ...env });
  const config = { url: `${receiver.url}/noc`, secret: 'a-signing-secret-of-the-tests' };
  await troth.request(said.url, 'PUT', '/api/v1/channels/noc', { name: 'NOC', kind: 'webhook', config });
  return said.url;
}
const restsOn = (url: string, key: string, below: string) =>
  troth.request(url, 'PUT', `/api/v1/services/${key}`, { name: key, owner: 'ops', dependsOn: [below] });
const areAll = (url: string, keys: readonly string[], state: string, limitMs = 60_000) =>
  until(async () => {
    const { services } = (await troth.request(url, 'GET', '/api/v1/board')) as BoardSnapshot;
    const states = new Map(services.map(({ key, state: is }) => [key, is]));
    return keys.every((key) => states.get(key) === state);
  }, limitMs);
const told = (): string[] => receiver.received.map(({ json }) => `${json.data.title}: ${json.data.moment}`);
const isTold = (what: string, limitMs: number) => until(() => told().includes(what), limitMs);
const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `s${index}`);

describe('one page', () => {
  it('is for the switch, though payroll, which is seen twice as often, is confirmed to be down before it', async () => {
    const url = await startServer();
    await troth.startAgent();
    const probe = { timeout: '5s', confirm: { failures: 2, recheckAfter: '2s' } };
    await troth.define(url, ['switch'], { every: '60s', ...probe });
    await troth.define(url, ['payroll'], { every: '30s', ...probe });
    await restsOn(url, 'payroll', 'switch');
    await areAll(url, ['switch', 'payroll'], 'up');
    const asked = () => troth.target.seen.get('/switch')!.length;
    // Its next slot is a minute away then, and payroll's comes before it.
    const before = asked();
    await until(() => asked() > before, 70_000);
    troth.target.broken = 'all';
    const brokenMs = Date.now();
    await isTold('switch is down: firing', 45_000);
    expect(Date.now() - brokenMs).toBeLessThan(45_000);
    await sleep(20_000);
    expect(told()).toEqual(['switch is down: firing']);
    expect(receiver.received[0]!.json.data.dependents).toEqual({ names: ['payroll'], count: 1 });
    troth.target.broken = new Set();
    await isTold('switch is down: resolved', 75_000);
    await areAll(url, ['payroll'], 'up');
    expect(told()).toHaveLength(2);
  }, 400_000);

  it('is for the silent location when a switch dies with the agent behind it, and what comes late is one ticket', async () => {
    const wire = await startWire(troth.postgres.url);
    try {
      const url = await startServer();
      await troth.startAgent({ DATABASE_URL: wire.url });
      const above = numbered(20);
      await troth.define(url, ['switch', ...above]);
      for (const key of above) await restsOn(url, key, 'switch');
      await areAll(url, ['switch', ...above], 'up');
      troth.target.broken = 'all';
      wire.cut();
      await isTold('Nothing is heard of Head office: firing', 180_000);
      expect(told()).toHaveLength(1);
      expect(receiver.received[0]!.json.data.urgency).toBe('page');
      troth.target.broken = new Set();
      wire.mend();
      await isTold('Nothing is heard of Head office: resolved', 90_000);
      await areAll(url, ['switch', ...above], 'up');
      // What was seen failing before the wire was cut has arrived late.
      await until(async () => (await troth.query('select 1 from incidents where is_late')).length > 0, 30_000);
      await sleep(25_000);
      const later = receiver.received.slice(1).filter(({ json }) => json.data.moment === 'firing');
      expect(later.map(({ json }) => json.data.urgency)).toEqual(['ticket']);
      expect(told().filter((what) => what.endsWith('resolved'))).toHaveLength(1);
    } finally {
      wire.cut();
      wire.close();
    }
  }, 500_000);

  it(`is for what ${stormServices} services rest on, within 30 s, and the board is usable meanwhile`, async () => {
    const url = await startServer();
    await troth.startAgent();
    const keys = numbered(stormServices);
    const probe = (key: string) => ({
      ...{
        kind: 'http',
        every: '10s',
        timeout: '5s',
        locations: ['hq'],
        config: { url: `${troth.target.url}/${key}` },
      },
      confirm: { failures: 2, recheckAfter: '1s' },
    });
    const service = (key: string) => ({ name: key, owner: 'ops', probes: { http: probe(key) } });
    await troth.request(url, 'POST', '/api/v1/config/apply', {
      apiVersion: 'troth/v1',
      teams: { ops: { name: 'Operations' } },
      locations: { hq: { name: 'Head office' } },
      services: {
        below: service('below'),
        ...Object.fromEntries(keys.map((key) => [key, { ...service(key), dependsOn: ['below'] }])),
      },
    });
    await areAll(url, ['below', ...keys], 'up', 120_000);
    troth.target.broken = 'all';
    const brokenMs = Date.now();
    await until(() => told().length > 0, 60_000);
    expect(told()).toEqual(['below is down: firing']);
    expect(receiver.received[0]!.atMs - brokenMs).toBeLessThan(30_000);
    const begunMs = Date.now();
    await troth.request(url, 'GET', '/api/v1/board');
    expect(Date.now() - begunMs).toBeLessThan(5_000);
    await areAll(url, keys, 'down', 120_000);
    await sleep(20_000);
    expect(told()).toEqual(['below is down: firing']);
    expect(receiver.received[0]!.json.data.dependents.count).toBe(stormServices);
  }, 500_000);
});

it('two servers tell each outage and its end once, though Postgres is killed during the storm', async () => {
  const url = await startServer();
  const [other] = [await troth.startServer(allowed), await troth.startAgent()];
  const keys = numbered(30);
  await troth.define(url, keys);
  await areAll(url, keys, 'up');
  const strikes: number[] = [];
  const strike = async (): Promise<void> => {
    const pid = await until(() => troth.postgres.pid, 30_000);
    strikes.push(Date.now());
    process.kill(pid, 'SIGKILL');
  };
  const broken = new Set<string>();
  troth.target.broken = broken;
  for (const [index, key] of keys.entries()) {
    broken.add(`/${key}`);
    if (index % 12 === 6) await strike();
    await sleep(150);
  }
  for (const key of keys) await isTold(`${key} is down: firing`, 120_000);
  broken.clear();
  await sleep(700);
  await strike();
  for (const key of keys) await isTold(`${key} is down: resolved`, 120_000);
  await areAll(other.said.url, keys, 'up');
  await until(
    async () => (await troth.query(`select 1 from deliveries where state <> 'delivered'`)).length === 0,
    90_000,
  );
  const expected = keys.flatMap((key) => ['firing', 'resolved'].map((moment) => `${key} is down: ${moment}`));
  expect([...new Set(told())].toSorted()).toEqual(expected.toSorted());
  // What came again did so because of a strike in between, and says by its key that it is the same.
  for (const what of expected) {
    const all = receiver.received.filter(({ json }) => `${json.data.title}: ${json.data.moment}` === what);
    expect(new Set(all.map(({ headers }) => headers['idempotency-key'])).size, what).toBe(1);
    const [first, again, ...more] = all.map(({ atMs }) => atMs);
    expect(more, what).toEqual([]);
    if (again !== undefined)
      expect(
        strikes.some((at) => at >= first! - 1_000 && at <= again),
        what,
      ).toBe(true);
  }
}, 500_000);

describe('a wall clock that steps', () => {
  it.each([
    ['an hour forward', '+3600'],
    ['an hour back', '-3600'],
  ])(
    '%s loses no alert, repeats none, and makes none of its own',
    async (_name, step) => {
      const clock = fakeClock(troth.folder);
      const url = await startServer(clock.env);
      await troth.startAgent(clock.env);
      await troth.define(url, ['a', 'b']);
      await areAll(url, ['a', 'b'], 'up');
      troth.target.broken = new Set(['/a']);
      await isTold('a is down: firing', 30_000);
      clock.step(step);
      await sleep(3_000);
      troth.target.broken = new Set(['/a', '/b']);
      await isTold('b is down: firing', 30_000);
      troth.target.broken = new Set();
      for (const key of ['a', 'b']) await isTold(`${key} is down: resolved`, 30_000);
      await sleep(10_000);
      const expected = ['a is down: firing', 'a is down: resolved', 'b is down: firing', 'b is down: resolved'];
      expect(told().toSorted()).toEqual(expected);
    },
    300_000,
  );
});
