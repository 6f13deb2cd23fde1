import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { durationMs, durationText, parseDurationMs } from '../../../probes/support/duration.ts';

describe('durations', () => {
  it.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['5d', 432_000_000],
    ['0s', 0],
  ])('reads %s as %i ms', (text, ms) => expect(parseDurationMs(text)).toBe(ms));

  it.each(['30', 's', '1.5h', '-1s', '1h30m', ' 1s', '1 s', '1S', ''])('does not read %j', (text) => {
    expect(parseDurationMs(text)).toBeUndefined();
  });

  it.each([
    [0, '0ms'],
    [1_500, '1500ms'],
    [90_000, '90s'],
    [120_000, '2m'],
    [86_400_000, '1d'],
  ])('writes %i ms as %s', (ms, text) => expect(durationText(ms)).toBe(text));

  it('takes milliseconds and text in a config, and gives milliseconds', () => {
    const field = durationMs({ min: 1_000, max: 60_000 });
    expect([field.parse(1_500), field.parse('30s')]).toEqual([1_500, 30_000]);
    for (const bad of [1.5, -1, 999, '61s', '30', 'soon', null]) expect(field.safeParse(bad).success).toBe(false);
    expect(field.safeParse('2m').error?.issues[0]?.message).toBe('must be from 1s to 1m');
  });

  it('has a JSON Schema as input, with its default', () => {
    const schema = z.toJSONSchema(z.object({ grace: durationMs().prefault('1m') }), { io: 'input' });
    expect(schema.properties?.['grace']).toMatchObject({
      default: '1m',
      anyOf: [{ type: 'integer' }, { type: 'string' }],
    });
  });
});
