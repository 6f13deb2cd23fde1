import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiError, type ApiClient } from '../cli/api-client.ts';
import type { Page, Probe, Service } from '../contract/catalog.ts';
import type { Environment } from '../platform/config.ts';
import type { Logger } from '../platform/logger.ts';
import { probeGuard } from '../platform/probe-guard.ts';
import { sampleHost } from '../sample/part.ts';
import { sampleFolder, type SamplePorts } from '../sample/sample-settings.ts';
import { heartbeatProbeKey, starterConfig, type StarterProbe } from '../sample/starter.ts';
import { outsideAddresses } from './banner.ts';

export interface StarterOptions {
  api: ApiClient;
  dataFolder: string;
  log: Logger;
  /** What else is really there, by key of its probe. */
  surroundings: Readonly<Record<string, StarterProbe>>;
  location: string;
  ports: SamplePorts;
  /** Ports of the sample that had to change since the last start. */
  moved: ReadonlyMap<number, number>;
}

export interface StarterOutcome {
  /** Whether anything in the catalog still watches the sample. */
  isWatched: boolean;
  /** Where the sample's heartbeat goes; null when nothing waits for it. */
  heartbeatUrl: string | null;
}

const sshPort = 22;

const markerFile = (dataFolder: string): string => join(sampleFolder(dataFolder), 'starter-applied');

/** What else is really there on this machine, for the starter configuration; nothing once that has been applied. */
export async function lookAround(environment: Environment): Promise<Record<string, StarterProbe>> {
  if (existsSync(markerFile(environment.TROTH_DATA))) return {};
  const places = outsideAddresses().map((host) => ({ host, port: sshPort }));
  // Loaded on the first start alone: it brings every kind of probe.
  const { findSurroundings } = await import('../sample/surroundings.ts');
  return findSurroundings(await probeGuard(environment), places);
}

/** Fills an empty catalog with the starter configuration, once, and finds out what of it is still there. */
export async function bringUpStarter(options: StarterOptions): Promise<StarterOutcome> {
  const { api, dataFolder, moved } = options;
  if (!existsSync(markerFile(dataFolder))) {
    const { items } = await api.get<Page<Service>>('/api/v1/services?limit=1');
    if (items.length > 0) return { isWatched: false, heartbeatUrl: null };
    await applyStarter(options);
    writeFileSync(markerFile(dataFolder), '');
  }
  if (moved.size > 0) await moveProbes(options);
  return findStarter(options);
}

async function applyStarter({ api, dataFolder, location, ports, surroundings }: StarterOptions): Promise<void> {
  const ca = readFileSync(join(sampleFolder(dataFolder), 'ca.pem'), 'utf8');
  const { teams, locations, services } = starterConfig({ ports, ca, location, surroundings });
  // One by one, not as a file: what a config file brings can be changed in that file alone.
  for (const [key, team] of Object.entries(teams)) await api.put(`/api/v1/teams/${key}`, team);
  for (const [key, place] of Object.entries(locations)) await api.put(`/api/v1/locations/${key}`, place);
  for (const [key, { probes, ...service }] of Object.entries(services)) {
    await api.put(`/api/v1/services/${key}`, service);
    for (const [name, probe] of Object.entries(probes)) await api.put(`/api/v1/probes/${key}.${name}`, probe);
  }
}

async function allProbes(api: ApiClient): Promise<Probe[]> {
  const probes: Probe[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Page<Probe> = await api.get(
      `/api/v1/probes?limit=1000${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    probes.push(...page.items);
    cursor = page.next;
  }
  return probes;
}

/** What in the catalog is for the sample. */
export async function findStarter({ api, ports }: Pick<StarterOptions, 'api' | 'ports'>): Promise<StarterOutcome> {
  const probes = await allProbes(api);
  const heartbeat = probes.find(({ key, kind }) => key === heartbeatProbeKey && kind === 'heartbeat');
  const isWatched =
    heartbeat !== undefined || probes.some(({ config }) => Object.values(ports).some((port) => mentions(config, port)));
  return { isWatched, heartbeatUrl: heartbeat?.pushUrl ?? null };
}

const mentions = (config: Probe['config'], port: number): boolean => {
  const text = JSON.stringify(config);
  return text.includes(`${sampleHost}:${port}`) || (text.includes(`"${sampleHost}"`) && config['port'] === port);
};

/** Points the probes of the sample at the ports that it has now. */
async function moveProbes({ api, moved, log }: StarterOptions): Promise<void> {
  for (const probe of await allProbes(api)) {
    for (const [from, to] of moved) {
      if (!mentions(probe.config, from)) continue;
      const text = JSON.stringify(probe.config).replaceAll(`${sampleHost}:${from}`, `${sampleHost}:${to}`);
      const config = JSON.parse(text) as Probe['config'];
      if (config['port'] === from) config['port'] = to;
      await api.put(`/api/v1/probes/${probe.key}`, inputOf({ ...probe, config })).catch((error: unknown) => {
        if (!(error instanceof ApiError) || error.problem.status >= 500) throw error;
        log.warn({ probe: probe.key, from, to }, `port ${from} of the sample is taken; change ${probe.key} to ${to}`);
      });
    }
  }
}

/** What a PUT takes of what a GET gave. */
const inputOf = ({ everyMs, timeoutMs, degradedAboveMs, confirm, ...probe }: Probe) => ({
  name: probe.name,
  kind: probe.kind,
  every: everyMs,
  timeout: timeoutMs,
  degradedAbove: degradedAboveMs,
  confirm: { failures: confirm.failures, recheckAfter: confirm.recheckAfterMs, successes: confirm.successes },
  locations: probe.locations,
  role: probe.role,
  quorum: probe.quorum,
  paused: probe.paused,
  config: probe.config,
});
