import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../platform/free-port.ts';
import { sampleHost } from './part.ts';

/** The parts that can be switched off and on by name. */
export const partNames = ['http', 'tcp', 'tls', 'dns', 'heartbeat'] as const;
export type PartName = (typeof partNames)[number];
export const isPartName = (text: string): text is PartName => (partNames as readonly string[]).includes(text);

const portNames = ['http', 'tcp', 'tls', 'dns', 'control'] as const;
export type SamplePorts = Record<(typeof portNames)[number], number>;

export interface SampleSettings {
  ports: SamplePorts;
  /** Whoever knows it may switch parts off and on. */
  token: string;
}

export const sampleFolder = (dataFolder: string): string => join(dataFolder, 'sample');
const settingsFile = (dataFolder: string): string => join(sampleFolder(dataFolder), 'sample.json');

/** Null before the sample's first start. */
export function readSampleSettings(dataFolder: string): SampleSettings | null {
  const file = settingsFile(dataFolder);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as SampleSettings) : null;
}

/**
 * The settings of the last start; a port that another program took meanwhile is replaced. `moved` maps each such port
 * to the one that stands for it now.
 */
export async function prepareSampleSettings(
  dataFolder: string,
): Promise<{ settings: SampleSettings; moved: ReadonlyMap<number, number> }> {
  const earlier = readSampleSettings(dataFolder);
  const ports = {} as SamplePorts;
  const moved = new Map<number, number>();
  const known = Object.values(earlier?.ports ?? {});
  for (const name of portNames) {
    const before = earlier?.ports[name] ?? 0;
    ports[name] = await choosePort(name, before, [...known, ...Object.values(ports)]);
    if (before > 0 && ports[name] !== before) moved.set(before, ports[name]);
  }
  const settings = { ports, token: earlier?.token ?? randomBytes(24).toString('base64url') };
  mkdirSync(sampleFolder(dataFolder), { recursive: true });
  writeFileSync(settingsFile(dataFolder), JSON.stringify(settings), { mode: 0o600 });
  return { settings, moved };
}

async function choosePort(
  name: (typeof portNames)[number],
  earlier: number,
  avoid: readonly number[],
): Promise<number> {
  for (let wish = earlier; ; wish = 0) {
    const port = await freePort(wish, avoid);
    if (name !== 'dns' || (await isFreeForUdp(port))) return port;
  }
}

function isFreeForUdp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => socket.close(() => resolve(false)));
    socket.bind(port, sampleHost, () => socket.close(() => resolve(true)));
  });
}
