import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { icmpProbe } from '../../probes/kinds/icmp.probe.ts';
import { runMany, runProbe } from '../../probes/run-probe.ts';
import { folderOf, installed } from './programs.ts';

const fping = installed('fping');
const ping = installed('ping');
const unshare = installed('unshare');
/** In a network of its own, with nothing in it: no packet leaves, none comes back. */
const cutOff = (program: string) => `exec ${unshare} ${process.getuid?.() === 0 ? '' : '-r '}-n ${program} "$@"`;

const path = process.env.PATH;
let folder: string | undefined;
const usePrograms = (scripts: Record<string, string>) => (process.env.PATH = folder = folderOf(scripts));
afterEach(() => {
  process.env.PATH = path;
  if (folder) rmSync(folder, { recursive: true });
  folder = undefined;
});

const parse = (input: object) => icmpProbe.config.parse(input);
const options = { timeoutMs: 2_000, guard: { check: () => {} } };
const up = (address: string) => ({
  verdict: 'up',
  reason: 'ok',
  latencyMs: expect.any(Number),
  facts: { address, lossPercent: 0, averageMs: expect.any(Number), worstMs: expect.any(Number) },
});

describe('with fping', () => {
  it('one process serves all targets of a round, each with its own outcome', async () => {
    usePrograms({ fping: `echo "$@" >> "\${0%/*}/calls"; exec ${fping} "$@"` });
    const hosts = ['127.0.0.1', '::1', 'localhost', '127.0.0.2', '127.0.0.1'];
    const outcomes = await runMany(
      icmpProbe,
      [...hosts.map((host) => parse({ host })), parse({ host: '::1', family: 4 })],
      options,
    );
    const named = String(outcomes[2]?.facts?.['address']);
    expect(outcomes.slice(0, 5)).toEqual([up('127.0.0.1'), up('::1'), up(named), up('127.0.0.2'), up('127.0.0.1')]);
    expect(outcomes[5]).toMatchObject({ verdict: 'unknown', reason: 'config-invalid' });
    const calls = readFileSync(join(folder!, 'calls'), 'utf8').trim().split('\n');
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatch(/^-C3 -p200 -t\d+ -i1 -- 127\.0\.0\.1 ::1 127\.0\.0\.2$/);
  });

  it('gives the average and the worst round trip', async () => {
    const { latencyMs, facts } = await runProbe(icmpProbe, parse({ host: '127.0.0.1', packets: 5 }), options);
    expect(latencyMs).toBe(facts?.['averageMs']);
    expect(latencyMs).toBeGreaterThan(0);
    expect(facts?.['worstMs']).toBeGreaterThanOrEqual(latencyMs!);
  });

  it('is down when nothing comes back, within the timeout', async () => {
    usePrograms({ fping: cutOff(fping) });
    const begun = performance.now();
    const outcomes = await runMany(
      icmpProbe,
      ['127.0.0.1', '10.0.0.1'].map((host) => parse({ host })),
      { ...options, timeoutMs: 600 },
    );
    expect(performance.now() - begun).toBeLessThan(750);
    expect(outcomes).toEqual(
      ['127.0.0.1', '10.0.0.1'].map((address) => ({
        verdict: 'down',
        reason: 'timeout',
        latencyMs: null,
        detail: `none of 3 packets came back from ${address}`,
        facts: { address, lossPercent: 100 },
      })),
    );
  });

  it('leaves no process behind when the agent stops', async () => {
    usePrograms({ fping: `echo $$ > "\${0%/*}/pid"; ${cutOff(fping)}` });
    const stop = new AbortController();
    const running = runProbe(icmpProbe, parse({ host: '127.0.0.1' }), {
      ...options,
      timeoutMs: 60_000,
      stop: stop.signal,
    });
    const readPid = () => Number(readFileSync(join(folder!, 'pid'), 'utf8'));
    await expect.poll(readPid, { timeout: 5_000 }).toBeGreaterThan(1);
    const pid = readPid();
    stop.abort();
    expect(await running).toMatchObject({ verdict: 'unknown', reason: 'agent-stopped' });
    await expect.poll(() => isRunning(pid)).toBe(false);
  });
});

describe('with ping alone', () => {
  it('pings either family', async () => {
    usePrograms({ ping: `exec ${ping} "$@"` });
    const outcomes = await runMany(
      icmpProbe,
      ['127.0.0.1', '::1'].map((host) => parse({ host })),
      options,
    );
    expect(outcomes).toEqual([up('127.0.0.1'), up('::1')]);
  });

  it('is down where the network is unreachable', async () => {
    usePrograms({ ping: cutOff(ping) });
    const outcome = await runProbe(icmpProbe, parse({ host: '10.0.0.1' }), options);
    expect(outcome).toMatchObject({
      verdict: 'down',
      reason: 'unreachable',
      detail: '10.0.0.1 cannot be reached (Network is unreachable)',
    });
  });

  it('takes what is out of place for a program that cannot be used', async () => {
    usePrograms({ fping: `exec ${fping} --no-such-option "$@"`, ping: `exec ${ping} --no-such-option "$@"` });
    const outcome = await runProbe(icmpProbe, parse({ host: '127.0.0.1' }), options);
    expect(outcome).toMatchObject({ verdict: 'unknown', reason: 'program-missing' });
    expect(outcome.detail).toContain('fping cannot send');
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
