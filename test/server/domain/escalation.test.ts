import { expect, it } from 'vitest';
import { escalationMoments } from '../../../server/domain/escalation.ts';

const minuteMs = 60_000;

it('comes due step by step, and begins anew as often as is said', () => {
  const policy = { steps: [{ afterMs: 0 }, { afterMs: 15 * minuteMs }], repeat: 1, repeatAfterMs: 30 * minuteMs };
  expect(
    escalationMoments(policy, 1_000).map(({ round, step, atMs }) => [round, step, (atMs - 1_000) / minuteMs]),
  ).toEqual([
    [0, 0, 0],
    [0, 1, 15],
    [1, 0, 45],
    [1, 1, 60],
  ]);
});
