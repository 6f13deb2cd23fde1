/** A limit on how often something may happen: at once `burst` times, after that once in `everyMs`. */
export interface RateLimit {
  everyMs: number;
  burst: number;
}

/**
 * Whether one more may happen at `nowMs`, by any clock that does not step. `dueMs` is what the last one that happened
 * answered, 0 before the first; `waitMs` is how long to wait for the next, 0 when this one may happen.
 */
export function admit(dueMs: number, nowMs: number, { everyMs, burst }: RateLimit): { dueMs: number; waitMs: number } {
  const fromMs = Math.max(dueMs, nowMs);
  const waitMs = Math.max(0, fromMs - nowMs - (burst - 1) * everyMs);
  return waitMs > 0 ? { dueMs, waitMs } : { dueMs: fromMs + everyMs, waitMs };
}
