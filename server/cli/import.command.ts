import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  formatOf,
  importKinds,
  type HistoryImport,
  type ImportedSubject,
  type ImportFault,
  type ImportState,
} from '../contract/history-imports.ts';
import { counted } from '../contract/length-words.ts';
import { apiClient, type ApiClient, type ServerOptions } from './api-client.ts';
import { CommandError, UsageError } from './command-error.ts';

export interface ImportOptions extends ServerOptions {
  format?: string;
  service?: string;
  probe?: string;
  location?: string;
  metric?: string;
  timeZone?: string;
  /** Takes nothing over. */
  check?: boolean;
  /** Agrees to what gives way to the file. */
  replace?: boolean;
  /** Number of an import that was begun with the same file. */
  continue?: string;
}

const path = '/api/v1/imports';
const bytesOfPiece = 8 * 1024 * 1024;
const lookEveryMs = 500;

/** Sends a file with history from elsewhere, has it checked, and taken over as a whole. @throws CommandError */
export async function importHistory(kind: string, file: string, options: ImportOptions): Promise<void> {
  if (!(importKinds as readonly string[]).includes(kind))
    throw new UsageError(`"${kind}" is nothing to import: there are ${importKinds.join(', ')}.`);
  const client = apiClient(options);
  const source = await open(file).catch((cause: Error) => {
    throw new CommandError(`${file} cannot be read: ${cause.message}`, { cause });
  });
  try {
    const { size } = await source.stat();
    const begun = await (options.continue === undefined
      ? announce(client, kind, file, size, options)
      : goOn(client, options.continue, file, size));
    await takeOver(client, await send(client, begun, source), options);
  } finally {
    await source.close();
  }
}

function announce(client: ApiClient, kind: string, file: string, bytes: number, options: ImportOptions) {
  const { service, probe, location, metric, timeZone } = options;
  const format = options.format ?? formatOf(file);
  if (format === null) throw new UsageError(`The name of ${file} does not say how it is written: say it by --format.`);
  const settings = { service, probe, location, metric, timeZone };
  return client.post<HistoryImport>(path, { kind, format, name: basename(file), bytes, ...settings });
}

async function goOn(client: ApiClient, id: string, file: string, bytes: number): Promise<HistoryImport> {
  if (!/^[1-9]\d{0,8}$/.test(id)) throw new UsageError(`"${id}" is no number of an import.`);
  const found = await client.get<HistoryImport>(`${path}/${id}`);
  if (found.name === basename(file) && found.bytes === bytes) return found;
  throw new CommandError(`Import ${id} was begun with "${found.name}" of ${found.bytes} bytes, which is another file.`);
}

/** What was confirmed before is not sent again. */
async function send(client: ApiClient, begun: HistoryImport, source: FileHandle): Promise<HistoryImport> {
  let found = begun;
  const piece = Buffer.alloc(bytesOfPiece);
  while (found.state === 'receiving') {
    tell(`sent ${percent(found.receivedBytes, found.bytes)}`);
    const { bytesRead } = await source.read(piece, 0, bytesOfPiece, found.receivedBytes);
    if (bytesRead === 0) throw new CommandError('The file has become shorter while it was sent.');
    try {
      const answer = await client.send(
        'PUT',
        `${path}/${found.id}/content?offset=${found.receivedBytes}`,
        piece.subarray(0, bytesRead),
        'application/octet-stream',
      );
      found = JSON.parse(answer) as HistoryImport;
    } catch (cause) {
      throw new CommandError(
        `${(cause as Error).message}\nWhat was sent is kept: run it again with --continue ${found.id} to go on.`,
        { cause },
      );
    }
  }
  return found;
}

async function takeOver(client: ApiClient, sent: HistoryImport, { check, replace }: ImportOptions): Promise<void> {
  const discard = () => client.send('DELETE', `${path}/${sent.id}`);
  const checked = await settled(client, sent, 'checking');
  if (checked.state === 'faulty') {
    await discard();
    throw faultsOf(checked);
  }
  if (checked.state === 'applied') return console.log('It was taken over already.');
  console.log(subjectLines(checked).join('\n'));
  if (check) {
    await discard();
    return console.log('It is right. Nothing was taken over.');
  }
  if (!replace && checked.subjects.some(({ replaces }) => replaces > 0))
    throw new CommandError(`Nothing was taken over yet: to agree to this, add --replace --continue ${checked.id}.`);
  const applied = await settled(client, await client.post<HistoryImport>(`${path}/${sent.id}/apply`, {}), 'applying');
  if (applied.state !== 'applied') throw faultsOf(applied);
  console.log(`${counted(applied.rows, 'row')} taken over.`);
}

/** The import once it is no longer in a state. */
async function settled(client: ApiClient, begun: HistoryImport, state: ImportState): Promise<HistoryImport> {
  let found = begun;
  while (found.state === state) {
    await sleep(lookEveryMs);
    found = await client.get<HistoryImport>(`${path}/${found.id}`);
    const { rows, appliedRows, checkedBytes, bytes } = found;
    tell(state === 'checking' ? `checked ${percent(checkedBytes, bytes)}` : `taken over ${percent(appliedRows, rows)}`);
  }
  tell('');
  return found;
}

const faultsOf = ({ faults, hasMoreFaults }: HistoryImport): CommandError =>
  new CommandError(
    ['Nothing was taken over:', ...faults.map(faultLine), ...(hasMoreFaults ? ['  and more'] : [])].join('\n'),
  );

const faultLine = ({ row, column, message }: ImportFault): string => {
  const place = [row === null ? null : `row ${row}`, column === null ? null : `column ${column}`].filter(Boolean);
  return `  ${[place.join(', '), message].filter(Boolean).join(': ')}`;
};

function subjectLines({ subjects, subjectCount }: HistoryImport): string[] {
  const more = subjectCount - subjects.length;
  return [...subjects.map(subjectLine), ...(more > 0 ? [`and ${more} more`] : [])];
}

const subjectLine = ({ name, rows, from, to, replaces, unchanged }: ImportedSubject): string =>
  `${name}: ${counted(rows, 'row')} from ${from} to ${to}, replaces ${replaces || 'nothing'}${unchanged > 0 ? `, ${unchanged} are there already` : ''}`;

const percent = (done: number, all: number): string => `${all === 0 ? 100 : Math.floor((100 * done) / all)} %`;

/** Where a person looks on: over what was told before. */
function tell(progress: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${progress}`);
}
