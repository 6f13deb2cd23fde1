import { z } from 'zod';
import { keySchema } from '../contract/catalog.ts';
import { parseInput, type InputIssue } from '../contract/input-issues.ts';
import type { CatalogDrafts } from './catalog-kinds.ts';
import { isRecord, readProbe, readService, type Reading } from './draft-parser.ts';

/** Services that were read from a list, and where in it each stands. */
export interface NewServices {
  drafts: Pick<CatalogDrafts, 'services' | 'probes'>;
  issues: readonly InputIssue[];
  placeOf: ReadonlyMap<string, number>;
}

/** Reads services with their probes, each by itself, so that all faults are found at once; none may exist already. */
export function readNewServices(inputs: readonly unknown[], exists: (key: string) => boolean): NewServices {
  const issues: InputIssue[] = [];
  const placeOf = new Map<string, number>();
  const services: CatalogDrafts['services'][number][] = [];
  const probes: CatalogDrafts['probes'][number][] = [];
  const keep = <Draft>({ draft, issues: found }: Reading<Draft>, into: Draft[]): void => {
    issues.push(...found);
    if (draft !== undefined) into.push(draft);
  };
  for (const [index, input] of inputs.entries()) {
    const path = ['services', String(index)];
    const { key, probes: ofService, ...own } = isRecord(input) ? input : {};
    const keyPath = [...path, 'key'];
    const parsedKey = parseInput(keySchema, key, keyPath);
    issues.push(...parsedKey.issues, ...keyIssues(parsedKey.value, keyPath, placeOf, exists));
    const service = parsedKey.value ?? '';
    if (!placeOf.has(service)) placeOf.set(service, index);
    keep(readService(own, service, path, null), services);
    const named = parseInput(z.record(keySchema, z.unknown()).default({}), ofService, [...path, 'probes']);
    issues.push(...named.issues);
    for (const [name, probe] of Object.entries(named.value ?? {})) {
      keep(readProbe(probe, { service, key: name }, [...path, 'probes', name], undefined), probes);
    }
  }
  return { drafts: { services, probes }, issues, placeOf };
}

function keyIssues(
  key: string | undefined,
  path: readonly string[],
  placeOf: ReadonlyMap<string, number>,
  exists: (key: string) => boolean,
): InputIssue[] {
  if (key === undefined) return [];
  if (exists(key)) return [{ path, message: `there is a service "${key}" already` }];
  return placeOf.has(key) ? [{ path, message: `names "${key}" twice` }] : [];
}
