import { readFileSync } from 'node:fs';
import { text as readAll } from 'node:stream/consumers';
import type { ConfigChange, ConfigDifference } from '../contract/config-file.ts';
import { apiClient, type ServerOptions } from './api-client.ts';
import { CommandError } from './command-error.ts';

export interface ConfigFileOptions extends ServerOptions {
  /** False keeps what the file made once and names no more. */
  prune?: boolean;
}

const marks = { create: '+', update: '~', adopt: '>', delete: '-' } as const;

/** Sends a config file to the server and prints what would change or has changed. @throws CommandError with every fault */
export async function sendConfigFile(act: 'plan' | 'apply', file: string, options: ConfigFileOptions): Promise<void> {
  const client = apiClient(options);
  const body = await readConfigFile(file);
  const query = options.prune === false ? '?prune=false' : '';
  const answer = await client.send('POST', `/api/v1/config/${act}${query}`, body, 'application/yaml');
  console.log(describeDifference(JSON.parse(answer) as ConfigDifference));
}

/** Prints the server's whole configuration as a config file. */
export async function exportConfigFile(options: ServerOptions): Promise<void> {
  process.stdout.write(await apiClient(options).send('GET', '/api/v1/config'));
}

/** `-` is the standard input. */
async function readConfigFile(file: string): Promise<string> {
  if (file === '-') return readAll(process.stdin);
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    throw new CommandError(`${file} cannot be read: ${readFaults[code] ?? message}`, { cause });
  }
}

const readFaults: Partial<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not read it',
};

/** One line for each thing, one for each of its fields, and a sum. */
export function describeDifference({ changes, applied }: ConfigDifference): string {
  if (changes.length === 0) return `Nothing ${applied ? 'had to change' : 'would change'}.`;
  const lines = changes.flatMap((change) => [
    `${marks[change.action]} ${change.kind} ${change.key}${change.action === 'adopt' ? ' (belongs to the file from now on)' : ''}`,
    ...change.fields.map(fieldLine),
  ]);
  return [...lines, `${countText(changes)} ${applied ? 'made' : 'to be made'}.`].join('\n');
}

/** `4 changes, 2 of them deletions,`: what goes is worth a second look. */
function countText(changes: readonly ConfigChange[]): string {
  const deletions = changes.filter(({ action }) => action === 'delete').length;
  const count = `${changes.length} ${changes.length === 1 ? 'change' : 'changes'}`;
  if (deletions === 0) return count;
  if (changes.length === 1) return `${count}, a deletion,`;
  return `${count}, ${deletions} of them ${deletions === 1 ? 'a deletion' : 'deletions'},`;
}

const fieldLine = ({ path, from, to }: ConfigChange['fields'][number]): string =>
  `    ${path}: ${JSON.stringify(from) ?? 'nothing'} -> ${JSON.stringify(to) ?? 'nothing'}`;
