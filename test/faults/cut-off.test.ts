import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serviceStates } from '../../server/domain/service-state.ts';
import { until } from '../support/until.ts';
import { ended, startInstallation, type Installation } from './installation.ts';
import { startWire, type Wire } from './wire.ts';

let troth: Installation;
let wire: Wire;

beforeAll(async () => {
  troth = await startInstallation();
  wire = await startWire(troth.postgres.url);
});
afterAll(async () => {
  wire?.cut();
  wire?.close();
  await troth?.stop();
});

const tenMinutesMs = 600_000;

it('an agent that was cut off for ten minutes brings what it could not hand over: none is lost, none is doubled', async () => {
  const paths = Array.from({ length: 10 }, (_, index) => `a${index}`);
  const asked = () => [...troth.target.seen.values()].reduce((sum, { length }) => sum + length, 0);
  const { said } = await troth.startServer();
  const agent = await troth.startAgent({ DATABASE_URL: wire.url });
  await troth.define(said.url, paths);
  await until(async () => (await troth.state(said.url, 'a9')) === 'up', 30_000);
  const before = asked();
  wire.cut();
  // What it had on its timers it still runs.
  await until(() => asked() > before, 10_000);
  await until(async () => (await troth.state(said.url, 'a9')) === 'unknown', 60_000);
  await sleep(tenMinutesMs);
  expect(await troth.state(said.url, 'a9')).toBe('unknown');
  expect((await troth.record()).observations).toBeLessThan(asked());
  wire.mend();
  await until(async () => (await troth.state(said.url, 'a9')) === 'up', 60_000);
  // Both are counted once nothing more is asked: one that is stopped hands over what it has.
  agent.kill('SIGTERM');
  await ended(agent);
  await until(async () => (await troth.record()).observations >= asked(), 60_000);
  expect((await troth.record()).observations).toBe(asked());
  expect((await troth.record()).states).not.toContain(serviceStates.indexOf('down'));
}, 1_000_000);
