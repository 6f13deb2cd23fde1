import { fileURLToPath } from 'node:url';

const isSource = import.meta.url.endsWith('.ts');

/** Arguments of `node` that run a `troth` command from where this file lies, source or built. */
export const trothArgs = (...command: readonly string[]): string[] => [
  ...process.execArgv.filter((option) => !option.startsWith('--watch')),
  fileURLToPath(new URL(isSource ? '../cli.ts' : '../cli.js', import.meta.url)),
  ...command,
];
