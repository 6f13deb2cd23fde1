import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Shown } from './displays.ts';
import { quantile, type Figure } from './figures.ts';
import { adminToken, pathOf, type Installation } from './installation.ts';
import { Child } from './processes.ts';

const reads = 100;
const displays = 100;
const changeEveryMs = 250;

/** The whole board as one answer, read again and again while the checks go on. */
export async function measureBoard(installation: Installation): Promise<Figure[]> {
  const tookMs: number[] = [];
  let services = 0;
  for (let read = 0; read < reads; read++) {
    const begun = performance.now();
    const response = await installation.request('/api/v1/board');
    const text = await response.text();
    tookMs.push(performance.now() - begun);
    services = (JSON.parse(text) as { services: unknown[] }).services.length;
    await sleep(20);
  }
  const name = `board snapshot of ${services} services`;
  return [
    { name: `${name}, p50`, measured: quantile(tookMs, 0.5), unit: 'ms', reach: '' },
    { name: `${name}, p95`, measured: quantile(tookMs, 0.95), unit: 'ms', reach: '≤ 50 ms' },
  ];
}

/** From the end of the target's first changed answer to the delta at each of 100 displays, four changes a second. */
export async function measureDisplays(installation: Installation, forMs: number): Promise<Figure[]> {
  const args = [installation.url, adminToken, String(displays)];
  const wall = new Child<string>(fileURLToPath(new URL('./displays.ts', import.meta.url)), args);
  await wall.ready;
  for (let change = 0; change < forMs / changeEveryMs; change++) {
    installation.target.tell({ type: 'switch', path: pathOf(change) });
    await sleep(changeEveryMs);
  }
  await sleep(3_000);
  const [switched, shown] = [await installation.switched(), await wall.ask<Shown[]>({})];
  await wall.stop();
  const arrivedMs = new Map<string, number[]>();
  for (const { key, state, atMs } of shown.filter(({ state }) => state === 'down')) {
    const name = `${key} ${state}`;
    arrivedMs.set(name, [...(arrivedMs.get(name) ?? []), atMs]);
  }
  const delaysMs = switched.flatMap(({ path, answeredMs }) =>
    (arrivedMs.get(`s-${path.split('/').at(-1)} down`) ?? []).map((atMs) => atMs - answeredMs),
  );
  const name = `probe end → delta at ${displays} displays`;
  return [
    { name: `${name}, p50`, measured: quantile(delaysMs, 0.5), unit: 'ms', reach: '' },
    {
      name: `${name}, p99`,
      measured: quantile(delaysMs, 0.99),
      unit: 'ms',
      reach: '≤ 300 ms (to the pixel)',
    },
    {
      name: '  deltas missing',
      measured: switched.length * displays - delaysMs.length,
      unit: '',
      reach: '0',
    },
  ];
}
