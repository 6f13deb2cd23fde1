import { join } from 'node:path';
import { packageRoot } from '../platform/package-root.ts';

const isSource = import.meta.url.endsWith('.ts');

/** Arguments of `node` that run a `troth` command from source where this runs from source, else from what was built. */
export const trothArgs = (...command: readonly string[]): string[] => [
  ...process.execArgv.filter((option) => !option.startsWith('--watch')),
  join(packageRoot, isSource ? 'server/cli.ts' : 'dist/server/cli.js'),
  ...command,
];
