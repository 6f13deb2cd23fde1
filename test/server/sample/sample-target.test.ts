import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Outcome } from '../../../probes/contract.ts';
import { probeKind } from '../../../probes/registry.ts';
import { runProbe } from '../../../probes/run-probe.ts';
import { createAddressGuard } from '../../../probes/support/address-guard.ts';
import { sampleCertificates } from '../../../server/sample/sample-certificates.ts';
import { callSample, type PartState } from '../../../server/sample/sample-control.ts';
import {
  partNames,
  prepareSampleSettings,
  type PartName,
  type SampleSettings,
} from '../../../server/sample/sample-settings.ts';
import { startSampleTarget, type SampleTarget } from '../../../server/sample/sample-target.ts';
import { heartbeatProbeKey, starterConfig } from '../../../server/sample/starter.ts';
import { findSurroundings } from '../../../server/sample/surroundings.ts';

let dataFolder: string;
let settings: SampleSettings;
let sample: SampleTarget;
let receiver: Server;
const heartbeats: string[] = [];

beforeAll(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'troth-sample-'));
  ({ settings } = await prepareSampleSettings(dataFolder));
  sample = await startSampleTarget(dataFolder, settings);
  receiver = createServer((request, response) => {
    heartbeats.push(`${request.method} ${request.url}`);
    response.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
});
afterAll(async () => {
  await sample.stop();
  receiver.close();
  rmSync(dataFolder, { recursive: true });
});

describe('the sample target and its starter configuration', () => {
  it('covers five kinds of probe, and every one that an agent runs is up with the loopback ports of the sample alone', async () => {
    const outcomes = await runStarter();
    expect([...new Set(Object.values(starterProbes()).map(({ kind }) => kind))].toSorted()).toEqual([
      'dns',
      'heartbeat',
      'http',
      'tcp',
      'tls',
    ]);
    expect(Object.entries(outcomes).filter(([, { verdict }]) => verdict !== 'up')).toEqual([]);
    expect(Object.keys(outcomes)).toHaveLength(6);
  });

  it('names only what it defines, services after those that they depend on', () => {
    const { services, locations } = starterFile();
    const defined = Object.keys(services);
    const early = Object.entries(services).flatMap(([key, { dependsOn = [] }]) =>
      dependsOn.filter((upstream) => defined.indexOf(upstream) >= defined.indexOf(key) || !defined.includes(upstream)),
    );
    expect(early).toEqual([]);
    expect(Object.keys(locations)).toEqual(['local']);
    expect(starterProbes()[heartbeatProbeKey]?.kind).toBe('heartbeat');
  });

  it.each([
    ['http', { 'web-shop.page': 'connection-refused', 'web-shop.health': 'connection-refused' }],
    ['tcp', { 'order-desk.conversation': 'connection-refused' }],
    ['tls', { 'secure-gateway.certificate': 'connection-refused' }],
    ['dns', { 'name-service.address': 'connection-refused', 'name-service.text': 'connection-refused' }],
  ] as const)(
    'with %s switched off, exactly its probes fail, and recover when it is on again',
    async (part, failures) => {
      expect((await callSample(settings, { part, wish: 'stopped' }))[part]).toBe('stopped');
      expect(reasonsOf(await runStarter())).toEqual(failures);
      await callSample(settings, { part, wish: 'running' });
      expect(reasonsOf(await runStarter())).toEqual({});
    },
  );

  it('cuts connections that are open when a part is switched off', async () => {
    const response = await fetch(`http://127.0.0.1:${settings.ports.http}/`);
    expect(await response.text()).toContain('open for business');
    await callSample(settings, { part: 'http', wish: 'stopped' });
    await expect(fetch(`http://127.0.0.1:${settings.ports.http}/`)).rejects.toThrow('fetch failed');
    await callSample(settings, { part: 'http', wish: 'running' });
  });

  it('sends heartbeats to the address it was told, until they are switched off', async () => {
    sample.sendHeartbeatTo(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/beat/1`);
    await expect.poll(() => heartbeats).toEqual(['POST /beat/1']);
    await callSample(settings, { part: 'heartbeat', wish: 'stopped' });
    await callSample(settings, { part: 'heartbeat', wish: 'running' });
    await expect.poll(() => heartbeats).toEqual(['POST /beat/1', 'POST /beat/1']);
  });

  it('obeys nobody without the token', async () => {
    const stranger = { ...settings, token: 'guessed' };
    await expect(callSample(stranger, { part: 'http', wish: 'stopped' })).rejects.toThrow(
      'the token is missing or wrong',
    );
    const states = Object.fromEntries(partNames.map((name): [PartName, PartState] => [name, 'running']));
    expect(await callSample(settings)).toEqual(states);
    expect(statSync(join(dataFolder, 'sample', 'sample.json')).mode & 0o777).toBe(0o600);
  });

  it('answers for its own name alone in DNS', async () => {
    const config = {
      name: 'other.troth.test',
      server: `127.0.0.1:${settings.ports.dns}`,
      expect: { rcode: 'NXDOMAIN' },
    };
    expect((await run('dns', config)).verdict).toBe('up');
  });
});

describe('what the sample keeps from one start to the next', () => {
  it('is its ports, its token and its authority', async () => {
    const folder = mkdtempSync(join(dataFolder, 'kept-'));
    const first = await prepareSampleSettings(folder);
    const second = await prepareSampleSettings(folder);
    expect(second).toEqual(first);
    expect(second.moved.size).toBe(0);
    const certificates = await sampleCertificates(join(folder, 'sample'));
    expect(await sampleCertificates(join(folder, 'sample'))).toEqual(certificates);
    expect(statSync(join(folder, 'sample', 'ca-key.pem')).mode & 0o777).toBe(0o600);
  });

  it('is replaced where another program took a port, which is told', async () => {
    const folder = mkdtempSync(join(dataFolder, 'moved-'));
    const first = await prepareSampleSettings(folder);
    const squatter = createTcpServer().listen(first.settings.ports.tls, '127.0.0.1');
    await once(squatter, 'listening');
    const { settings: second, moved } = await prepareSampleSettings(folder);
    expect(second.ports).toEqual({ ...first.settings.ports, tls: expect.any(Number) });
    expect([...moved]).toEqual([[first.settings.ports.tls, second.ports.tls]]);
    squatter.close();
  });
});

describe('what else is really there', () => {
  it('goes into the starter configuration when it answers, and only then', async () => {
    const ssh = createTcpServer((socket) => socket.on('error', () => socket.destroy()).end('SSH-2.0-Test\r\n')).listen(
      0,
      '127.0.0.1',
    );
    await once(ssh, 'listening');
    const place = { host: '127.0.0.1', port: (ssh.address() as AddressInfo).port };
    const guard = createAddressGuard({ allowLoopback: [String(place.port)] });
    const surroundings = await findSurroundings(guard, [place]);
    expect(surroundings['ssh']).toMatchObject({ kind: 'tcp', config: { ...place } });
    const { services } = starterConfig({ ...facts(), surroundings });
    expect(services['this-machine']?.probes['ssh']).toMatchObject({ every: '10s', locations: ['local'] });
    ssh.close();
    await once(ssh, 'close');
    expect(await findSurroundings(guard, [place])).not.toHaveProperty('ssh');
    expect(starterFile().services['this-machine']).toBeUndefined();
  });
});

const facts = () => ({
  ports: settings.ports,
  ca: readFileSync(join(dataFolder, 'sample', 'ca.pem'), 'utf8'),
  location: 'local',
  surroundings: {},
});
const starterFile = () => starterConfig(facts());

function starterProbes(): Record<string, { kind: string; config: unknown }> {
  const { services } = starterFile();
  const all = Object.entries(services).flatMap(([service, { probes }]) =>
    Object.entries(probes).map(([key, probe]) => [`${service}.${key}`, probe] as const),
  );
  return Object.fromEntries(all);
}

async function runStarter(): Promise<Record<string, Outcome>> {
  const pulled = Object.entries(starterProbes()).filter(([, { kind }]) => probeKind(kind).mode === 'pull');
  const outcomes = pulled.map(async ([key, { kind, config }]) => [key, await run(kind, config)] as const);
  return Object.fromEntries(await Promise.all(outcomes));
}

async function run(name: string, config: unknown): Promise<Outcome> {
  const kind = probeKind(name);
  const guard = createAddressGuard({ allowLoopback: Object.values(settings.ports).map(String) });
  return runProbe(kind, kind.config.parse(config), { timeoutMs: 2_000, guard });
}

const reasonsOf = (outcomes: Record<string, Outcome>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(outcomes)
      .filter(([, { verdict }]) => verdict !== 'up')
      .map(([key, { reason }]) => [key, reason]),
  );
