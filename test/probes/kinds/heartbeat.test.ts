import { describe, expect, it } from 'vitest';
import { heartbeatProbe } from '../../../probes/kinds/heartbeat.probe.ts';
import { runProbe } from '../../../probes/run-probe.ts';

const parse = (input: unknown) => heartbeatProbe.config.parse(input);

describe('a heartbeat', () => {
  it('allows a minute of grace unless told otherwise', () => {
    expect(parse({})).toEqual({ graceMs: 60_000 });
    expect(parse({ grace: '5m' })).toEqual({ graceMs: 300_000 });
    expect(parse({ grace: 1_500 })).toEqual({ graceMs: 1_500 });
  });

  it('parses its own parsed form to the same', () => {
    expect(parse(parse({ grace: '2h' }))).toEqual({ graceMs: 7_200_000 });
  });

  it.each([{ grace: 'soon' }, { grace: '32d' }, { grace: '1m', graceMs: 1 }, { grce: '1m' }, 'x', null])(
    'refuses %j',
    (input) => {
      expect(heartbeatProbe.config.safeParse(input).success).toBe(false);
    },
  );

  it('is described and read back', () => {
    for (const target of ['', '90s', heartbeatProbe.describe({ graceMs: 300_000 })]) {
      const text = heartbeatProbe.describe(parse(heartbeatProbe.fromTarget(target)));
      expect(heartbeatProbe.describe(parse(heartbeatProbe.fromTarget(text)))).toBe(text);
    }
    expect(heartbeatProbe.describe({ graceMs: 300_000 })).toBe('a call each interval, 5m of grace');
  });

  it('cannot be run: its target calls', async () => {
    const outcome = await runProbe(heartbeatProbe, { graceMs: 1 }, { timeoutMs: 500, guard: { check: () => {} } });
    expect(outcome).toMatchObject({ verdict: 'unknown', reason: 'config-invalid' });
    expect(outcome.detail).toContain('a heartbeat is sent by the target');
  });
});
