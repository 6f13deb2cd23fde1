import { join } from 'node:path';
import { Agent } from '../../probes/agent.ts';
import { ConfigError, type Environment } from '../platform/config.ts';
import { whenDatabaseAnswers } from '../platform/database-wait.ts';
import { createLogger } from '../platform/logger.ts';
import { version } from '../platform/package-root.ts';
import { probeGuard } from '../platform/probe-guard.ts';
import { keepHeapSmall } from './small-heap.ts';
import { tellSupervisor, untilToldToStop } from './stop-signal.ts';

const keyBytes = 32;

/** Runs the probes of one location until told to stop. @throws ConfigError */
export async function runAgent(environment: Environment): Promise<void> {
  const {
    TROTH_LOCATION: location,
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    TROTH_DATA,
    LOG_LEVEL,
  } = environment;
  if (!location) throw missing('TROTH_LOCATION: missing; an agent has one location');
  if (!redisUrl && !databaseUrl)
    throw missing('REDIS_URL or DATABASE_URL: missing; an agent takes its rounds from there');
  keepHeapSmall();
  const log = createLogger(LOG_LEVEL, 'agent');
  const agent = new Agent({
    location,
    locationKey: readLocationKey(environment, location),
    store: { redisUrl, databaseUrl },
    spoolFolder: join(TROTH_DATA, 'spool', location),
    guard: await probeGuard(environment),
    log,
    version,
  });
  // On Redis it starts without; the queues connect by themselves.
  await whenDatabaseAnswers(() => agent.start(), log);
  tellSupervisor({ type: 'ready' });
  await untilToldToStop();
  await agent.stop();
}

function readLocationKey({ TROTH_LOCATION_KEY: text }: Environment, location: string): Buffer {
  if (!text) throw missing(`TROTH_LOCATION_KEY: missing; "troth location-key ${location}" prints it on the server`);
  const key = Buffer.from(text, 'base64url');
  if (key.length !== keyBytes) throw missing('TROTH_LOCATION_KEY: is not what "troth location-key" prints');
  return key;
}

const missing = (what: string): ConfigError => new ConfigError(`Bad configuration.\n  ${what}`);
