import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResultBatch, WireObservation } from '../../../probes/contract.ts';
import { AgentTurns } from '../../../server/probing/agent-turns.ts';

const observation: WireObservation = [1, 0, 0, 0, 0, null, 0, null, null, null];
const batchOf = (agent: string, batch: number, observations = 1): ResultBatch => ({
  ...{ agent, batch, location: 'hq', version: '1', sentAtMs: 0, startedAtMs: 0, clockOffsetMs: 0 },
  ...{ inFlight: 0, droppedRuns: 0, unconfirmedBatches: 0 },
  observations: Array.from({ length: observations }, () => observation),
});
const told = (batches: readonly ResultBatch[]): string =>
  batches.map(({ agent, batch }) => `${agent}${batch}`).join(' ');

/** Recording that goes on until it is told to end. */
function heldRecording() {
  const ends: (() => void)[] = [];
  const recorded: string[] = [];
  const record = (batches: readonly ResultBatch[]): Promise<void> => {
    recorded.push(told(batches));
    return new Promise<void>((resolve) => ends.push(resolve));
  };
  const end = async (): Promise<void> => {
    ends.shift()!();
    await sleep(0);
  };
  return { record, recorded, end };
}

describe('batches of agents', () => {
  it('are taken together when they came while their agent had its turn, and else at once', async () => {
    const { record, recorded, end } = heldRecording();
    const turns = new AgentTurns(4, record);
    const all = [1, 2, 3, 4].map((batch) => turns.take(batchOf('a', batch)));
    expect(recorded).toEqual(['a1']);
    await end();
    expect(recorded).toEqual(['a1', 'a2 a3 a4']);
    await end();
    await Promise.all(all);
    void turns.take(batchOf('a', 5));
    expect(recorded.at(-1)).toBe('a5');
  });

  it('of no more agents than some are recorded side by side; then comes the one that waited longest', async () => {
    const { record, recorded, end } = heldRecording();
    const turns = new AgentTurns(2, record);
    for (const name of ['a1', 'b1', 'c1', 'a2', 'd1', 'c2']) void turns.take(batchOf(name[0]!, Number(name[1])));
    expect(recorded).toEqual(['a1', 'b1']);
    await end();
    expect(recorded.slice(2)).toEqual(['c1 c2']);
    await end();
    expect(recorded.slice(3)).toEqual(['a2']);
  });

  it('are together about as much as an agent sends at once', async () => {
    const { record, recorded, end } = heldRecording();
    const turns = new AgentTurns(1, record);
    for (const [index, size] of [1, 3_000, 2_000, 1, 9_000, 1].entries())
      void turns.take(batchOf('a', index + 1, size));
    for (let turn = 0; turn < 4; turn++) await end();
    expect(recorded).toEqual(['a1', 'a2 a3', 'a4', 'a5', 'a6']);
  });

  it('that cannot be recorded take no other along', async () => {
    const recorded: number[] = [];
    const turns = new AgentTurns(1, async (batches) => {
      await sleep(0);
      if (batches.some(({ batch }) => batch === 3)) throw new Error('poison');
      recorded.push(...batches.map(({ batch }) => batch));
    });
    const ends = await Promise.allSettled([1, 2, 3, 4, 5].map((batch) => turns.take(batchOf('a', batch))));
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(recorded).toEqual([1, 2, 4, 5]);
  });

  it('are each recorded once and in the order of their agent, however they come', async () => {
    const arrivals = fc.array(
      fc.record({ agent: fc.constantFrom('a', 'b', 'c'), pauseMs: fc.constantFrom(null, 0, 1) }),
      {
        maxLength: 40,
      },
    );
    await fc.assert(
      fc.asyncProperty(arrivals, fc.integer({ min: 1, max: 3 }), async (all, agentsAtOnce) => {
        const recorded = new Map<string, number[]>();
        const sent = new Map<string, number>();
        let busy = 0;
        const turns = new AgentTurns(agentsAtOnce, async (batches) => {
          busy += 1;
          expect(busy).toBeLessThanOrEqual(agentsAtOnce);
          expect(new Set(batches.map(({ agent }) => agent)).size).toBe(1);
          await sleep(0);
          for (const { agent, batch } of batches) recorded.set(agent, [...(recorded.get(agent) ?? []), batch]);
          busy -= 1;
        });
        const taken: Promise<void>[] = [];
        for (const { agent, pauseMs } of all) {
          sent.set(agent, (sent.get(agent) ?? 0) + 1);
          taken.push(turns.take(batchOf(agent, sent.get(agent)!)));
          if (pauseMs !== null) await sleep(pauseMs);
        }
        await Promise.all(taken);
        for (const [agent, count] of sent)
          expect(recorded.get(agent)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
      }),
      { numRuns: 50 },
    );
  });
});
