import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serviceStates } from '../../server/domain/service-state.ts';
import { until } from '../support/until.ts';
import { ended, startInstallation, type Installation } from './installation.ts';

const down = serviceStates.indexOf('down');

let troth: Installation;
beforeEach(async () => {
  troth = await startInstallation();
});
afterEach(() => troth.stop());

const isUp = (url: string, key = 'a') => until(async () => (await troth.state(url, key)) === 'up', 30_000);
const count = (path = '/a') => troth.target.seen.get(path)?.length ?? 0;
const hasMore = async (path: string, more: number, limitMs: number) => {
  const before = count(path);
  await until(() => count(path) >= before + more, limitMs);
};
/** Every request is stored as one observation: a slot that was run twice would leave more requests than that. */
const eachRequestIsStoredOnce = () => until(async () => (await troth.record()).observations === count(), 90_000);

describe('what is killed', () => {
  it('an agent mid-round: its services become unknown, never down, are up again with the next agent, nothing is run twice', async () => {
    const paths = ['a', 'b', 'c'];
    const asked = () => paths.reduce((sum, path) => sum + count(`/${path}`), 0);
    const { said } = await troth.startServer();
    const agent = await troth.startAgent();
    await troth.define(said.url, paths);
    await Promise.all(paths.map((path) => isUp(said.url, path)));
    // The three share rounds and come one after the other: here the round has begun and is not over.
    const before = count();
    await until(() => count() > before, 5_000);
    agent.kill('SIGKILL');
    await until(async () => (await troth.state(said.url, 'a')) === 'unknown', 60_000);
    await troth.startAgent();
    await isUp(said.url);
    // What the killed one had asked and not handed over is lost with it: of each path two seconds at the most.
    await until(async () => asked() - (await troth.record()).observations <= 2 * paths.length, 20_000);
    const { states, observations } = await troth.record();
    expect(observations).toBeLessThanOrEqual(asked());
    expect(states).not.toContain(down);
  });

  it('the server: what the agent saw meanwhile is stored, and nothing was down', async () => {
    const first = await troth.startServer();
    await troth.startAgent();
    await troth.define(first.said.url, ['a']);
    await isUp(first.said.url);
    first.kill('SIGKILL');
    await ended(first);
    const second = await troth.startServer();
    await hasMore('/a', 3, 40_000);
    await isUp(second.said.url);
    await eachRequestIsStoredOnce();
    const { states } = await troth.record();
    expect(states).not.toContain(down);
  });

  it('Postgres: it comes back, no observation is lost or doubled, and probing goes on', async () => {
    const { said } = await troth.startServer();
    await troth.startAgent();
    await troth.define(said.url, ['a']);
    await isUp(said.url);
    process.kill(troth.postgres.pid!, 'SIGKILL');
    await until(
      () =>
        troth.query('select 1').then(
          () => true,
          () => false,
        ),
      60_000,
    );
    await hasMore('/a', 5, 60_000);
    await eachRequestIsStoredOnce();
    await isUp(said.url);
    const { states } = await troth.record();
    expect(states).not.toContain(down);
  });

  it('the server that dispatches: another takes over within 15 seconds, and no slot is run twice', async () => {
    const servers = [await troth.startServer(), await troth.startServer()];
    await troth.startAgent();
    await troth.define(servers[0]!.said.url, ['a']);
    await isUp(servers[0]!.said.url);
    await hasMore('/a', 3, 10_000);
    // The first that was started holds the lease.
    servers[0]!.kill('SIGKILL');
    const killedAt = Date.now();
    await hasMore('/a', 4, 25_000);
    const next = troth.target.seen.get('/a')!.find((time) => time > killedAt + 3_000);
    expect(next! - killedAt).toBeLessThan(15_000);
    await isUp(servers[1]!.said.url);
    await eachRequestIsStoredOnce();
  });

  it('a server that dispatches and is paused for 20 seconds dispatches nothing more when it goes on', async () => {
    const servers = [await troth.startServer(), await troth.startServer()];
    await troth.startAgent();
    await troth.define(servers[0]!.said.url, ['a']);
    await isUp(servers[0]!.said.url);
    servers[0]!.kill('SIGSTOP');
    await sleep(20_000);
    servers[0]!.kill('SIGCONT');
    await hasMore('/a', 5, 20_000);
    const [lease] = await troth.query<{ epoch: number }>('select epoch from dispatch_lease');
    expect(lease!.epoch).toBe(2);
    await isUp(servers[1]!.said.url);
    await eachRequestIsStoredOnce();
    expect((await troth.record()).states).not.toContain(down);
  });

  it('nothing, but targets that all hang: the others are still run in time', async () => {
    const { said } = await troth.startServer();
    await troth.startAgent();
    await troth.define(
      said.url,
      Array.from({ length: 40 }, (_, index) => `hang-${index}`),
    );
    await troth.define(said.url, ['a']);
    await isUp(said.url);
    await until(async () => (await troth.state(said.url, 'hang-1')) === 'down', 20_000);
    const from = count();
    await hasMore('/a', 8, 12_000);
    const times = troth.target.seen.get('/a')!.slice(from);
    const gaps = times.slice(1).map((time, index) => time - times[index]!);
    for (const gap of gaps) expect(Math.abs(gap - 1_000)).toBeLessThan(300);
  });
});
