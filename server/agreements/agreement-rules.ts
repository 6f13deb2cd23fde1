/** Faults between an agreement and what it refers to. */
import type { CatalogNames } from '../catalog/catalog.service.ts';
import type { AgreementInput } from '../contract/agreements.ts';
import type { InputIssue } from '../contract/input-issues.ts';
import { suggestion } from '../contract/suggestion.ts';
import { findCycles } from '../domain/dependency-graph.ts';
import { referenceParts } from './agreement-scope.ts';

/** What agreements can name. */
export interface AgreementNames extends CatalogNames {
  frameworks: ReadonlySet<string>;
}

/** Agreements by key, as they will be. */
export type AgreementOutlook = ReadonlyMap<string, AgreementInput>;

/** What of these agreements names what is not there; `pathOf` leads to each in the input. */
export function agreementIssues(
  checked: readonly string[],
  outlook: AgreementOutlook,
  names: AgreementNames,
  pathOf: (key: string) => readonly string[],
): InputIssue[] {
  const promised = new Set(
    [...outlook].flatMap(([key, { objectives }]) => Object.keys(objectives).map((name) => `${key}/${name}`)),
  );
  const references = checked.flatMap((key) => missing(referencesOf(outlook.get(key)!, names, promised), pathOf(key)));
  return [...references, ...cycleIssues(checked, outlook, pathOf)];
}

/** What of a part of an agreement, of which other parts may not be written yet, names what is not in the catalog. */
export const namingIssues = (part: Omit<NamingPart, 'restsOn'>, names: CatalogNames): InputIssue[] =>
  missing(referencesOf({ ...part, framework: undefined }, { ...names, frameworks: none }, none), []);

type NamingPart = Pick<AgreementInput, 'services' | 'objectives'> & Partial<AgreementInput>;

const missing = (references: readonly Reference[], above: readonly string[]): InputIssue[] =>
  references
    .filter(({ key, existing }) => !existing.has(key))
    .map(({ kind, key, existing, path }) => ({
      path: [...above, ...path],
      message: `there is no ${kind === 'probe' ? 'heartbeat probe' : kind} "${key}"${suggestion(key, [...existing])}`,
    }));

interface Reference {
  kind: 'team' | 'service' | 'calendar' | 'probe' | 'objective' | 'framework';
  key: string;
  existing: ReadonlySet<string>;
  path: readonly string[];
}

function referencesOf(agreement: NamingPart, names: AgreementNames, promised: ReadonlySet<string>): Reference[] {
  const {
    provider,
    customer,
    arbiter,
    calendar,
    supportCalendar,
    framework,
    services,
    objectives,
    restsOn = [],
  } = agreement;
  const one = (
    kind: Reference['kind'],
    key: string | null | undefined,
    existing: ReadonlySet<string>,
    path: string[],
  ) => (key == null ? [] : [{ kind, key, existing, path }]);
  const all = (kind: Reference['kind'], keys: readonly string[], existing: ReadonlySet<string>, path: string[]) =>
    keys.map((key, index) => ({ kind, key, existing, path: [...path, String(index)] }));
  return [
    ...one('team', provider, names.teams, ['provider']),
    ...one('team', customer, names.teams, ['customer']),
    ...one('team', arbiter, names.teams, ['arbiter']),
    ...one('calendar', calendar, names.calendars, ['calendar']),
    ...one('calendar', supportCalendar, names.calendars, ['supportCalendar']),
    ...one('framework', framework, names.frameworks, ['framework']),
    ...all('service', services, names.services, ['services']),
    ...all('objective', restsOn, promised, ['restsOn']),
    ...Object.entries(objectives).flatMap(([key, objective]) => [
      ...('services' in objective
        ? all('service', objective.services, names.services, ['objectives', key, 'services'])
        : []),
      ...(objective.type === 'recovery'
        ? one('probe', objective.probe, names.heartbeats, ['objectives', key, 'probe'])
        : []),
    ]),
  ];
}

/** Which of these things of the catalog an agreement names. */
export function namedOf(
  agreement: AgreementInput,
  kind: 'team' | 'service' | 'calendar' | 'probe',
  keys: readonly string[],
): string[] {
  const nothing: AgreementNames = { teams: none, services: none, calendars: none, heartbeats: none, frameworks: none };
  const named = referencesOf(agreement, nothing, none).filter((reference) => reference.kind === kind);
  return keys.filter((key) => named.some((reference) => reference.key === key));
}

const none: ReadonlySet<string> = new Set();

/** An agreement that rests on itself, through however many others, could never be judged. */
function cycleIssues(
  checked: readonly string[],
  outlook: AgreementOutlook,
  pathOf: (key: string) => readonly string[],
): InputIssue[] {
  const graph = new Map(
    [...outlook].map(([key, { restsOn }]) => [
      key,
      [...new Set(restsOn.map((reference) => referenceParts(reference).agreement))],
    ]),
  );
  return findCycles(graph).flatMap((cycle) => {
    const key = cycle.find((one) => checked.includes(one));
    if (key === undefined) return [];
    return [{ path: [...pathOf(key), 'restsOn'], message: `rests on itself: ${cycle.join(' -> ')}` }];
  });
}
