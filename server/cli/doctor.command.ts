import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Environment } from '../platform/config.ts';
import { installedPrograms } from '../platform/embedded-postgres-place.ts';
import { packageRoot, version } from '../platform/package-root.ts';
import { readSampleSettings } from '../sample/sample-settings.ts';
import { answersSoon, askServer } from './healthy.command.ts';
import { callSample } from '../sample/sample-control.ts';

interface Finding {
  subject: string;
  /** `note` is worth knowing and no problem. */
  state: 'good' | 'note' | 'bad';
  detail: string;
}

const patienceMs = 5_000;
const marks = { good: '✓', note: '·', bad: '✗' } as const;

/** Looks at what Troth needs on this machine and prints it; true when nothing is wrong. */
export async function doctor(environment: Environment): Promise<boolean> {
  const findings: Finding[] = [
    { subject: 'Troth', state: 'good', detail: `${version} on Node.js ${process.version}` },
    dataFolder(environment),
    await database(environment),
    await queue(environment),
    client(),
    await server(environment),
    await sample(environment),
    pingProgram(),
  ];
  for (const { subject, state, detail } of findings) console.log(`${marks[state]} ${subject.padEnd(12)} ${detail}`);
  return findings.every(({ state }) => state !== 'bad');
}

function dataFolder({ TROTH_DATA }: Environment): Finding {
  const subject = 'Data folder';
  if (!existsSync(TROTH_DATA)) return { subject, state: 'note', detail: `${TROTH_DATA} does not exist yet` };
  try {
    accessSync(TROTH_DATA, constants.R_OK | constants.W_OK);
    return { subject, state: 'good', detail: TROTH_DATA };
  } catch {
    return { subject, state: 'bad', detail: `${TROTH_DATA} cannot be written by this user` };
  }
}

async function database({ DATABASE_URL }: Environment): Promise<Finding> {
  const subject = 'Database';
  try {
    if (!DATABASE_URL) {
      const { version: packed } = await installedPrograms();
      return { subject, state: 'good', detail: `embedded PostgreSQL ${packed}` };
    }
    const postgres = new Client({ connectionString: DATABASE_URL, connectionTimeoutMillis: patienceMs });
    await postgres.connect();
    const { rows } = await postgres.query<{ server_version: string }>('show server_version');
    await postgres.end();
    return { subject, state: 'good', detail: `PostgreSQL ${rows[0]?.server_version} answers` };
  } catch (error) {
    return { subject, state: 'bad', detail: (error as Error).message };
  }
}

async function queue({ REDIS_URL }: Environment): Promise<Finding> {
  const subject = 'Queue';
  if (!REDIS_URL) return { subject, state: 'good', detail: 'in PostgreSQL' };
  const isReachable = await answersSoon({ redisUrl: REDIS_URL });
  return {
    subject,
    state: isReachable ? 'good' : 'bad',
    detail: `Redis ${isReachable ? 'answers' : 'does not answer'}`,
  };
}

function client(): Finding {
  const isBuilt = existsSync(join(packageRoot, 'dist', 'client', 'index.html'));
  return {
    subject: 'Dashboard',
    state: isBuilt ? 'good' : 'bad',
    detail: isBuilt ? 'built' : 'not built: npm run build',
  };
}

async function server(environment: Environment): Promise<Finding> {
  const subject = 'Server';
  const { PORT } = environment;
  const status = await askServer(environment, '/health/ready');
  if (status === null) return { subject, state: 'note', detail: `none answers on port ${PORT}` };
  const isReady = status === 200;
  return { subject, state: isReady ? 'good' : 'bad', detail: `on port ${PORT}, ${isReady ? 'ready' : 'not ready'}` };
}

async function sample({ TROTH_DATA }: Environment): Promise<Finding> {
  const subject = 'Sample';
  const settings = readSampleSettings(TROTH_DATA);
  const states = settings && (await callSample(settings).catch(() => null));
  if (!states) return { subject, state: 'note', detail: 'does not run' };
  const stopped = Object.entries(states).flatMap(([part, state]) => (state === 'stopped' ? [part] : []));
  return { subject, state: 'good', detail: stopped.length > 0 ? `runs; stopped: ${stopped.join(', ')}` : 'runs' };
}

function pingProgram(): Finding {
  const found = ['fping', 'ping'].find((program) => spawnSync(program, ['-v'], { timeout: 2_000 }).error === undefined);
  const detail = found ?? 'neither fping nor ping is installed: probes of kind icmp will be unknown';
  return { subject: 'Ping', state: found ? 'good' : 'note', detail };
}
