import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serviceStates } from '../../server/domain/service-state.ts';
import { until } from '../support/until.ts';
import { fakeClock } from './fake-clock.ts';
import { startInstallation, type Installation } from './installation.ts';

const everyMs = 1_000;

let troth: Installation;
beforeEach(async () => {
  troth = await startInstallation();
});
afterEach(() => troth.stop());

describe('a wall clock that steps', () => {
  it.each([
    ['an hour forward', '+3600'],
    ['an hour back', '-3600'],
  ])('%s makes no false transition and no gap over one interval, and probing goes on', async (_name, step) => {
    const clock = fakeClock(troth.folder);
    const { said } = await troth.startServer(clock.env);
    await troth.startAgent(clock.env);
    await troth.define(said.url, ['a']);
    await until(async () => (await troth.state(said.url, 'a')) === 'up', 30_000);
    const [begun] = await troth.query<{ from_ms: number }>(
      'select min(from_ms) as from_ms from service_intervals where state = 0',
    );
    clock.step(step);
    const count = () => troth.target.seen.get('/a')!.length;
    const before = count();
    await until(() => count() >= before + 25, 45_000);
    await until(async () => (await troth.state(said.url, 'a')) === 'up');
    const since = await troth.query<{ state: number; from_ms: number; to_ms: number | null }>(
      'select state, from_ms, to_ms from service_intervals where from_ms >= $1 order by from_ms',
      [begun!.from_ms],
    );
    const gaps = since.filter(({ state }) => state !== serviceStates.indexOf('up'));
    for (const { state, from_ms, to_ms } of gaps) {
      expect(state).toBe(serviceStates.indexOf('unknown'));
      expect(to_ms! - from_ms).toBeLessThanOrEqual(everyMs);
    }
    expect(gaps.length).toBeLessThanOrEqual(1);
  });
});
