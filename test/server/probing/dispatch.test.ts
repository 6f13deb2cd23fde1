import { createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobNames, roundsQueue, type Round } from '../../../probes/contract.ts';
import { packRound, unpackRound, type PackedRound } from '../../../probes/support/packed-job.ts';
import { Queues } from '../../../probes/queues.ts';
import { AgentsRepository } from '../../../server/probing/agents.repository.ts';
import { makeAgent } from '../../support/agent.ts';
import { MeasuredService } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { until } from '../../support/until.ts';

let server: TestServer;
let beating: NodeJS.Timeout;
const heard: MeasuredService[] = [];

beforeAll(async () => {
  server = await startTestServer({ LOG_LEVEL: 'fatal' });
  const seen = () => heard.map((made) => server.app.get(AgentsRepository).seen(made.batch([], { batch: 0 })));
  beating = setInterval(() => void Promise.allSettled(seen()), 1_000);
});
afterAll(async () => {
  clearInterval(beating);
  await server?.close();
});

type Add = (name: string, round: PackedRound, options: object) => Promise<unknown>;
const slotsOf = (round: PackedRound) => unpackRound(round).runs.map(({ slotMs }) => slotMs);

/** A service at a location whose agent is heard but takes nothing, and what is put on its queue. */
async function watched(key: string, everyMs: number) {
  const made = await MeasuredService.make(server, key, { everyMs, locations: [key] });
  heard.push(made);
  const queue = server.app.get(Queues).queue(roundsQueue(key)) as unknown as { add: Add };
  const whole = queue.add.bind(queue);
  const slots: number[] = [];
  const passOn: Add = async (name, round, options) => {
    const answer = await whole(name, round, options);
    slots.push(...slotsOf(round));
    return answer;
  };
  const behave = (add: Add) => (queue.add = add);
  behave(passOn);
  return { slots, behave, passOn };
}

describe('the rounds of a location', () => {
  it('lose no slot when their queue is away for a moment', async () => {
    const { slots, behave, passOn } = await watched('blinks', 5_000);
    await until(() => slots.length > 0);
    const missed: number[] = [];
    behave(async (_, round) => {
      missed.push(...slotsOf(round));
      throw new Error('Connection is closed.');
    });
    await until(() => missed.length > 0);
    behave(passOn);
    await until(() => slots.includes(missed[0]!), 5_000);
  });

  it('go on when the queue of another location neither takes nor refuses them', async () => {
    const [silent, other] = [await watched('silent', 1_000), await watched('other', 1_000)];
    await until(() => silent.slots.length > 0 && other.slots.length > 0);
    let isAsked = false;
    silent.behave(() => {
      isAsked = true;
      return new Promise(() => undefined);
    });
    await until(() => isAsked);
    const before = other.slots.length;
    await until(() => other.slots.length >= before + 4, 6_000);
    silent.behave(silent.passOn);
    const held = silent.slots.length;
    await until(() => silent.slots.length > held, 10_000);
  });
});

describe('an agent', () => {
  const runs = (made: MeasuredService, port: number, sentAtMs: number): Round['runs'] => [
    {
      series: made.only,
      kind: 'tcp',
      version: '1',
      config: { host: '127.0.0.1', port, family: 'any', maxBytes: 1_000, conversation: [] },
      everyMs: made.everyMs,
      timeoutMs: 500,
      degradedAboveMs: null,
      confirmFailures: 1,
      recheckAfterMs: 100,
      slotMs: made.slot(-60),
      leadMs: made.slot(-60) - sentAtMs,
    },
  ];

  it('that is new does not run what waited in the queue since before it, and so says nothing of that time', async () => {
    const made = await MeasuredService.make(server, 'waited', { everyMs: 10_000, locations: ['waited'] });
    const target = createServer().listen(0, '127.0.0.1');
    await once(target, 'listening');
    let asked = 0;
    target.on('connection', (socket) => {
      asked += 1;
      socket.destroy();
    });
    const sentAtMs = made.slot(-60) - 1_000;
    const round = { location: 'waited', epoch: 1, sentAtMs, runs: runs(made, portOf(target), sentAtMs), confirmed: {} };
    const job = await server.app.get(Queues).queue(roundsQueue('waited')).add(jobNames.round, packRound(round));
    const agent = makeAgent(server, 'waited');
    await agent.start();
    await until(async () => (await job.getState()) === 'completed');
    await sleep(500);
    expect(asked).toBe(0);
    expect(agent.clockOffsetMs).toBe(0);
    await agent.stop();
    target.close();
  });

  it('takes rounds while everything that people try there hangs', async () => {
    await MeasuredService.make(server, 'tries', { locations: ['tries'] });
    const target = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(target, 'listening');
    const agent = makeAgent(server, 'tries');
    await agent.start();
    await until(async () => (await server.app.get(AgentsRepository).all()).some(({ id }) => id === agent.id));
    const config = { url: `http://127.0.0.1:${portOf(target)}/` };
    const body = { kind: 'http', config, timeoutMs: 3_000, location: 'tries' };
    const tries = Array.from({ length: 20 }, () => server.request('POST', '/api/v1/probes/run', body));
    await sleep(1_000);
    const round = { location: 'tries', epoch: 1, sentAtMs: Date.now(), runs: [], confirmed: {} };
    const job = await server.app.get(Queues).queue(roundsQueue('tries')).add(jobNames.round, packRound(round));
    await until(async () => (await job.getState()) === 'completed', 1_500);
    const statuses = new Set((await Promise.all(tries)).map(({ status }) => status));
    expect([...statuses].every((status) => status === 200 || status === 503)).toBe(true);
    expect(statuses).toContain(200);
    await agent.stop();
    target.close();
  }, 40_000);
});

const portOf = (target: Server): number => (target.address() as AddressInfo).port;
