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
    throw new CommandError((cause as Error).message, { cause });
  }
}

/** One line for each thing, one for each of its fields, and a sum. */
export function describeDifference({ changes, applied }: ConfigDifference): string {
  const verb = applied ? 'changed' : 'would change';
  if (changes.length === 0) return `Nothing ${applied ? 'had to change' : 'would change'}.`;
  const lines = changes.flatMap((change) => [
    `${marks[change.action]} ${change.kind} ${change.key}${change.action === 'adopt' ? ' (belongs to the file from now on)' : ''}`,
    ...change.fields.map(fieldLine),
  ]);
  return [...lines, `${changes.length} ${changes.length === 1 ? 'thing' : 'things'} ${verb}.`].join('\n');
}

const fieldLine = ({ path, from, to }: ConfigChange['fields'][number]): string =>
  `    ${path}: ${JSON.stringify(from) ?? 'nothing'} -> ${JSON.stringify(to) ?? 'nothing'}`;
