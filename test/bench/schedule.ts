import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Installation } from './installation.ts';
import { quantile, type Figure } from './figures.ts';
import { cpuMs } from './processes.ts';
import type { Arrival } from './target.ts';

/** Clocks of two processes differ by less; a request that is this early belongs to the slot that comes. */
const earlyMs = 50;

export interface SlotReport {
  owed: number;
  missed: number;
  latenessMs: number[];
}

/** Sorts arrivals into the slots that were owed in [fromMs, toMs), by path with its offset. */
export function matchSlots(
  arrivals: readonly Arrival[],
  offsets: ReadonlyMap<string, number>,
  everyMs: number,
  [fromMs, toMs]: readonly [number, number],
): SlotReport {
  const seen = new Map([...offsets.keys()].map((path) => [path, new Map<number, number>()]));
  for (const { path, atMs } of arrivals) {
    const offsetMs = offsets.get(path);
    if (offsetMs === undefined) continue;
    const slotMs = Math.floor((atMs + earlyMs - offsetMs) / everyMs) * everyMs + offsetMs;
    const slots = seen.get(path)!;
    if (slotMs >= fromMs && slotMs < toMs && !slots.has(slotMs)) slots.set(slotMs, atMs - slotMs);
  }
  const first = (offsetMs: number) => Math.ceil((fromMs - offsetMs) / everyMs);
  const owed = [...offsets.values()].reduce(
    (sum, offsetMs) => sum + Math.ceil((toMs - offsetMs) / everyMs) - first(offsetMs),
    0,
  );
  const latenessMs = [...seen.values()].flatMap((slots) => [...slots.values()]);
  return { owed, missed: owed - latenessMs.length, latenessMs };
}

/** Where in the second each path is owed, as the product has stored it. */
export async function offsetsOf(installation: Installation): Promise<Map<string, number>> {
  const rows = await installation.query<{ url: string; offset_ms: number }>(
    `select config->>'url' as url, offset_ms from probes where deleted_at is null`,
  );
  return new Map(rows.map(({ url, offset_ms }) => [new URL(url).pathname, offset_ms]));
}

/** 1,000 plain http checks a second, each on a connection of its own, for a while. */
export async function measureSchedule(bench: Bench, installation: Installation, forMs: number): Promise<Figure[]> {
  const offsets = await offsetsOf(installation);
  await sleep(15_000);
  await installation.arrivals();
  const pids = [...installation.pids, bench.postgres.pid!];
  const [before, ownBefore, beginMs] = [cpuMs(pids), installation.pids.map((pid) => cpuMs([pid])), Date.now()];
  await sleep(forMs);
  const [after, ownAfter, endMs] = [cpuMs(pids), installation.pids.map((pid) => cpuMs([pid])), Date.now()];
  await sleep(1_000);
  const arrivals = await installation.arrivals();
  const { owed, missed, latenessMs } = matchSlots(arrivals, offsets, 1_000, [beginMs + earlyMs, endMs]);
  const checks = arrivals.filter(({ atMs }) => atMs >= beginMs && atMs < endMs).length;
  const [server, agent] = ownAfter.map((ms, index) => (ms - ownBefore[index]!) / checks);
  return [
    {
      name: 'missed of the slots owed at 1,000/s',
      measured: (100 * missed) / owed,
      unit: '%',
      reach: '< 0.1 %',
    },
    {
      name: 'checks per second',
      measured: checks / ((endMs - beginMs) / 1_000),
      unit: '/s',
      reach: '1,000 asked for',
    },
    { name: 'lateness p50', measured: quantile(latenessMs, 0.5), unit: 'ms', reach: '' },
    { name: 'lateness p99', measured: quantile(latenessMs, 0.99), unit: 'ms', reach: '≤ 10 ms' },
    {
      name: 'CPU per check, database included',
      measured: (after - before) / checks,
      unit: 'ms',
      reach: '≤ 0.35, then ≤ 0.20',
    },
    { name: '  of it the server', measured: server!, unit: 'ms', reach: '' },
    { name: '  of it the agent', measured: agent!, unit: 'ms', reach: '' },
    {
      name: '  of it the database',
      measured: (after - before) / checks - server! - agent!,
      unit: 'ms',
      reach: '',
    },
  ];
}

/** From the start of server and agent, the database running, to the first observation that is stored. */
export async function measureStart(installation: Installation, probes: number): Promise<Figure[]> {
  await installation.arrivals();
  const begunMs = Date.now();
  await Promise.all([installation.startServer(), installation.startAgent()]);
  const isStored = async () =>
    (await installation.query('select 1 from series_status where observed_ms >= $1 limit 1', [begunMs])).length > 0;
  while (!(await isStored())) await sleep(10);
  const firstMs = Date.now() - begunMs;
  const firsts = new Map<string, number>();
  while (firsts.size < probes && Date.now() - begunMs < 60_000) {
    for (const { path, atMs } of await installation.arrivals()) if (!firsts.has(path)) firsts.set(path, atMs);
    await sleep(100);
  }
  const spreadMs = Math.max(...firsts.values()) - Math.min(...firsts.values());
  return [
    {
      name: `start with ${probes} probes → first observation stored`,
      measured: firstMs,
      unit: 'ms',
      reach: '≤ 1,500 ms',
    },
    { name: `  probes seen at the target`, measured: firsts.size, unit: '', reach: String(probes) },
    {
      name: '  from the first probe to the last',
      measured: spreadMs,
      unit: 'ms',
      reach: 'one interval: 1,000 ms',
    },
  ];
}
