import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ProbeFailure, type Outcome, type ProbeKind, type RunContext, type RunSignal } from '../../probes/contract.ts';
import { runMany, runProbe } from '../../probes/run-probe.ts';
import { createAddressGuard } from '../../probes/support/address-guard.ts';

type Run = (config: number, context: RunContext) => Promise<Outcome>;

const kindOf = (run: Run, runMany?: ProbeKind<number>['runMany']): ProbeKind<number> => ({
  kind: 'sample',
  title: 'Sample',
  description: 'A kind of this test.',
  mode: 'pull',
  defaults: { everyMs: 1000, timeoutMs: 1000 },
  config: z.number(),
  describe: String,
  examples: [],
  fromTarget: Number,
  run,
  ...(runMany ? { runMany } : {}),
});

const up = (latencyMs: number): Outcome => ({ verdict: 'up', reason: 'ok', latencyMs });
const guard = createAddressGuard({ allowLoopback: true });
/** A busy machine may be late once. */
const timedTest = { retry: 2 };
const never = () => new Promise<never>(() => undefined);
const aborted = ({ signal }: RunContext) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', resolve, { once: true }));

async function timed<Result>(work: Promise<Result>): Promise<{ result: Result; ms: number }> {
  const begun = performance.now();
  return { result: await work, ms: performance.now() - begun };
}

describe('a run', () => {
  it('hands on what the kind says', async () => {
    const outcome: Outcome = { verdict: 'up', reason: 'ok', latencyMs: 12.5, facts: { statusCode: 200 } };
    expect(
      await runProbe(
        kindOf(async () => outcome),
        1,
        { timeoutMs: 100, guard },
      ),
    ).toEqual(outcome);
  });

  it('is degraded when it is good but slower than agreed', async () => {
    const options = { timeoutMs: 100, degradedAboveMs: 10, guard };
    expect(
      await runProbe(
        kindOf(async () => up(10)),
        1,
        options,
      ),
    ).toEqual(up(10));
    expect(
      await runProbe(
        kindOf(async () => up(10.4)),
        1,
        options,
      ),
    ).toEqual({
      verdict: 'degraded',
      reason: 'slow',
      latencyMs: 10.4,
      detail: '10 ms, slower than 10 ms',
    });
  });

  it.each([
    [
      'a failure of the target',
      new ProbeFailure('status-unexpected', 'expected 2xx, got 500'),
      'down',
      'status-unexpected',
    ],
    ['a failure of our own', new ProbeFailure('resolver-unavailable', 'silence'), 'unknown', 'resolver-unavailable'],
    ['a system error', Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }), 'down', 'connection-refused'],
    ['a want of file handles', Object.assign(new Error('full'), { code: 'EMFILE' }), 'unknown', 'agent-exhausted'],
    ['a mistake in the program', new TypeError('x is not a function'), 'unknown', 'internal-error'],
    ['something that is no error', 'oops', 'unknown', 'internal-error'],
  ])('makes an outcome of %s', async (_, thrown, verdict, reason) => {
    const rejected = await runProbe(
      kindOf(() => Promise.reject(thrown)),
      1,
      { timeoutMs: 100, guard },
    );
    expect(rejected).toMatchObject({ verdict, reason, latencyMs: null });
    const thrower = () => {
      throw thrown;
    };
    expect(await runProbe(kindOf(thrower), 1, { timeoutMs: 100, guard })).toEqual(rejected);
  });

  it('keeps details to 500 characters', async () => {
    const long = 'x'.repeat(2000);
    const failed = await runProbe(
      kindOf(() => Promise.reject(new ProbeFailure('timeout', long))),
      1,
      { timeoutMs: 100, guard },
    );
    expect(failed.detail).toHaveLength(500);
    const outcome = await runProbe(
      kindOf(async () => ({ ...up(1), detail: long })),
      1,
      { timeoutMs: 100, guard },
    );
    expect(outcome.detail).toHaveLength(500);
  });

  it('ends at its timeout even when the kind never does', timedTest, async () => {
    const { result, ms } = await timed(runProbe(kindOf(never), 1, { timeoutMs: 50, guard }));
    expect(result).toEqual({ verdict: 'down', reason: 'timeout', latencyMs: null, detail: 'no answer within 50 ms' });
    expect(ms).toBeGreaterThanOrEqual(49);
    expect(ms).toBeLessThan(150);
  });

  it('lets the kind say what it was waiting for', async () => {
    const kind = kindOf(async (_, context) => {
      await aborted(context);
      throw new ProbeFailure('resolver-unavailable', 'the resolver said nothing');
    });
    const outcome = await runProbe(kind, 1, { timeoutMs: 30, guard });
    expect(outcome).toMatchObject({
      verdict: 'unknown',
      reason: 'resolver-unavailable',
      detail: 'the resolver said nothing',
    });
  });

  it.each([
    ['the noise of a torn down connection', () => Promise.reject(new ProbeFailure('connection-closed', 'closed'))],
    ['an outcome that comes too late', async () => up(31)],
  ])('takes no notice of %s', async (_, afterwards) => {
    const kind = kindOf((__, context) => aborted(context).then(afterwards));
    expect(await runProbe(kind, 1, { timeoutMs: 30, guard })).toMatchObject({ verdict: 'down', reason: 'timeout' });
  });

  it('aborts its signal at the timeout and after any end, so that nothing it opened outlives it', async () => {
    const signals: RunSignal[] = [];
    const kind = (run: Run) =>
      kindOf((config, context) => {
        signals.push(context.signal);
        return run(config, context);
      });
    await runProbe(
      kind(async () => up(1)),
      1,
      { timeoutMs: 1000, guard },
    );
    await runProbe(
      kind(() => Promise.reject(new Error('no'))),
      1,
      { timeoutMs: 1000, guard },
    );
    await runProbe(kind(never), 1, { timeoutMs: 20, guard });
    expect(signals.map((signal) => signal.aborted)).toEqual([true, true, true]);
  });

  it('blames nobody else when this process was held up', async () => {
    const kind = kindOf(async () => {
      const until = performance.now() + 400;
      while (performance.now() < until);
      return never();
    });
    const outcome = await runProbe(kind, 1, { timeoutMs: 20, guard });
    expect(outcome).toMatchObject({ verdict: 'unknown', reason: 'internal-error' });
    expect(outcome.detail).toMatch(/held up for \d{3} ms/);
  });

  it('ends at once when the agent stops, thousands at a time', async () => {
    const stop = new AbortController();
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    const runs = Array.from({ length: 2000 }, () =>
      runProbe(kindOf(never), 1, { timeoutMs: 60_000, guard, stop: stop.signal }),
    );
    const { result, ms } = await timed((stop.abort(), Promise.all(runs)));
    expect(new Set(result.map((one) => `${one.verdict} ${one.reason}`))).toEqual(new Set(['unknown agent-stopped']));
    expect(ms).toBeLessThan(1000);
    expect((await runProbe(kindOf(never), 1, { timeoutMs: 60_000, guard, stop: stop.signal })).reason).toBe(
      'agent-stopped',
    );
    await new Promise(setImmediate);
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });
});

describe('a run of many', () => {
  it('asks a kind that can to run all of them together', async () => {
    const kind = kindOf(never, async (configs) => configs.map((config) => up(config)));
    expect(await runMany(kind, [3, 1, 2], { timeoutMs: 100, degradedAboveMs: 2, guard })).toMatchObject([
      { verdict: 'degraded', latencyMs: 3 },
      { verdict: 'up', latencyMs: 1 },
      { verdict: 'up', latencyMs: 2 },
    ]);
  });

  it('runs them side by side where the kind cannot', timedTest, async () => {
    const kind = kindOf(async (config) => (config === 2 ? never() : up(config)));
    const { result, ms } = await timed(runMany(kind, [1, 2, 3], { timeoutMs: 50, guard }));
    expect(result.map((one) => one.reason)).toEqual(['ok', 'timeout', 'ok']);
    expect(ms).toBeLessThan(150);
  });

  it('keeps what was measured of some when the others take too long', async () => {
    const kind = kindOf(never, async (configs, context) => {
      await aborted(context);
      return configs.map((config) => (config === 1 ? up(1) : { verdict: 'down', reason: 'timeout', latencyMs: null }));
    });
    const outcomes = await runMany(kind, [1, 2], { timeoutMs: 30, guard });
    expect(outcomes.map((one) => one.reason)).toEqual(['ok', 'timeout']);
  });

  it('gives every one an outcome when the kind fails, hangs or forgets some', async () => {
    const options = { timeoutMs: 30, guard };
    const failed = await runMany(
      kindOf(never, () => Promise.reject(new ProbeFailure('program-missing', 'no fping'))),
      [1, 2],
      options,
    );
    expect(failed.map((one) => `${one.verdict} ${one.reason}`)).toEqual([
      'unknown program-missing',
      'unknown program-missing',
    ]);
    const hung = await runMany(kindOf(never, never), [1, 2], options);
    expect(hung.map((one) => one.reason)).toEqual(['timeout', 'timeout']);
    const forgetful = await runMany(
      kindOf(never, async () => [up(1)]),
      [1, 2],
      options,
    );
    expect(forgetful.map((one) => one.reason)).toEqual(['internal-error', 'internal-error']);
  });
});
