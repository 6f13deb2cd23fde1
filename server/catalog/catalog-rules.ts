import type { InputIssue } from '../contract/input-issues.ts';
import { suggestion } from '../contract/suggestion.ts';
import { findCycles } from '../domain/dependency-graph.ts';
import type { CatalogChange, CatalogDrafts, CatalogState } from './catalog-difference.ts';
import { probeKey } from './definitions.ts';

/** The path of a thing in the input: `services.payroll` in a file, nothing where the input is that thing. */
export type PathOf = (kind: CatalogChange['kind'], key: string) => readonly string[];

/** Who refers to what, as it will be after a change. */
interface Outlook {
  teams: ReadonlySet<string>;
  locations: ReadonlySet<string>;
  services: ReadonlyMap<string, { owner: string; dependsOn: readonly string[] }>;
  probes: ReadonlyMap<string, { service: string; locations: readonly string[] }>;
}

/**
 * Faults between things: references to nothing, cycles, and deletions of what is still used. `named` are keys of things
 * that the input names although they cannot be read: references to them are no further fault.
 */
export function catalogIssues(
  state: CatalogState,
  drafts: CatalogDrafts,
  deletions: readonly CatalogChange[],
  pathOf: PathOf,
  named: Record<'teams' | 'locations' | 'services', readonly string[]> = { teams: [], locations: [], services: [] },
): InputIssue[] {
  const outlook = outlookOf(state, drafts, deletions);
  const find = referenceFinder({
    team: new Set([...outlook.teams, ...named.teams]),
    location: new Set([...outlook.locations, ...named.locations]),
    service: new Set([...outlook.services.keys(), ...named.services]),
  });
  for (const { key, owner, dependsOn } of drafts.services) {
    const path = pathOf('service', key);
    find.check('team', owner, [...path, 'owner']);
    for (const [at, upstream] of dependsOn.entries())
      find.check('service', upstream, [...path, 'dependsOn', String(at)]);
  }
  for (const probe of drafts.probes) {
    const path = [...pathOf('probe', probeKey(probe)), 'locations'];
    for (const [at, location] of probe.locations.entries()) find.check('location', location, [...path, String(at)]);
  }
  return [
    ...find.issues,
    ...cycleIssues(drafts, outlook, pathOf),
    ...deletions.flatMap((change) => usedIssues(change, outlook, pathOf)),
  ];
}

/** To look for the nearest key costs a walk over all of them: beyond this many faults they are only told. */
const suggestionsAtMost = 100;

function referenceFinder<Kind extends string>(existing: Record<Kind, ReadonlySet<string>>) {
  const issues: InputIssue[] = [];
  const check = (kind: Kind, key: string, path: readonly string[]): void => {
    if (existing[kind].has(key)) return;
    const hint = issues.length < suggestionsAtMost ? suggestion(key, [...existing[kind]]) : '';
    issues.push({ path, message: `there is no ${kind} "${key}"${hint}` });
  };
  return { check, issues };
}

function outlookOf(state: CatalogState, drafts: CatalogDrafts, deletions: readonly CatalogChange[]): Outlook {
  const gone = (kind: CatalogChange['kind']) =>
    new Set(deletions.filter((change) => change.kind === kind).map(({ key }) => key));
  const after = <Stored, Draft>(
    kind: CatalogChange['kind'],
    stored: ReadonlyMap<string, Stored>,
    wanted: readonly (readonly [string, Draft])[],
  ) => {
    const deleted = gone(kind);
    return new Map<string, Stored | Draft>([...[...stored].filter(([key]) => !deleted.has(key)), ...wanted]);
  };
  const byKey = <Thing extends { key: string }>(things: readonly Thing[]) =>
    things.map((thing) => [thing.key, thing] as const);
  const services = after('service', state.services, byKey(drafts.services));
  const probes = after(
    'probe',
    state.probes,
    drafts.probes.map((probe) => [probeKey(probe), probe] as const),
  );
  return {
    teams: new Set(after('team', state.teams, byKey(drafts.teams)).keys()),
    locations: new Set(after('location', state.locations, byKey(drafts.locations)).keys()),
    services,
    probes: new Map([...probes].filter(([, { service }]) => services.has(service))),
  };
}

function cycleIssues(drafts: CatalogDrafts, { services }: Outlook, pathOf: PathOf): InputIssue[] {
  const drafted = new Set(drafts.services.map(({ key }) => key));
  const graph = new Map([...services].map(([key, { dependsOn }]) => [key, dependsOn]));
  return findCycles(graph).flatMap((cycle) => {
    const start = cycle.findIndex((key) => drafted.has(key));
    if (start < 0) return [];
    const turned = [...cycle.slice(start, -1), ...cycle.slice(0, start + 1)];
    const index = graph.get(turned[0]!)!.indexOf(turned[1]!);
    const path = [...pathOf('service', turned[0]!), 'dependsOn', String(index)];
    const message =
      turned.length === 2
        ? `"${turned[0]}" depends on itself`
        : `makes services depend on each other in a circle: ${turned.join(' -> ')}`;
    return [{ path, message }];
  });
}

/** What still uses a thing that shall go. */
function usedIssues(change: CatalogChange, { services, probes }: Outlook, pathOf: PathOf): InputIssue[] {
  const issue = (what: string, users: readonly string[]): InputIssue[] =>
    users.length === 0
      ? []
      : [{ path: pathOf(change.kind, change.key), message: `cannot be deleted: ${what} ${enumerate(users)}` }];
  switch (change.kind) {
    case 'team': {
      const owned = [...services].filter(([, { owner }]) => owner === change.key).map(([key]) => key);
      return issue(`team "${change.key}" provides`, owned);
    }
    case 'location': {
      const used = [...probes].filter(([, { locations }]) => locations.includes(change.key)).map(([key]) => key);
      return issue(`location "${change.key}" is used by`, used);
    }
    default:
      return [];
  }
}

const shownAtMost = 5;
function enumerate(keys: readonly string[]): string {
  const rest = keys.length - shownAtMost;
  return keys.slice(0, shownAtMost).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
