import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

/** Tests of the browser's part that need no browser: a document of its own for components. */
export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  plugins: [vue()],
  test: {
    include: ['test/client/**/*.test.ts'],
    environment: 'happy-dom',
    pool: 'forks',
    isolate: false,
    server: { deps: { inline: ['vuetify'] } },
    testTimeout: 20_000,
  },
});
