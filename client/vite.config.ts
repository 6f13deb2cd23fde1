import vue from '@vitejs/plugin-vue';
import { defineConfig, type Plugin, type Rolldown } from 'vite';
import { compression, defineAlgorithm } from 'vite-plugin-compression2';

type Chunk = Rolldown.OutputChunk;

/**
 * Writes `wall.html`, which is `index.html` that names what the wall is made of too: a display fetches all of it at once, not
 * the page after the rest of the program has begun.
 */
const wallHtml = (): Plugin => ({
  name: 'wall-html',
  enforce: 'post',
  generateBundle(_, bundle) {
    const index = bundle['index.html'];
    const page = Object.values(bundle).find(
      (file): file is Chunk => file.type === 'chunk' && (file.facadeModuleId?.endsWith('/WallPage.vue') ?? false),
    );
    if (index?.type !== 'asset' || !page) throw new Error('there is no index.html, or no page of the wall');
    const html = String(index.source);
    const chunks = new Set<Chunk>([page]);
    for (const { imports } of chunks)
      for (const name of imports) if (bundle[name]?.type === 'chunk') chunks.add(bundle[name]);
    const links = (names: Iterable<string>, rel: string) =>
      [...new Set(names)]
        .filter((name) => !html.includes(name))
        .map((name) => `    <link ${rel} crossorigin href="/${name}">\n`);
    const styles = [...chunks].flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])]);
    const added = [
      ...links(
        [...chunks].map(({ fileName }) => fileName),
        'rel="modulepreload"',
      ),
      ...links(styles, 'rel="preload" as="style"'),
    ];
    this.emitFile({
      type: 'asset',
      fileName: 'wall.html',
      source: html.replace('  </head>', `${added.join('')}  </head>`),
    });
  },
});

/** Builds the browser's part to dist/client; `vite client` serves it with the API of a running server. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [
    vue(),
    wallHtml(),
    // As small as can be, once for all displays: a server that packs while a display waits has no time for that.
    compression({ algorithms: [defineAlgorithm('brotliCompress')], include: /\.(js|css)$/, threshold: 1_024 }),
  ],
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
      '/api/v1': 'http://127.0.0.1:8484',
      '/socket.io': { target: 'http://127.0.0.1:8484', ws: true },
    },
  },
});
