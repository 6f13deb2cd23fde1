import { spawn, type ChildProcess } from 'node:child_process';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serviceStates } from '../../server/domain/service-state.ts';
import { freePort } from '../../server/platform/free-port.ts';
import { until } from '../support/until.ts';
import { ended, startInstallation, type Installation } from './installation.ts';

let port: number;
let redis: ChildProcess;
let troth: Installation;
let url: string;

async function startRedis(): Promise<ChildProcess> {
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn('redis-server', options, { stdio: 'ignore' });
  const client = new Redis(port, '127.0.0.1', { retryStrategy: () => 100, maxRetriesPerRequest: null });
  client.on('error', () => undefined);
  await client.ping();
  client.disconnect();
  return child;
}
const count = () => troth.target.seen.get('/a')?.length ?? 0;
const hasMore = async (more: number, limitMs: number) => {
  const before = count();
  await until(() => count() >= before + more, limitMs);
};

beforeAll(async () => {
  port = await freePort(0);
  redis = await startRedis();
  troth = await startInstallation({ redisUrl: `redis://127.0.0.1:${port}` });
  url = (await troth.startServer()).said.url;
  await troth.startAgent();
  await troth.define(url, ['a']);
});
afterAll(async () => {
  await troth?.stop();
  redis?.kill('SIGKILL');
});

describe('queues on Redis', () => {
  it('carry the path as those on Postgres do', async () => {
    await until(async () => (await troth.state(url, 'a')) === 'up', 20_000);
    await hasMore(3, 10_000);
  });

  it('that is flushed: probing goes on', async () => {
    const client = new Redis(port, '127.0.0.1');
    await client.flushall();
    client.disconnect();
    await hasMore(4, 30_000);
  });

  it('that is killed and started empty: probing goes on within 30 seconds, and nothing was down', async () => {
    redis.kill('SIGKILL');
    await ended(redis);
    redis = await startRedis();
    await hasMore(4, 30_000);
    await until(async () => (await troth.state(url, 'a')) === 'up', 30_000);
    await until(async () => (await troth.record()).observations === count(), 90_000);
    expect((await troth.record()).states).not.toContain(serviceStates.indexOf('down'));
  });
});
