import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queues, type QueueStore } from '../../probes/queues.ts';
import type { Environment } from '../platform/config.ts';
import { UsageError } from './command-error.ts';

const patienceMs = 4_000;

/** For the health checks of containers: whether the server here lives, or the agent here reaches its queue. */
export async function healthy(environment: Environment, what: string): Promise<boolean> {
  const { REDIS_URL: redisUrl, DATABASE_URL: databaseUrl } = environment;
  if (what === 'server') return (await askServer(environment, '/health/live')) === 200;
  if (what === 'agent') return answersSoon({ redisUrl, databaseUrl });
  throw new UsageError('What should be healthy: server or agent?');
}

/** The status that the server of this environment answers with; null when it does not answer. */
export function askServer({ HOST, PORT, TROTH_TLS_CERT }: Environment, path: string): Promise<number | null> {
  const host = HOST === '0.0.0.0' || HOST === '::' ? 'localhost' : HOST;
  // Asked on this machine, the server need not prove its name.
  const options = { host, port: PORT, path, timeout: patienceMs, agent: false, rejectUnauthorized: false };
  return new Promise((resolve) => {
    const call = (TROTH_TLS_CERT ? requestHttps : requestHttp)(options, (response) => {
      response.resume();
      resolve(response.statusCode ?? null);
    });
    call.on('timeout', () => call.destroy());
    call.on('error', () => resolve(null));
    call.end();
  });
}

/** Whether the store of the queues answers within a few seconds; the connection is made meanwhile. */
export async function answersSoon(store: QueueStore): Promise<boolean> {
  const queues = new Queues(store, () => undefined);
  try {
    for (const deadline = performance.now() + patienceMs; performance.now() < deadline; await sleep(100)) {
      if (await queues.isReachable()) return true;
    }
    return false;
  } finally {
    await queues.close();
  }
}
