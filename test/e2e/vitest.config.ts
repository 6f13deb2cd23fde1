import { defineConfig } from 'vitest/config';

/** Browser tests: the built client and a real server in a real Chromium, one file after the other. */
export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: {
    include: ['test/e2e/**/*.test.ts'],
    environment: 'node',
    pool: 'forks',
    fileParallelism: false,
    globalSetup: ['test/support/postgres-setup.ts', 'test/e2e/browser-setup.ts'],
    setupFiles: ['test/support/postgres-teardown.ts'],
    testTimeout: 45_000,
    hookTimeout: 90_000,
  },
});
