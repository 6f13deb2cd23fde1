/**
 * Measures the built product from outside and prints the figures of the design beside what is to be reached:
 * `npm run bench -- [--only <row>] [--peers] [--seconds <n>] [--json <file>] [--built]`.
 */
import 'reflect-metadata';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { printTable, type Figure } from './figures.ts';
import { measureAlerts } from './alerts.ts';
import { measureCompliance } from './compliance.ts';
import { Bench, Installation } from './installation.ts';
import { measureBoard, measureDisplays } from './live.ts';
import { measurePeers } from './peers.ts';
import { machine, memoryMb } from './processes.ts';
import { measureSchedule, measureStart } from './schedule.ts';
import { measureStorage } from './storage.ts';
import { measureSoak, measureWall } from './wall.ts';
import { measureYardstick } from './yardstick.ts';

const rows = [
  'start',
  'schedule',
  'board',
  'displays',
  'wall',
  'memory',
  'storage',
  'compliance',
  'alerts',
  'soak',
] as const;
type Row = (typeof rows)[number];
const probes = 1_000;
const settleMs = 30_000;
const root = fileURLToPath(new URL('../../', import.meta.url));

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    peers: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '60' },
    json: { type: 'string' },
    /** Takes `dist` as it is. */
    built: { type: 'boolean', default: false },
  },
});
const wrong = options.only?.find((name) => !rows.includes(name as Row));
if (wrong !== undefined) throw new Error(`--only is one of ${rows.join(', ')}, not ${wrong}`);
const wants = (...some: readonly Row[]): boolean => some.some((row) => options.only?.includes(row) ?? true);
/** It is about an hour or more, so it runs only where it is named. */
const soaks = options.only?.includes('soak') ?? false;
const forMs = Number(options.seconds) * 1_000;

/** 1,000 services with a probe each, at 1 s. */
async function measureAtOneSecond(bench: Bench): Promise<Figure[]> {
  const installation = new Installation(await bench.database('at_1s'));
  const figures: Figure[] = [];
  try {
    await installation.startServer();
    await installation.configure(probes, 1, '1s');
    await installation.stopOwn();
    const started = await measureStart(installation, probes);
    if (wants('start')) figures.push(...started);
    if (wants('schedule')) figures.push(...(await measureSchedule(bench, installation, forMs)));
    if (wants('board')) figures.push(...(await measureBoard(installation)));
    if (wants('displays')) figures.push(...(await measureDisplays(installation, Math.min(forMs, 30_000))));
    if (wants('wall')) figures.push(...(await measureWall(installation, forMs)));
    await installation.stopOwn();
    if (wants('schedule')) figures.push(...(await measureYardstick(installation)));
    if (options.peers) figures.push(...(await measurePeers(bench, installation, forMs)));
  } finally {
    await installation.stop();
  }
  return figures;
}

/** 500 services with ten probes each, at 10 s. */
async function measureMemory(bench: Bench): Promise<Figure[]> {
  const installation = new Installation(await bench.database('at_10s'));
  try {
    await installation.startServer();
    await installation.configure(500, 10, '10s');
    // What reading a large configuration once took is no part of watching it.
    await installation.stopOwn();
    await Promise.all([installation.startServer(), installation.startAgent()]);
    await sleep(settleMs);
    const [server, agent] = installation.pids.map((pid) => memoryMb([pid]));
    return [
      {
        name: 'memory with 5,000 probes, without the database',
        measured: server! + agent!,
        unit: 'MB',
        reach: '≤ 250 MB',
      },
      { name: '  of it the server', measured: server!, unit: 'MB', reach: '' },
      { name: '  of it the agent', measured: agent!, unit: 'MB', reach: '' },
    ];
  } finally {
    await installation.stop();
  }
}

/** 1,000 services with a probe each, at 10 s. */
async function measureAtTenSeconds(bench: Bench): Promise<Figure[]> {
  const installation = new Installation(await bench.database('soak'));
  try {
    await installation.startServer();
    await installation.configure(probes, 1, '10s');
    await installation.startAgent();
    return await measureSoak(installation, forMs);
  } finally {
    await installation.stop();
  }
}

/** 1,000 objectives about services that nothing probes. */
async function measurePromises(bench: Bench): Promise<Figure[]> {
  const installation = new Installation(await bench.database('promises'));
  try {
    await installation.startServer();
    return await measureCompliance(installation);
  } finally {
    await installation.stop();
  }
}

/** 2,000 services with a probe each, at 2 s, and a channel. */
async function measureAlarms(bench: Bench): Promise<Figure[]> {
  const installation = new Installation(await bench.database('alarms'));
  try {
    return await measureAlerts(installation);
  } finally {
    await installation.stop();
  }
}

if (!options.built) {
  const { status } = spawnSync(process.execPath, ['server/bootstrap.mjs', 'build'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(1);
}
const bench = await Bench.start();
const figures: Figure[] = [];
try {
  if (options.peers || wants('start', 'schedule', 'board', 'displays', 'wall'))
    figures.push(...(await measureAtOneSecond(bench)));
  if (wants('memory')) figures.push(...(await measureMemory(bench)));
  if (soaks) figures.push(...(await measureAtTenSeconds(bench)));
  if (wants('compliance')) figures.push(...(await measurePromises(bench)));
  if (wants('alerts')) figures.push(...(await measureAlarms(bench)));
  if (wants('storage')) figures.push(...(await measureStorage(bench, `${root}dist/compiled`)));
} finally {
  await bench.stop();
  // What was measured before a row failed is told too.
  console.log(machine());
  printTable(figures);
  if (options.json) writeFileSync(options.json, JSON.stringify({ machine: machine(), figures }, null, 2));
}
