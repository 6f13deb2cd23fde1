import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Agent } from '../../../probes/agent.ts';
import type { BoardDelta, BoardService, BoardSnapshot } from '../../../server/contract/live.ts';
import type { ObservationView, TimelineInterval } from '../../../server/contract/probing.ts';
import { makeAgent } from '../../support/agent.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { until } from '../../support/until.ts';

const everyMs = 1_000;

let server: TestServer;
let agent: Agent;
let target: Server;
let port: number;
let socket: Socket;
const deltas: BoardDelta[] = [];

const listen = (wanted: number) =>
  new Promise<Server>((resolve) => {
    const made = createServer((_request, response) => response.end('fine'));
    made.listen(wanted, '127.0.0.1', () => resolve(made));
  });
const put = async (path: string, body: unknown) => {
  const reply = await server.request('PUT', `/api/v1/${path}`, body);
  expect(reply.status, JSON.stringify(reply.body)).toBeLessThan(300);
};
const tile = async (): Promise<BoardService | undefined> => {
  const { body } = await server.request('GET', '/api/v1/board');
  return (body as BoardSnapshot).services.find(({ key }) => key === 'payroll');
};
const stateIs = (state: string) => until(async () => ((await tile())?.state === state ? tile() : null), 20_000);
const intervals = async (): Promise<TimelineInterval[]> => {
  const [from, to] = [new Date(Date.now() - 600_000).toISOString(), new Date(Date.now() + 1_000).toISOString()];
  const { body } = await server.request('GET', `/api/v1/services/payroll/timeline?from=${from}&to=${to}`);
  return body.intervals;
};
const observations = async (): Promise<ObservationView[]> => {
  const span = `from=${new Date(Date.now() - 60_000).toISOString()}&to=${new Date(Date.now() + 1_000).toISOString()}`;
  const { body } = await server.request('GET', `/api/v1/probes/payroll.login/observations?${span}&limit=200`);
  return body.items;
};

beforeAll(async () => {
  server = await startTestServer();
  target = await listen(0);
  port = (target.address() as AddressInfo).port;
  agent = makeAgent(server, 'hq');
  await put('teams/hr-it', { name: 'HR IT' });
  await put('locations/hq', { name: 'Head office' });
  await agent.start();
  socket = io(`${server.url}/live`, {
    extraHeaders: { authorization: `Bearer ${server.adminToken}` },
    transports: ['websocket'],
  });
  socket.on('delta', (delta: BoardDelta) => deltas.push(delta));
  await new Promise<void>((resolve, reject) => {
    socket.on('connect', () =>
      socket.emit('join', 'board', (refusal: string | null) => (refusal ? reject(new Error(refusal)) : resolve())),
    );
    socket.on('connect_error', reject);
  });
});

afterAll(async () => {
  socket?.close();
  await agent?.stop();
  await server?.close();
  target?.close();
});

describe('from schedule to live board', () => {
  it('shows a new service up within two seconds, without waiting for its first whole interval', async () => {
    await put('services/payroll', { name: 'Payroll', owner: 'hr-it' });
    const begun = performance.now();
    await put('probes/payroll.login', {
      kind: 'http',
      every: everyMs,
      timeout: 500,
      locations: ['hq'],
      confirm: { failures: 2, recheckAfter: 500 },
      config: { url: `http://127.0.0.1:${port}/` },
    });
    await stateIs('up');
    expect(performance.now() - begun).toBeLessThan(4_000);
  });

  it('tells sockets of every change, in numbers without a gap', async () => {
    await until(() => deltas.some(({ changed }) => changed.some(({ state }) => state === 'up')));
    for (const [index, delta] of deltas.entries()) {
      if (index > 0) expect(delta.from).toBe(deltas[index - 1]!.seq);
      expect(delta.seq).toBeGreaterThanOrEqual(delta.from);
    }
  });

  it('turns red after the confirmation, dated back to the first failing slot, and green again', async () => {
    const [{ offset_ms }] = (await server.database.query<{ offset_ms: number }>('select offset_ms from probes')) as [
      { offset_ms: number },
    ];
    const stoppedAt = Date.now();
    target.closeAllConnections();
    await new Promise((resolve) => target.close(resolve));
    const red = await stateIs('down');
    const seenAt = Date.now();
    target = await listen(port);
    const since = Date.parse(red.since!);
    const failing = (await observations()).filter(({ verdict }) => verdict === 'down');
    // Newest first. A slot that a busy machine misses is unknown, and down begins anew after it.
    const first = failing
      .map(({ slot }) => Date.parse(slot))
      .reduce((newer, slot) => (newer - slot <= everyMs ? slot : newer));
    expect(since).toBe(first);
    expect((since - offset_ms) % everyMs).toBe(0);
    expect(since).toBeGreaterThan(stoppedAt - everyMs);
    expect(seenAt - since).toBeLessThan(everyMs + 2_000);
    expect(red.reason).toBe('Connection refused');
    const green = await stateIs('up');
    expect((Date.parse(green.since!) - offset_ms) % everyMs).toBe(0);
    const line = await intervals();
    expect(line.map(({ state }) => state).slice(-3)).toEqual(['up', 'down', 'up']);
    for (const [index, interval] of line.entries()) if (index > 0) expect(interval.from).toBe(line[index - 1]!.to);
  });

  it('serves the detail, the observations and the latency of what it saw', async () => {
    const detail = await server.request('GET', '/api/v1/services/payroll/detail');
    expect(detail.body.probes[0].series[0]).toMatchObject({ location: 'hq', state: 'up', suspect: false });
    expect(detail.body.probes[0].series[0].last.timings.connect).toBeGreaterThan(0);
    const span = `from=${new Date(Date.now() - 60_000).toISOString()}&to=${new Date(Date.now() + 1_000).toISOString()}`;
    const { body } = await server.request('GET', `/api/v1/probes/payroll.login/observations?${span}&limit=2`);
    expect(body.items.length).toBeGreaterThanOrEqual(2);
    const next = await server.request(
      'GET',
      `/api/v1/probes/payroll.login/observations?${span}&limit=2&cursor=${body.next}`,
    );
    expect(next.body.items[0].slot < body.items.at(-1).slot).toBe(true);
    expect((await server.request('GET', `/api/v1/probes/payroll.login/latency?${span}`)).status).toBe(200);
    expect((await server.request('GET', `/api/v1/probes/payroll.nothing/latency?${span}`)).status).toBe(404);
  });

  it('confirms batches, so that the agent keeps nothing', async () => {
    await until(async () => {
      const { body } = await server.request('GET', '/api/v1/agents');
      return body[0].alive && body[0].unconfirmedBatches <= 12;
    });
    const [row] = await server.database.query<{ through: number; beyond: number[] }>(
      'select through, beyond from agents',
    );
    expect(row!.through).toBeGreaterThan(3);
  });

  it('tries many probes side by side, and loses the answer of none', async () => {
    const run = { kind: 'http', config: { url: `http://127.0.0.1:${port}/` }, timeoutMs: 2_000, location: 'hq' };
    for (let round = 0; round < 12; round += 1) {
      const replies = await Promise.all(
        Array.from({ length: 4 }, () => server.request('POST', '/api/v1/probes/run', run)),
      );
      expect(replies.map(({ status, body }) => `${status} ${body.reason}`)).toEqual(Array(4).fill('200 ok'));
    }
  });

  it('tries a probe at the location and on the server, storing nothing', async () => {
    const run = { kind: 'http', config: { url: `http://127.0.0.1:${port}/` } };
    const there = await server.request('POST', '/api/v1/probes/run', { ...run, location: 'hq' });
    expect(there.body).toMatchObject({ verdict: 'up', location: 'hq' });
    const here = await server.request('POST', '/api/v1/probes/run', run);
    expect(here.body).toMatchObject({ verdict: 'unknown', reason: 'address-refused' });
    expect((await server.request('POST', '/api/v1/probes/run', { ...run, kind: 'htp' })).body.issues[0].path).toBe(
      'kind',
    );
  });

  it('is unmonitored, at once, when paused', async () => {
    await put('services/payroll', { name: 'Payroll', owner: 'hr-it', paused: true });
    expect((await stateIs('unmonitored')).since).not.toBeNull();
  });
});
