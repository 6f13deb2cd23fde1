import { Problem } from '../platform/problem.ts';

export interface Attempts {
  attempts: number;
  /** Until the count starts anew. */
  leftSeconds: number;
}

/** Wrong passwords in a quarter of an hour. */
export const attemptLimits = { byName: 10, byAddress: 50, bySession: 10 };

/** @throws Problem too-many-requests */
export function assertWithin({ attempts, leftSeconds }: Attempts, limit: number): void {
  if (attempts <= limit) return;
  throw new Problem('too-many-requests', `Too many wrong passwords; try again in ${leftSeconds} s`, {
    retryAfterSeconds: leftSeconds,
  });
}
