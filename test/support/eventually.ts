import { vi } from 'vitest';

/** Waits until `check` passes: asks every 10 ms, for five seconds at most. */
export const eventually = <T>(check: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(check, { timeout: 5_000, interval: 10 });
