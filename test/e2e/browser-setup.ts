import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Folder of the client, built for this run. */
    clientFolder: string;
    /** The browser's program, and where its libraries and fonts are. */
    chromium: { executablePath: string; libraries: string; fonts: string };
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

/** The package brings its libraries along only where it takes the machine for a cloud function. */
async function unpackChromium(): Promise<{ executablePath: string; libraries: string; fonts: string }> {
  const before = { ...process.env };
  process.env['AWS_LAMBDA_JS_RUNTIME'] = 'nodejs22.x';
  const { default: chromium } = await import('@sparticuz/chromium');
  const executablePath = await chromium.executablePath();
  const { LD_LIBRARY_PATH: libraries = '', FONTCONFIG_PATH: fonts = '' } = process.env;
  for (const name of ['AWS_LAMBDA_JS_RUNTIME', 'LD_LIBRARY_PATH', 'FONTCONFIG_PATH', 'FONTCONFIG_FILE']) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  return { executablePath, libraries, fonts };
}
