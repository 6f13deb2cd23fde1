import { z } from 'zod';
import { keySchema, serviceInputSchema } from '../contract/catalog.ts';
import { parseInput, type InputIssue } from '../contract/input-issues.ts';
import type { JsonSchema } from '../contract/schema-fields.ts';
import type { CatalogDrafts } from './catalog-difference.ts';
import type { LocationDraft, ProbeDraft, ServiceDraft, TeamDraft } from './definitions.ts';
import {
  isRecord,
  readLocation,
  readProbe,
  readService,
  readTeam,
  type KnownProbe,
  type Reading,
} from './draft-parser.ts';

/** The catalog's sections of a config file as they were written, not checked yet. */
export interface CatalogDocument {
  teams?: unknown;
  locations?: unknown;
  services?: unknown;
}
export const catalogSections = ['teams', 'locations', 'services'] as const satisfies (keyof CatalogDocument)[];

export interface DocumentReading {
  drafts: CatalogDrafts;
  /** Keys of all things that are named, those included that cannot be read. */
  named: Record<(typeof catalogSections)[number], string[]>;
  issues: readonly InputIssue[];
}

/** Reads every thing by itself, so that all faults are found at once. `known` tells the stored probe of `payroll.login`. */
export function readDocument(document: CatalogDocument, known: (probe: string) => KnownProbe): DocumentReading {
  const issues: InputIssue[] = [];
  const keep = <Draft>({ draft, issues: found }: Reading<Draft>): Draft[] => {
    issues.push(...found);
    return draft === undefined ? [] : [draft];
  };
  const teams = entries(document.teams, ['teams'], issues);
  const locations = entries(document.locations, ['locations'], issues);
  const services = entries(document.services, ['services'], issues);
  const drafts: { [Kind in keyof CatalogDrafts]: CatalogDrafts[Kind][number][] } = {
    teams: teams.flatMap(([key, input]): TeamDraft[] => keep(readTeam(input, key, ['teams', key], 'file'))),
    locations: locations.flatMap(([key, input]): LocationDraft[] =>
      keep(readLocation(input, key, ['locations', key], 'file')),
    ),
    services: [],
    probes: [],
  };
  for (const [key, input] of services) {
    const path = ['services', key];
    const { probes, own } = splitService(input);
    drafts.services.push(...keep<ServiceDraft>(readService(own, key, path, 'file', serviceJsonSchema)));
    const named = entries(probes, [...path, 'probes'], issues);
    issues.push(...atLeastIssues(own, named, path));
    for (const [name, probe] of named) {
      const draft = readProbe(probe, { service: key, key: name }, [...path, 'probes', name], known(`${key}.${name}`));
      drafts.probes.push(...keep<ProbeDraft>(draft));
    }
  }
  const keys = (things: readonly (readonly [string, unknown])[]) => things.map(([key]) => key);
  return { drafts, named: { teams: keys(teams), locations: keys(locations), services: keys(services) }, issues };
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
