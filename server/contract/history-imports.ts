/** History from other systems, brought in as a file: sent in pieces, checked as a whole, then taken over at once. */
import { z } from 'zod';
import { tableFormats, type TableFormat } from '../domain/table-reader.ts';
import { timeZoneSchema } from './calendars.ts';
import { keySchema, probeKeySchema } from './catalog.ts';

export const importKinds = ['timeline', 'observations', 'metrics'] as const;
export type ImportKind = (typeof importKinds)[number];

/** The columns of each kind; those that name what a row is of may be left out where the import names it. */
export const importColumns = {
  timeline: { subject: ['service'], needed: ['state', 'from', 'to'], others: ['reason'] },
  observations: { subject: ['probe', 'location'], needed: ['at', 'verdict'], others: ['latencyMs', 'reason'] },
  metrics: { subject: ['metric'], needed: ['at', 'value'], others: [] },
} as const satisfies Record<ImportKind, Record<'subject' | 'needed' | 'others', readonly string[]>>;

/** By the ends of names. */
const formats: Readonly<Record<string, TableFormat>> = {
  csv: 'csv',
  tsv: 'csv',
  txt: 'csv',
  json: 'json',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
};
export const importEndings = Object.keys(formats);

/** How a file is written, by the end of its name; null where that does not say. */
export const formatOf = (name: string): TableFormat | null =>
  formats[/\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''] ?? null;

/** Of a row that says nothing else. */
const ofRows = 'What rows are of that do not say it themselves';
const mostBytes = 1_000_000_000_000;

export const importInputSchema = z
  .strictObject({
    kind: z.enum(importKinds).describe('What the file holds'),
    format: z.enum(tableFormats).describe('How it is written'),
    name: z.string().trim().min(1, 'must not be empty').max(200).describe('Name of the file, for people'),
    bytes: z.int().min(1, 'must not be empty').max(mostBytes).describe('Its whole size'),
    service: keySchema.optional().describe(`${ofRows}: the service of a timeline`),
    probe: probeKeySchema.optional().describe(`${ofRows}: the probe of observations, such as payroll.login`),
    location: keySchema.optional().describe(`${ofRows}: where the probe ran`),
    metric: keySchema.optional().describe(`${ofRows}: the metric of values`),
    timeZone: timeZoneSchema.optional().describe('Zone of times that say none themselves, such as Europe/Berlin'),
  })
  .superRefine((input, { addIssue }) => {
    const own: readonly string[] = importColumns[input.kind].subject;
    for (const name of ['service', 'probe', 'location', 'metric'] as const)
      if (input[name] !== undefined && !own.includes(name))
        addIssue({ code: 'custom', path: [name], message: `does not belong to ${input.kind}` });
  });
export type ImportInput = z.infer<typeof importInputSchema>;

export const importStates = ['receiving', 'checking', 'faulty', 'checked', 'applying', 'applied'] as const;
export type ImportState = (typeof importStates)[number];

export const mostImportFaults = 100;
export const importFaultSchema = z.object({
  /** As people count: of a spreadsheet the head is 1, of a list the first element. Null for what is of no row. */
  row: z.int().nullable(),
  column: z.string().nullable(),
  message: z.string(),
});
export type ImportFault = z.infer<typeof importFaultSchema>;

const at = z.iso.datetime();
export const importedSubjectSchema = z.object({
  /** `payroll`, `payroll.login at hq`, `leads`. */
  name: z.string(),
  /** Key of the service or the metric, by which its page is found. */
  key: keySchema,
  rows: z.int(),
  from: at,
  to: at,
  /** What was there before and gives way: intervals that were imported, observations of that time, values at the same instants. */
  replaces: z.int(),
  /** Rows that say what is there already. */
  unchanged: z.int(),
});
export type ImportedSubject = z.infer<typeof importedSubjectSchema>;

export const historyImportSchema = z.object({
  id: z.int(),
  kind: z.enum(importKinds),
  format: z.enum(tableFormats),
  name: z.string(),
  state: z.enum(importStates),
  bytes: z.int(),
  /** What is here and safe: go on from there. */
  receivedBytes: z.int(),
  /** Of the file, while it is checked. */
  checkedBytes: z.int(),
  /** Read and right so far; all of them once it is checked. */
  rows: z.int(),
  /** Taken over so far, of which nothing counts before all are. */
  appliedRows: z.int(),
  faults: z.array(importFaultSchema),
  /** There are more than are told. */
  hasMoreFaults: z.boolean(),
  preview: z.object({ columns: z.array(z.string()), rows: z.array(z.array(z.string())) }),
  /** What the rows are of; of many the first. */
  subjects: z.array(importedSubjectSchema),
  subjectCount: z.int(),
  createdAt: at,
  by: z.string(),
  appliedAt: at.nullable(),
  /** Whether the one who asks may go on with it. */
  isOwn: z.boolean(),
});
export type HistoryImport = z.infer<typeof historyImportSchema>;

export const importContentQuerySchema = z.strictObject({
  offset: z.coerce.number().int().min(0).max(mostBytes).describe('Where in the file the body begins'),
});
export type ImportContentQuery = z.infer<typeof importContentQuerySchema>;
