import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  defineProbe,
  verdictOf,
  type Outcome,
  type ProbeKind,
  type Round,
  type RoundRun,
  type WireObservation,
} from '../../probes/contract.ts';
import { RoundRunner } from '../../probes/round.ts';
import { createAddressGuard } from '../../probes/support/address-guard.ts';
import { until } from '../support/until.ts';

const up: Outcome = { verdict: 'up', reason: 'ok', latencyMs: 1 };
const down: Outcome = { verdict: 'down', reason: 'connection-refused', latencyMs: null };

const kindOf = (run: () => Promise<Outcome>): ProbeKind =>
  defineProbe({
    kind: 'test',
    title: 'Test',
    description: 'Says what the test wants',
    mode: 'pull',
    defaults: { everyMs: 1_000, timeoutMs: 500 },
    config: z.unknown(),
    describe: () => 'test',
    examples: [],
    fromTarget: (target) => target,
    run,
  });

/** A runner whose series say what `say` answers, and what it reported. */
function makeRunner(say: (config: unknown) => Promise<Outcome> | Outcome, mostInFlight?: number) {
  const reported: WireObservation[] = [];
  const runner = new RoundRunner({
    guard: createAddressGuard({ allowLoopback: true }),
    now: () => Date.now(),
    prepare: ({ config }) => ({ kind: kindOf(async () => say(config)), config }),
    report: (observation) => reported.push(observation),
    ...(mostInFlight === undefined ? {} : { mostInFlight }),
  });
  const told = () =>
    reported.map(([series, slotMs, attempt, verdict]) => [series, slotMs, attempt, verdictOf(verdict)]);
  return { runner, reported, told };
}

const slotMs = 1_800_000_000_000;
const run = (series: number, more: Partial<RoundRun> = {}): RoundRun => ({
  series,
  kind: 'test',
  version: '1',
  config: series,
  everyMs: 60_000,
  timeoutMs: 500,
  degradedAboveMs: null,
  confirmFailures: 1,
  recheckAfterMs: 20,
  slotMs,
  leadMs: 0,
  ...more,
});
const round = (runs: RoundRun[], more: Partial<Round> = {}): Round => ({
  location: 'hq',
  epoch: 5,
  sentAtMs: Date.now(),
  runs,
  confirmed: {},
  ...more,
});

describe('rounds at an agent', () => {
  it('are refused from a server that lost its lease', async () => {
    const { runner, told } = makeRunner(() => up);
    expect(runner.take(round([run(1)], { epoch: 5 }))).toBe(true);
    expect(runner.take(round([run(2)], { epoch: 4 }))).toBe(false);
    expect(runner.take(round([run(3)], { epoch: 6 }))).toBe(true);
    expect(runner.take(round([run(4)], { epoch: 5 }))).toBe(false);
    await runner.drain(1_000);
    expect(told().map(([series]) => series)).toEqual([1, 3]);
  });

  it('run a slot once, however often it is handed out', async () => {
    const { runner, told } = makeRunner(() => up);
    for (const epoch of [5, 5, 6]) runner.take(round([run(1)], { epoch }));
    await until(() => told().length > 0);
    runner.take(round([run(1, { slotMs: slotMs - 60_000 })], { epoch: 6 }));
    runner.take(round([run(1, { slotMs: slotMs + 60_000 })], { epoch: 6 }));
    await runner.drain(1_000);
    expect(told()).toEqual([
      [1, slotMs, 0, 'up'],
      [1, slotMs + 60_000, 0, 'up'],
    ]);
  });

  it('run every slot in its turn, in whatever order the rounds of a moment come, and however often', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3, 0, 1, 2, 3], { minLength: 8 }), async (order) => {
        const { runner, told } = makeRunner(() => up);
        const sentAtMs = Date.now();
        // None is due before the last is handed over, on a busy machine too.
        for (const slot of order)
          runner.take(round([run(1, { slotMs: slotMs + slot * 1_000, leadMs: 100 + slot * 5 })], { sentAtMs }));
        await runner.drain(1_000);
        expect(told()).toEqual([0, 1, 2, 3].map((slot) => [1, slotMs + slot * 1_000, 0, 'up']));
        for (const slot of order) runner.take(round([run(1, { slotMs: slotMs + slot * 1_000 })]));
        await runner.drain(1_000);
        expect(told().length).toBe(4);
      }),
      { numRuns: 30 },
    );
  });

  it('drop what is overdue by more than its interval, and count it', async () => {
    const { runner, told } = makeRunner(() => up);
    const sentAtMs = Date.now() - 10_000;
    runner.take(round([run(1, { everyMs: 5_000 }), run(2, { everyMs: 60_000 })], { sentAtMs }));
    await runner.drain(1_000);
    expect(told().map(([series]) => series)).toEqual([2]);
    expect(runner.dropped).toBe(1);
  });

  it('start each run at its due instant', async () => {
    const started: number[] = [];
    const { runner } = makeRunner(() => {
      started.push(performance.now());
      return up;
    });
    const begun = performance.now();
    runner.take(round([run(1, { leadMs: 150 }), run(2, { leadMs: 0 })]));
    await runner.drain(1_000);
    expect(started[0]! - begun).toBeLessThan(100);
    expect(started[1]! - begun).toBeGreaterThan(140);
  });

  it('do not let targets that hang starve others', async () => {
    const hanging = () => sleep(60_000, down, { ref: false });
    const { runner, told } = makeRunner((config) => ((config as number) <= 50 ? hanging() : up));
    runner.take(round(Array.from({ length: 50 }, (_, index) => run(index + 1, { timeoutMs: 1_000 }))));
    await until(() => runner.inFlight === 50);
    expect(runner.take(round([run(51)]))).toBe(true);
    await until(() => told().some(([series]) => series === 51));
    expect(runner.inFlight).toBe(50);
    await runner.drain(2_000);
    expect(told().filter(([, , , verdict]) => verdict === 'down')).toHaveLength(50);
  });

  it('keep the runs in flight within their bound and lose none', async () => {
    let most = 0;
    let now = 0;
    const { runner, told } = makeRunner(async () => {
      most = Math.max(most, (now += 1));
      await sleep(10);
      now -= 1;
      return up;
    }, 3);
    runner.take(round(Array.from({ length: 12 }, (_, index) => run(index + 1))));
    await runner.drain(2_000);
    expect(most).toBe(3);
    expect(told()).toHaveLength(12);
  });

  it('run again by themselves after a failure that is not confirmed', async () => {
    const answers = [up, down, down];
    const { runner, told } = makeRunner(() => answers.shift() ?? up);
    const at = Date.now();
    runner.take(round([run(1, { confirmFailures: 2, slotMs: at - 60_000 })]));
    await until(() => told().length === 1);
    runner.take(round([run(1, { confirmFailures: 2, slotMs: at })]));
    await until(() => told().length === 3);
    await runner.drain(1_000);
    expect(told()).toEqual([
      [1, at - 60_000, 0, 'up'],
      [1, at, 0, 'down'],
      [1, at, 1, 'down'],
    ]);
  });

  it('leave the confirmation to the next slot where that comes before the re-check', async () => {
    const { runner, told } = makeRunner(() => down);
    const at = Date.now();
    runner.take(round([run(1, { confirmFailures: 2, slotMs: at, everyMs: 300, recheckAfterMs: 400 })]));
    await runner.drain(1_000);
    expect(told()).toEqual([[1, at, 0, 'down']]);
  });

  it('attempt again, when that is asked for, the slot that ran and not the one that waits for its instant', async () => {
    const { runner, told } = makeRunner(() => up);
    const at = Date.now();
    const recheck = (series: number) => run(series, { slotMs: at + 50, recheck: true });
    runner.take(round([run(1, { slotMs: at })]));
    await until(() => told().length === 1);
    runner.take(round([run(1, { slotMs: at + 60_000, leadMs: 200 }), recheck(1), recheck(2)]));
    await runner.drain(2_000);
    expect(told()).toEqual([
      [1, at, 0, 'up'],
      [1, at, 1, 'up'],
      [1, at + 60_000, 0, 'up'],
    ]);
  });

  it('keep what they were made ready with when a newer config cannot be used', async () => {
    const reported: WireObservation[] = [];
    const runner = new RoundRunner({
      guard: createAddressGuard({ allowLoopback: true }),
      now: () => Date.now(),
      prepare: ({ version, config }) => {
        if (version === '2') throw new Error('of a newer server');
        return { kind: kindOf(async () => up), config };
      },
      report: (observation) => reported.push(observation),
    });
    runner.take(round([run(1, { leadMs: 100 })]));
    runner.take(round([run(1, { version: '2', slotMs: slotMs + 60_000 })]));
    await runner.drain(1_000);
    expect(reported.map(([, slot, , verdict]) => [slot - slotMs, verdictOf(verdict)])).toEqual([
      [60_000, 'unknown'],
      [0, 'up'],
    ]);
  });

  it('report a config that cannot be used as our own fault', async () => {
    const reported: WireObservation[] = [];
    const runner = new RoundRunner({
      guard: createAddressGuard({ allowLoopback: true }),
      now: () => Date.now(),
      prepare: () => {
        throw new Error('sealed for another location');
      },
      report: (observation) => reported.push(observation),
    });
    runner.take(round([run(1)]));
    await runner.drain(1_000);
    expect(reported.map(([, , , verdict, , , , , detail]) => [verdictOf(verdict), detail])).toEqual([
      ['unknown', 'sealed for another location'],
    ]);
  });
});
