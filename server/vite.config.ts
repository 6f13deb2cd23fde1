import { defineConfig } from 'vite';

const compiled = new URL('../dist/compiled/', import.meta.url).pathname;

/**
 * Puts what the compiler made of server and agent into a few files, packages left out: each of hundreds of files costs
 * Node about two milliseconds of every start. The compiler itself writes what the modules of Nest are wired by.
 */
export default defineConfig({
  root: compiled,
  logLevel: 'warn',
  build: {
    ssr: `${compiled}server/cli.js`,
    outDir: '../server',
    emptyOutDir: true,
    target: 'node20',
    minify: false,
    rolldownOptions: {
      treeshake: false,
      external: /^[^./]/,
      output: { entryFileNames: '[name].js', chunkFileNames: '[name].js', keepNames: true },
    },
  },
});
