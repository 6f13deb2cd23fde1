import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serviceStates } from '../../server/domain/service-state.ts';
import { until } from '../support/until.ts';
import { startInstallation, type Installation } from './installation.ts';

const everyMs = 1_000;

let troth: Installation;
beforeEach(async () => {
  troth = await startInstallation();
});
afterEach(() => troth.stop());

function fakeTimeLibrary(): string {
  const folders = readdirSync('/usr/lib').map((name) => join('/usr/lib', name, 'faketime'));
  const library = folders.flatMap((folder) => {
    try {
      return readdirSync(folder)
        .filter((name) => name === 'libfaketime.so.1')
        .map((name) => join(folder, name));
    } catch {
      return [];
    }
  })[0];
  if (!library) throw new Error('libfaketime is not installed');
  return library;
}

describe('a wall clock that steps', () => {
  it.each([
    ['an hour forward', '+3600'],
    ['an hour back', '-3600'],
  ])('%s makes no false transition and no gap over one interval, and probing goes on', async (_name, step) => {
    const file = join(troth.folder, 'wall-clock');
    writeFileSync(file, '+0\n');
    const faked = {
      LD_PRELOAD: fakeTimeLibrary(),
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_NO_CACHE: '1',
    };
    const { said } = await troth.startServer(faked);
    await troth.startAgent(faked);
    await troth.define(said.url, ['a']);
    await until(async () => (await troth.state(said.url, 'a')) === 'up', 30_000);
    const [begun] = await troth.query<{ from_ms: number }>(
      'select min(from_ms) as from_ms from service_intervals where state = 0',
    );
    writeFileSync(file, `${step}\n`);
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
