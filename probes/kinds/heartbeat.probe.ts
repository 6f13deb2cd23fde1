import { z } from 'zod';
import { defineProbe, ProbeFailure } from '../contract.ts';
import { durationMs, durationText } from '../support/duration.ts';

const grace = durationMs({ max: 31 * 86_400_000 })
  .prefault('1m')
  .describe('How long after its interval a heartbeat may still come before it counts as missed');

/** Written as `grace`, parsed to `graceMs`; the parsed form is accepted too, so that parsing twice is parsing once. */
const config = z.preprocess(
  (input) => {
    if (typeof input !== 'object' || input === null || !('graceMs' in input) || 'grace' in input) return input;
    const { graceMs, ...rest } = input;
    return { ...rest, grace: graceMs };
  },
  z.strictObject({ grace }).transform(({ grace: graceMs }) => ({ graceMs })),
);
export type HeartbeatConfig = z.infer<typeof config>;

export const heartbeatProbe = defineProbe<HeartbeatConfig>({
  kind: 'heartbeat',
  title: 'Heartbeat',
  description:
    'Waits for a call from a job, a backup or a script at least once an interval; a call that stays out is an outage.',
  mode: 'push',
  defaults: { everyMs: 300_000, timeoutMs: 5_000 },
  config,
  describe: ({ graceMs }) => `a call each interval, ${durationText(graceMs)} of grace`,
  examples: [],
  fromTarget: (target) => (target.trim() ? { grace: /\d+(?:ms|s|m|h|d)\b/.exec(target)?.[0] ?? target } : {}),
  run: async () => {
    throw new ProbeFailure(
      'config-invalid',
      'a heartbeat is sent by the target to POST /api/v1/heartbeats/<token>; there is nothing to run',
    );
  },
});
