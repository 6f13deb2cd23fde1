import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createServer, type ViteDevServer } from 'vite';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { nothing, violationsInThemes, wcag } from './axe.ts';
import { useBrowser } from './browser.ts';
import { type Installation, startInstallation } from './installation.ts';

/** The client as its developers see it: not built, served by Vite before a real server. */
const visits = useBrowser();
const root = fileURLToPath(new URL('../../client', import.meta.url));
let troth: Installation;
let vite: ViteDevServer;
let url: string;

beforeAll(async () => {
  troth = await startInstallation();
  const proxy = { '/api/v1': troth.url, '/socket.io': { target: troth.url, ws: true } };
  vite = await createServer({
    ...{ root, configFile: `${root}/vite.config.ts`, cacheDir: temporaryFolder('troth-vite-'), logLevel: 'error' },
    server: { host: '127.0.0.1', port: 0, proxy },
  });
  await vite.listen();
  url = vite.resolvedUrls!.local[0]!;
});
afterAll(async () => {
  await vite?.close();
  await troth?.end();
});

it('the style guide shows every piece, and axe finds nothing in either theme', async () => {
  const context = await visits.visitor({ colorScheme: 'light', reducedMotion: 'reduce' });
  await troth.enter(context, 'developer', 'admin');
  const page = await context.newPage();
  await page.goto(`${url}styleguide`);
  await page.getByRole('region', { name: 'Fields: read only' }).waitFor({ timeout: 60_000 });
  expect(await page.locator('canvas').count()).toBe(2);
  expect(await violationsInThemes(page, wcag)).toEqual(nothing);
}, 120_000);
