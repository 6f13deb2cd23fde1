import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResultBatch, WireObservation } from '../../probes/contract.ts';
import { Outbox } from '../../probes/outbox.ts';
import { until } from '../support/until.ts';

const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const seen = (slotMs: number): WireObservation => [1, slotMs, 0, 0, 0, 900, slotMs, null, null, null];

let folder: string;
const open: Outbox[] = [];

/** An outbox of an agent on the folder, and the queue it sends to. */
function makeOutbox(agent: string = randomUUID()) {
  const queue = { away: false, tries: 0, jobs: new Map<string, ResultBatch>() };
  const outbox = new Outbox({
    folder,
    log,
    flushEveryMs: 20,
    resendAfterMs: 40,
    describe: () => ({
      agent,
      location: 'hq',
      version: 'test',
      sentAtMs: 0,
      startedAtMs: 0,
      clockOffsetMs: 0,
      inFlight: 0,
      droppedRuns: 0,
      unconfirmedBatches: 0,
    }),
    send: async (batch, id) => {
      queue.tries += 1;
      if (queue.away) throw new Error('connection refused');
      queue.jobs.set(id, batch);
    },
  });
  outbox.start();
  open.push(outbox);
  return { agent, outbox, queue };
}

const slots = (jobs: Map<string, ResultBatch>) =>
  [...jobs.values()].flatMap(({ observations }) => observations.map(([, slotMs]) => slotMs)).sort((a, b) => a - b);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'troth-outbox-'));
});
afterEach(async () => {
  for (const outbox of open.splice(0)) await outbox.stop();
  rmSync(folder, { recursive: true });
});

describe('results on their way', () => {
  it('leave together in numbered batches, a change at once', async () => {
    const { outbox, queue } = makeOutbox();
    outbox.add(seen(1), false);
    outbox.add(seen(2), false);
    await until(() => queue.jobs.size === 1);
    outbox.add(seen(3), true);
    await until(() => queue.jobs.size === 2);
    expect([...queue.jobs.values()].map(({ batch, observations }) => [batch, observations.length])).toEqual([
      [1, 2],
      [2, 1],
    ]);
  });

  it('are sent again under the same id until they are confirmed, then forgotten', async () => {
    const { agent, outbox, queue } = makeOutbox();
    for (const slotMs of [1, 2, 3]) {
      outbox.add(seen(slotMs), true);
      await until(() => queue.jobs.size === slotMs);
    }
    await until(() => queue.tries >= 6);
    expect(queue.jobs.size).toBe(3);
    outbox.confirm('00000000-0000-4000-8000-000000000000', 3, []);
    expect(outbox.unconfirmed).toBe(3);
    outbox.confirm(agent, 1, [3]);
    expect(outbox.unconfirmed).toBe(1);
    outbox.confirm(agent, 3, []);
    expect(outbox.unconfirmed).toBe(0);
  });

  it('lie on disk while the queue is away, and are forgotten there when confirmed', async () => {
    const { agent, outbox, queue } = makeOutbox();
    queue.away = true;
    outbox.add(seen(1), true);
    await until(() => readdirSync(folder).length === 1);
    expect(outbox.unconfirmed).toBe(1);
    queue.away = false;
    await until(() => queue.jobs.size === 1);
    expect(slots(queue.jobs)).toEqual([1]);
    expect(readdirSync(folder)).toHaveLength(1);
    outbox.confirm(agent, 1, []);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('survive a restart of the agent', async () => {
    const earlier = makeOutbox();
    earlier.queue.away = true;
    for (const slotMs of [1, 2]) {
      earlier.outbox.add(seen(slotMs), true);
      await until(() => readdirSync(folder).length === slotMs);
    }
    earlier.outbox.add(seen(3), false);
    await earlier.outbox.stop();
    const { outbox, queue } = makeOutbox();
    expect(outbox.unconfirmed).toBe(3);
    await until(() => queue.jobs.size === 3);
    expect(slots(queue.jobs)).toEqual([1, 2, 3]);
    expect([...queue.jobs.values()].every(({ agent }) => agent === earlier.agent)).toBe(true);
    outbox.confirm(earlier.agent, 3, []);
    expect([outbox.unconfirmed, readdirSync(folder)]).toEqual([0, []]);
  });
});
