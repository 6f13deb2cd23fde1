import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ProbeFailure } from '../../../probes/contract.ts';
import { icmpProbe, judge } from '../../../probes/kinds/icmp.probe.ts';
import { timetable } from '../../../probes/kinds/icmp-programs.ts';
import { runMany, runProbe } from '../../../probes/run-probe.ts';

const parse = (input: unknown) => icmpProbe.config.parse(input);
const open = { check: () => {} };

describe('a ping', () => {
  it('sends three packets and forgives no loss unless told otherwise', () => {
    expect(parse({ host: 'core.internal' })).toEqual({
      host: 'core.internal',
      packets: 3,
      family: 'any',
      expect: { lossPercentAtMost: 0 },
    });
  });

  it.each(['-f', '--version', '', 'a b', 'a\nb', 'http://a', 'a:80', 'a/b', '.', 'a..b', '$(id)@'])(
    'refuses %j as a host',
    (host) => {
      expect(icmpProbe.config.safeParse({ host }).success).toBe(false);
    },
  );

  it('is described by its host and read back', () => {
    expect(icmpProbe.describe(parse(icmpProbe.fromTarget(' 10.0.0.1 ')))).toBe('10.0.0.1');
  });
});

describe('the judgement of a ping', () => {
  const config = parse({ host: 'x', packets: 4, expect: { lossPercentAtMost: 25, averageMsAtMost: 20 } });

  it('is up with loss and average within their limits', () => {
    expect(judge(config, '10.0.0.1', { sent: 4, timesMs: [10, 20, 30] })).toEqual({
      verdict: 'up',
      reason: 'ok',
      latencyMs: 20,
      facts: { address: '10.0.0.1', lossPercent: 25, averageMs: 20, worstMs: 30 },
    });
  });

  it('is down with more loss', () => {
    expect(judge(config, '10.0.0.1', { sent: 4, timesMs: [10, 20] })).toMatchObject({
      verdict: 'down',
      reason: 'packet-loss',
      latencyMs: 15,
      detail: '2 of 4 packets to 10.0.0.1 were lost; at most 25 % may be',
      facts: { lossPercent: 50 },
    });
  });

  it('is down with a longer average', () => {
    expect(judge(config, '10.0.0.1', { sent: 4, timesMs: [20, 20, 20, 20.004] })).toMatchObject({
      verdict: 'down',
      reason: 'too-slow',
      latencyMs: 20.001,
      detail: '20.001 ms on average to 10.0.0.1; at most 20 ms is good',
    });
  });

  it('tells silence from a complaint of the network', () => {
    expect(judge(config, '10.0.0.1', { sent: 4, timesMs: [] })).toMatchObject({ reason: 'timeout', latencyMs: null });
    expect(
      judge(config, '10.0.0.1', { sent: 4, timesMs: [], complaint: 'Host Unreachable, says 10.8.0.1' }),
    ).toMatchObject({
      verdict: 'down',
      reason: 'unreachable',
      detail: 'none of 4 packets came back from 10.0.0.1 (Host Unreachable, says 10.8.0.1)',
    });
  });
});

describe('the timetable of a round', () => {
  it('fits all packets and a wait into the time', () => {
    expect(timetable(3, 1, 4_500, 10)).toEqual({ pauseMs: 200, waitMs: 4_099 });
    expect(timetable(3, 256, 4_500, 10)).toEqual({ pauseMs: 256, waitMs: 3_732 });
    expect(timetable(20, 1, 900, 10)).toEqual({ pauseMs: 22, waitMs: 481 });
  });

  it('says so where they do not fit', () => {
    expect(() => timetable(20, 1, 900, 200)).toThrow(ProbeFailure);
    expect(() => timetable(20, 1, 900, 200)).toThrow('20 packets to 1 addresses do not fit into 900 ms');
  });
});

describe('without fping and ping', () => {
  const path = process.env.PATH;
  afterEach(() => {
    process.env.PATH = path;
  });

  it('says what to install, and that it is not the target', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'troth-'));
    process.env.PATH = empty;
    const outcome = await runProbe(icmpProbe, parse({ host: '127.0.0.1' }), { timeoutMs: 2_000, guard: open });
    rmdirSync(empty);
    expect(outcome).toMatchObject({ verdict: 'unknown', reason: 'program-missing' });
    expect(outcome.detail).toContain(
      'fping is not installed; ping is not installed; install fping (Debian and Ubuntu: apt install fping',
    );
  });

  it('still tells what is wrong with a target before it is sent to', async () => {
    const guard = {
      check: (address: string, port: number) => {
        throw new ProbeFailure('address-refused', `${address} ${port}`);
      },
    };
    const configs = ['127.0.0.1', 'localhost'].map((host) => parse({ host }));
    const outcomes = await runMany(icmpProbe, [...configs, parse({ host: '::1', family: 4 })], {
      timeoutMs: 2_000,
      guard,
    });
    expect(outcomes.map((one) => [one.verdict, one.reason])).toEqual([
      ['unknown', 'address-refused'],
      ['unknown', 'address-refused'],
      ['unknown', 'config-invalid'],
    ]);
    expect(outcomes[0]?.detail).toBe('127.0.0.1 0');
  });
});
