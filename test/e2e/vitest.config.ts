import { defineConfig } from 'vitest/config';

/** Browser tests: the built client and real servers in real Chromiums, two files at a time. */
export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: {
    include: ['test/e2e/**/*.test.ts'],
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
    isolate: false,
    globalSetup: ['test/support/postgres-setup.ts', 'test/e2e/browser-setup.ts'],
    setupFiles: ['test/support/postgres-teardown.ts'],
    testTimeout: 45_000,
    hookTimeout: 90_000,
  },
});
