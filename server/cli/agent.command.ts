import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from '../../probes/agent.ts';
import { ConfigError, type Environment } from '../platform/config.ts';
import { createLogger, type Logger } from '../platform/logger.ts';
import { version } from '../platform/package-root.ts';
import { probeGuard } from '../platform/probe-guard.ts';
import { keepHeapSmall } from './small-heap.ts';
import { tellSupervisor, untilToldToStop } from './stop-signal.ts';

const keyBytes = 32;
const startLimitMs = 60_000;

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
  await startWhenQueueAnswers(agent, log);
  tellSupervisor({ type: 'ready' });
  keepHeapSmall();
  await untilToldToStop();
  await agent.stop();
}

/** A database that starts together with the agent gets a minute to answer. @throws ConfigError when it does not */
async function startWhenQueueAnswers(agent: Agent, log: Logger): Promise<void> {
  const deadline = performance.now() + startLimitMs;
  for (;;) {
    try {
      return await agent.start();
    } catch (err) {
      const { message, code } = err as NodeJS.ErrnoException;
      if (performance.now() > deadline)
        throw new ConfigError(`Bad configuration.\n  DATABASE_URL: cannot be used (${message || code})`, {
          cause: err,
        });
      log.warn({ err }, 'the queue does not answer yet');
      await sleep(2_000);
    }
  }
}

function readLocationKey({ TROTH_LOCATION_KEY: text }: Environment, location: string): Buffer {
  if (!text) throw missing(`TROTH_LOCATION_KEY: missing; "troth location-key ${location}" prints it on the server`);
  const key = Buffer.from(text, 'base64url');
  if (key.length !== keyBytes) throw missing('TROTH_LOCATION_KEY: is not what "troth location-key" prints');
  return key;
}

const missing = (what: string): ConfigError => new ConfigError(`Bad configuration.\n  ${what}`);
