import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DeadMansSwitchService } from '../../../server/alerting/dead-mans-switch/dead-mans-switch.service.ts';
import type { Agent } from '../../../probes/agent.ts';
import { makeAgent } from '../../support/agent.ts';
import { eventually } from '../../support/eventually.ts';
import { captureLog } from '../../support/log-capture.ts';
import { startReceiver, type Receiver } from '../../support/receiver.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

const logs = captureLog();
let server: TestServer;
let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
  server = await startTestServer({ TROTH_DEADMAN_URL: `${receiver.url}/ping/a-secret-path` }, { log: logs.log });
});
afterAll(async () => {
  await agent?.stop();
  await server.close();
  await receiver.stop();
});

let agent: Agent | undefined;

const ping = () => server.app.get(DeadMansSwitchService).ping();
const switchCheck = async () => {
  const { body } = await server.request('GET', '/health/ready', undefined, { token: null });
  return body.checks['dead-man\u2019s switch'];
};
describe('the dead-man\u2019s switch', () => {
  it('is not reset while something does not work, and says what', async () => {
    expect(await ping()).toBe(false);
    expect(receiver.received).toEqual([]);
    expect((await switchCheck()).detail).toMatch(/^not pinged: agents: 0 running/);
  });

  it('is reset while everything works', async () => {
    await server.request('PUT', '/api/v1/teams/it', { name: 'IT' });
    await server.request('PUT', '/api/v1/locations/hq', { name: 'Head office' });
    agent = makeAgent(server, 'hq');
    await agent.start();
    await eventually(async () => {
      if (!(await ping())) throw new Error('not yet');
    });
    expect(receiver.received.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /ping/a-secret-path']);
    expect(await switchCheck()).toEqual({ ok: true, detail: 'pinged while everything works' });
  });

  it('says what is wrong with whoever listens, without the address that could be pinged by others', async () => {
    receiver.reply({ status: 500 });
    expect(await ping()).toBe(false);
    expect((await switchCheck()).detail).toBe('answered 500');
    receiver.reply({ status: 302, headers: { location: `${receiver.url}/elsewhere` } });
    expect(await ping()).toBe(false);
    expect(receiver.received.some(({ path }) => path === '/elsewhere')).toBe(false);
    receiver.reply({});
    expect(await ping()).toBe(true);
    await receiver.stop();
    expect(await ping()).toBe(false);
    expect((await switchCheck()).detail).toBe('cannot be reached');
    expect(logs.text()).toContain('was not reset');
    expect(logs.text()).not.toContain('a-secret-path');
  });
});
