import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

/** Builds the browser's part to dist/client; `vite client` serves it with the API of a running server. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [vue()],
  define: { __VUE_OPTIONS_API__: false },
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    target: 'baseline-widely-available',
    /** A data: address would need a hole in the content security policy. */
    assetsInlineLimit: 0,
    /** ECharts, which only the service page fetches. */
    chunkSizeWarningLimit: 600,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      '/api': 'http://127.0.0.1:8484',
      '/socket.io': { target: 'http://127.0.0.1:8484', ws: true },
    },
  },
});
