import { z } from 'zod';
import { keySchema, serviceInputSchema } from '../contract/catalog.ts';
import { parseInput, type InputIssue } from '../contract/input-issues.ts';
import type { JsonSchema } from '../contract/schema-fields.ts';
import type { CatalogDrafts, DocumentSection } from './catalog-kinds.ts';
import type { NamedKeys } from './catalog-rules.ts';
import {
  isRecord,
  readCalendar,
  readLocation,
  readMaintenance,
  readProbe,
  readService,
  readTeam,
  type KnownProbe,
  type Reading,
} from './draft-parser.ts';

/** The catalog's sections of a config file as they were written, not checked yet. */
export type CatalogDocument = Partial<Record<DocumentSection, unknown>>;
export const catalogSections = [
  'teams',
  'locations',
  'calendars',
  'services',
  'maintenance',
] as const satisfies DocumentSection[];

export interface DocumentReading {
  drafts: CatalogDrafts;
  /** Keys of all things that are named, those included that cannot be read. */
  named: NamedKeys;
  issues: readonly InputIssue[];
}

/** How a thing of a section is read where it stands alone. */
const readers = {
  teams: readTeam,
  locations: readLocation,
  calendars: readCalendar,
  maintenance: readMaintenance,
} as const;

/** Reads every thing by itself, so that all faults are found at once. `known` tells the stored probe of `payroll.login`. */
export function readDocument(document: CatalogDocument, known: (probe: string) => KnownProbe): DocumentReading {
  const issues: InputIssue[] = [];
  const keep = <Draft>({ draft, issues: found }: Reading<Draft>): Draft[] => {
    issues.push(...found);
    return draft === undefined ? [] : [draft];
  };
  const sections = Object.fromEntries(
    catalogSections.map((section) => [section, entries(document[section], [section], issues)]),
  ) as Record<DocumentSection, [string, unknown][]>;
  const readAll = <Section extends keyof typeof readers>(section: Section) =>
    sections[section].flatMap(([key, input]) =>
      keep(readers[section](input, key, [section, key], 'file') as Reading<CatalogDrafts[Section][number]>),
    );
  const drafts = {
    teams: readAll('teams'),
    locations: readAll('locations'),
    calendars: readAll('calendars'),
    services: [] as CatalogDrafts['services'][number][],
    probes: [] as CatalogDrafts['probes'][number][],
    maintenance: readAll('maintenance'),
  };
  for (const [key, input] of sections.services) {
    const path = ['services', key];
    const { probes, own } = splitService(input);
    drafts.services.push(...keep(readService(own, key, path, 'file', serviceJsonSchema)));
    const named = entries(probes, [...path, 'probes'], issues);
    issues.push(...atLeastIssues(own, named, path));
    for (const [name, probe] of named) {
      const draft = readProbe(probe, { service: key, key: name }, [...path, 'probes', name], known(`${key}.${name}`));
      drafts.probes.push(...keep(draft));
    }
  }
  const named = Object.fromEntries(
    catalogSections.map((section) => [section, sections[section].map(([key]) => key)]),
  ) as Record<DocumentSection, string[]>;
  return { drafts, named, issues };
}

/** The things of a section; one that is left out or empty has none. */
function entries(section: unknown, path: readonly string[], issues: InputIssue[]): [string, unknown][] {
  if (section === undefined || section === null) return [];
  const { issues: faults } = parseInput(z.record(keySchema, z.unknown()), section, path);
  issues.push(...faults);
  const isFaulty = new Set(faults.map((fault) => fault.path.at(-1)));
  return isRecord(section) ? Object.entries(section).filter(([key]) => !isFaulty.has(key)) : [];
}

function splitService(input: unknown): { probes: unknown; own: unknown } {
  if (!isRecord(input)) return { probes: undefined, own: input };
  const { probes, ...own } = input;
  return { probes, own };
}

/**
 * Whether there are as many critical probes as the service asks for. Only a file can be held to that: elsewhere a service
 * is made before its probes.
 */
function atLeastIssues(
  service: unknown,
  probes: readonly (readonly [string, unknown])[],
  path: readonly string[],
): InputIssue[] {
  const { atLeast } = isRecord(service) ? service : {};
  const critical = probes.filter(([, probe]) => !isRecord(probe) || probe['role'] !== 'supporting').length;
  if (typeof atLeast !== 'number' || atLeast <= critical) return [];
  const message = `must not be greater than the number of critical probes, ${critical}`;
  return [{ path: [...path, 'atLeast'], message }];
}

let serviceSchema: JsonSchema | undefined;

/** Of a service in a file: the probes belong to it, so that a mistyped word can be meant for them. */
function serviceJsonSchema(): JsonSchema {
  if (!serviceSchema) {
    const schema = z.toJSONSchema(serviceInputSchema, { io: 'input' }) as JsonSchema;
    serviceSchema = { ...schema, properties: { ...schema.properties, probes: {} } };
  }
  return serviceSchema;
}
