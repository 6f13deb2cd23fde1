import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';
import { unpackChromium, type Chromium } from '../support/chromium.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Folder of the client, built for this run. */
    clientFolder: string;
    /** The browser's program, and where its libraries and fonts are. */
    chromium: Chromium;
  }
}

/** Builds the client for this run, and unpacks Chromium with the libraries and fonts that a bare machine lacks. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const clientFolder = await mkdtemp(join(tmpdir(), 'troth-client-'));
  const root = new URL('../../client', import.meta.url).pathname;
  await build({
    configFile: join(root, 'vite.config.ts'),
    root,
    logLevel: 'warn',
    build: { outDir: clientFolder, emptyOutDir: true },
  });
  project.provide('clientFolder', clientFolder);
  project.provide('chromium', await unpackChromium());
  return () => rm(clientFolder, { recursive: true, force: true });
}
