import { writeFileSync } from 'node:fs';
import type { ReportChain, ReportPage } from '../contract/reports.ts';
import { apiClient, type ServerOptions } from './api-client.ts';
import { CommandError, UsageError } from './command-error.ts';

export interface ReportOptions extends ServerOptions {
  format?: string;
  revision?: string;
  /** A file instead of the standard output. */
  output?: string;
}

/** What a format is called on the command line, and in the address of a report. */
const files = {
  md: '/report.md',
  json: '',
  csv: '/figures.csv',
  intervals: '/intervals.csv',
  pdf: '/report.pdf',
  xlsx: '/report.xlsx',
};
type Format = keyof typeof files;
const isFormat = (text: string): text is Format => Object.hasOwn(files, text);

/** Prints a frozen report, or writes it to a file. @throws CommandError where there is none */
export async function printReport(
  agreement: string,
  period: string | undefined,
  { format = 'md', revision, output, ...server }: ReportOptions,
): Promise<void> {
  if (!isFormat(format))
    throw new UsageError(`"${format}" is no format of a report: there are ${Object.keys(files).join(', ')}.`);
  if (revision !== undefined && !/^[1-9]\d{0,4}$/.test(revision))
    throw new UsageError(`"${revision}" is no number of a revision.`);
  const client = apiClient(server);
  const path = `/api/v1/agreements/${encodeURIComponent(agreement)}/reports`;
  const label = period ?? (await newestOf(await client.get<ReportPage>(`${path}?limit=1`), agreement));
  const query = revision === undefined ? '' : `?revision=${revision}`;
  const bytes = await client.download(`${path}/${encodeURIComponent(label)}${files[format]}${query}`);
  if (output === undefined) process.stdout.write(bytes);
  else writeReport(output, bytes);
}

function newestOf({ items, upcoming }: ReportPage, agreement: string): string {
  const [newest] = items;
  if (newest) return newest.period;
  const next = upcoming ? `: the first, of ${upcoming.period}, is frozen on ${upcoming.at}` : '';
  throw new CommandError(`Agreement "${agreement}" has no frozen report yet${next}.`);
}

function writeReport(file: string, bytes: Buffer): void {
  try {
    writeFileSync(file, bytes);
  } catch (cause) {
    throw new CommandError(`${file} cannot be written: ${(cause as Error).message}`, { cause });
  }
}

/** Tells whether the chain of an agreement's reports holds. */
export async function verifyReports(agreement: string, options: ServerOptions): Promise<boolean> {
  const path = `/api/v1/agreements/${encodeURIComponent(agreement)}/reports/verify`;
  const { holds, checked, head, broken } = await apiClient(options).get<ReportChain>(path);
  if (broken)
    console.log(`The chain is broken at the report of ${broken.period}, revision ${broken.revision}: ${broken.why}.`);
  if (checked > 0)
    console.log(`${checked} ${checked === 1 ? 'report holds' : 'reports hold'}, the last with hash ${head}`);
  else if (holds) console.log('There is no report yet.');
  return holds;
}
