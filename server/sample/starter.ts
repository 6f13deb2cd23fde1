import { sampleHost, sampleName } from './part.ts';
import type { SamplePorts } from './sample-settings.ts';

/** A probe as it stands in a config file, without its key. */
export interface StarterProbe {
  kind: string;
  config: Record<string, unknown>;
  [field: string]: unknown;
}

export interface StarterFacts {
  ports: SamplePorts;
  /** PEM of the sample's authority. */
  ca: string;
  /** The location that the local agent stands at. */
  location: string;
  /** What else is really there, by key of its probe. */
  surroundings: Readonly<Record<string, StarterProbe>>;
}

/** The key of the probe that the sample's heartbeat is for, outside its service. */
export const heartbeatProbeKey = 'stock-report.arrives';

export interface StarterService {
  name: string;
  owner: string;
  dependsOn?: readonly string[];
  probes: Readonly<Record<string, StarterProbe>>;
  [field: string]: unknown;
}

/** In the shape of a config file; services come after those that they depend on. */
export interface StarterConfig {
  teams: Readonly<Record<string, { name: string; description: string }>>;
  locations: Readonly<Record<string, { name: string; description: string }>>;
  services: Readonly<Record<string, StarterService>>;
}

/** What the first start fills an empty catalog with: a corner shop, played by the sample target. */
export function starterConfig({ ports, ca, location, surroundings }: StarterFacts): StarterConfig {
  const at = (fields: StarterProbe) => ({
    every: '5s',
    timeout: '2s',
    locations: [location],
    confirm: { recheckAfter: '1s' },
    ...fields,
  });
  return {
    teams: {
      platform: { name: 'Platform team', description: 'Keeps names, certificates and this machine in order' },
      shop: { name: 'Corner shop', description: 'Sells things, if the platform lets it' },
    },
    locations: { [location]: { name: 'This machine', description: 'The agent that runs beside the server' } },
    services: {
      ...platformServices(ports, ca, at),
      ...shopServices(ports, at),
      ...machineServices(surroundings, at),
    },
  };
}

type AtLocation = (fields: StarterProbe) => StarterProbe;

const platformServices = (ports: SamplePorts, ca: string, at: AtLocation) => ({
  'name-service': {
    name: 'Name service',
    description: 'Everything else finds its way by it',
    category: 'network',
    owner: 'platform',
    tier: 1,
    probes: {
      address: at({
        kind: 'dns',
        config: {
          name: sampleName,
          server: `${sampleHost}:${ports.dns}`,
          expect: { answers: { equals: '192.0.2.10' }, authoritative: true },
        },
      }),
      text: at({
        kind: 'dns',
        every: '10s',
        role: 'supporting',
        config: {
          name: sampleName,
          type: 'TXT',
          transport: 'tcp',
          server: `${sampleHost}:${ports.dns}`,
          expect: { answers: { contains: 'open for business' } },
        },
      }),
    },
  },
  'secure-gateway': {
    name: 'Secure gateway',
    description: 'Its certificate comes from an authority of its own',
    category: 'security',
    owner: 'platform',
    tier: 1,
    probes: {
      certificate: at({ kind: 'tls', config: { host: sampleHost, port: ports.tls, serverName: sampleName, ca } }),
    },
  },
});

const shopServices = (ports: SamplePorts, at: AtLocation) => ({
  'order-desk': {
    name: 'Order desk',
    description: 'Takes orders in an old protocol of its own',
    category: 'application',
    owner: 'shop',
    tier: 2,
    dependsOn: ['name-service'],
    probes: {
      conversation: at({
        kind: 'tcp',
        config: {
          host: sampleHost,
          port: ports.tcp,
          conversation: [
            { expect: { matches: '^220 .* ready' } },
            { send: 'STATUS\\r\\n' },
            { expect: { contains: 'orders waiting' } },
            { send: 'QUIT\\r\\n' },
          ],
        },
      }),
    },
  },
  'web-shop': {
    name: 'Web shop',
    description: 'Where customers are',
    category: 'application',
    owner: 'shop',
    tier: 1,
    dependsOn: ['name-service', 'secure-gateway', 'order-desk'],
    probes: {
      page: at({
        kind: 'http',
        degradedAbove: '500ms',
        config: { url: `http://${sampleHost}:${ports.http}/`, expect: { body: { contains: 'open for business' } } },
      }),
      health: at({
        kind: 'http',
        every: '10s',
        role: 'supporting',
        config: {
          url: `http://${sampleHost}:${ports.http}/health`,
          expect: {
            json: [
              { path: '$.status', value: 'ok' },
              { path: '$.orders.waiting', op: 'lessThan', value: 100 },
            ],
          },
        },
      }),
    },
  },
  'stock-report': {
    name: 'Stock report',
    description: 'A job that calls in when it is done',
    category: 'process',
    owner: 'shop',
    tier: 3,
    dependsOn: ['order-desk'],
    probes: { arrives: { kind: 'heartbeat', every: '10s', config: { grace: '5s' } } },
  },
});

function machineServices(surroundings: StarterFacts['surroundings'], at: AtLocation): Record<string, StarterService> {
  const probes = Object.entries(surroundings).map(([key, probe]) => [key, at({ every: '10s', ...probe })] as const);
  if (probes.length === 0) return {};
  return {
    'this-machine': {
      name: 'This machine',
      description: 'What Troth found here when it first started',
      category: 'network',
      owner: 'platform',
      tier: 2,
      probes: Object.fromEntries(probes),
    },
  };
}
