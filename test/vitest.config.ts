import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Run whole installations, whose probes have instants to keep: one after the other, with the machine to themselves. */
const whole = ['test/server/start*.test.ts', 'test/server/probing/path.test.ts'];
/** Have their own configurations. */
const elsewhere = ['test/faults/**', 'test/protocols/**', 'test/e2e/**', 'test/client/**'];

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    environment: 'node',
    pool: 'forks',
    globalSetup: ['test/support/postgres-setup.ts'],
    setupFiles: ['test/support/postgres-teardown.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: [...elsewhere, ...whole],
          // To load the server takes longer than most files run: they share it, and put back what they change of it.
          isolate: false,
          maxWorkers: Math.max(2, availableParallelism()),
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'whole', include: whole, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
