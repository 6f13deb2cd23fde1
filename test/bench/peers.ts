import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../server/platform/free-port.ts';
import { quantile, type Figure } from './figures.ts';
import { pathOf, type Bench, type Installation } from './installation.ts';
import { cpuMs } from './processes.ts';
import type { Arrival } from './target.ts';

const programs = ['prometheus', 'prometheus-blackbox-exporter'] as const;
const checks = 1_000;
const warmUpMs = 15_000;

/** Prometheus with its blackbox exporter on the same target: 1,000 checks at 1 s. */
export async function measurePeers(bench: Bench, installation: Installation, forMs: number): Promise<Figure[]> {
  const name = 'Prometheus + blackbox_exporter';
  const missing = programs.filter((program) => spawnSync(program, ['--version']).error);
  if (missing.length > 0) return [{ name, measured: 'not installed', unit: '', reach: '' }];
  const folder = join(bench.folder, 'peers');
  mkdirSync(folder);
  const [exporterPort, port] = [await freePort(0), await freePort(0)];
  writeFileSync(join(folder, 'blackbox.json'), JSON.stringify(exporterConfig));
  writeFileSync(
    join(folder, 'prometheus.json'),
    JSON.stringify(prometheusConfig(`127.0.0.1:${exporterPort}`, await installation.target.ready)),
  );
  const children = [
    run('prometheus-blackbox-exporter', [
      `--config.file=${join(folder, 'blackbox.json')}`,
      `--web.listen-address=127.0.0.1:${exporterPort}`,
    ]),
    run('prometheus', [
      `--config.file=${join(folder, 'prometheus.json')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ]),
  ];
  try {
    await sleep(warmUpMs);
    return await measure(name, children, installation, forMs);
  } finally {
    await Promise.all(children.map(end));
  }
}

async function measure(
  name: string,
  children: readonly ChildProcess[],
  installation: Installation,
  forMs: number,
): Promise<Figure[]> {
  const pids = children.map(({ pid }) => pid!);
  await installation.arrivals();
  const before = cpuMs(pids);
  await sleep(forMs);
  const spent = cpuMs(pids) - before;
  const arrivals = await installation.arrivals();
  return [
    {
      name: `${name}: checks per second`,
      measured: arrivals.length / (forMs / 1_000),
      unit: '/s',
      reach: '',
    },
    { name: `${name}: CPU per check`, measured: spent / arrivals.length, unit: 'ms', reach: '' },
    {
      name: `${name}: jitter p99`,
      measured: quantile(jitterMs(arrivals), 0.99),
      unit: 'ms',
      reach: '',
    },
  ];
}

/** Its schedule cannot be read, so: how far the step between two checks of a path is from a second. */
function jitterMs(arrivals: readonly Arrival[]): number[] {
  const last = new Map<string, number>();
  return arrivals.flatMap(({ path, atMs }) => {
    const before = last.get(path);
    last.set(path, atMs);
    return before === undefined ? [] : [Math.abs(atMs - before - 1_000)];
  });
}

const run = (program: string, args: readonly string[]): ChildProcess => spawn(program, args, { stdio: 'ignore' });

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}

const exporterConfig = {
  modules: { plain: { prober: 'http', timeout: '900ms', http: { preferred_ip_protocol: 'ip4' } } },
};

const prometheusConfig = (exporter: string, targetPort: number) => ({
  global: { scrape_interval: '1s', scrape_timeout: '1s' },
  scrape_configs: [
    {
      job_name: 'bench',
      metrics_path: '/probe',
      params: { module: ['plain'] },
      static_configs: [
        {
          targets: Array.from({ length: checks }, (_, index) => `http://127.0.0.1:${targetPort}${pathOf(index)}`),
        },
      ],
      relabel_configs: [
        { source_labels: ['__address__'], target_label: '__param_target' },
        { source_labels: ['__param_target'], target_label: 'instance' },
        { target_label: '__address__', replacement: exporter },
      ],
    },
  ],
});
