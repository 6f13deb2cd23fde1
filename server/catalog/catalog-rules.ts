import type { InputIssue } from '../contract/input-issues.ts';
import { suggestion } from '../contract/suggestion.ts';
import { findCycles } from '../domain/dependency-graph.ts';
import type { CatalogChange } from './catalog-difference.ts';
import {
  catalogKinds,
  draftsOf,
  kindsInOrder,
  type CatalogDrafts,
  type CatalogKind,
  type CatalogSection,
  type CatalogState,
  type DocumentSection,
} from './catalog-kinds.ts';
import { probeKey } from './definitions.ts';
import type { OutsideUse } from './catalog-references.service.ts';

/** The path of a thing in the input: `services.payroll` in a file, nothing where the input is that thing. */
export type PathOf = (kind: CatalogKind, key: string) => readonly string[];

/** Keys of things that an input names although they cannot be read: references to them are no further fault. */
export type NamedKeys = Readonly<Record<DocumentSection, readonly string[]>>;

/** What somebody wants to do with the catalog. */
export interface Intent {
  drafts?: CatalogDrafts;
  deletions?: readonly CatalogChange[];
  /** What outside of the catalog uses things that shall go. */
  uses?: readonly OutsideUse[];
}

/** Who refers to what, as it will be after a change. */
type Outlook = {
  [Section in CatalogSection]: ReadonlyMap<string, CatalogDrafts[Section][number]>;
};

/** Faults between things: references to nothing, cycles, and deletions of what is still used. */
export function catalogIssues(
  state: CatalogState,
  { drafts = draftsOf(), deletions = [], uses = [] }: Intent,
  pathOf: PathOf,
  named: NamedKeys | null = null,
): InputIssue[] {
  const outlook = outlookOf(state, drafts, deletions);
  return [
    ...referenceIssues(drafts, outlook, pathOf, named),
    ...cycleIssues(drafts, outlook, pathOf),
    ...deletions.flatMap((change) => usedIssues(change, outlook, uses, pathOf)),
  ];
}

function referenceIssues(
  drafts: CatalogDrafts,
  outlook: Outlook,
  pathOf: PathOf,
  named: NamedKeys | null,
): InputIssue[] {
  const find = referenceFinder((kind: ReferredKind) => {
    const { section } = catalogKinds[kind];
    return new Set([...outlook[section].keys(), ...(named?.[section] ?? [])]);
  });
  for (const { key, owner, dependsOn } of drafts.services) {
    const path = pathOf('service', key);
    find.check('team', owner, [...path, 'owner']);
    find.checkAll('service', dependsOn, [...path, 'dependsOn']);
  }
  for (const probe of drafts.probes)
    find.checkAll('location', probe.locations, [...pathOf('probe', probeKey(probe)), 'locations']);
  for (const { key, services } of drafts.maintenance)
    find.checkAll('service', services, [...pathOf('maintenance', key), 'services']);
  return find.issues;
}

type ReferredKind = 'team' | 'location' | 'service';

/** To look for the nearest key costs a walk over all of them: beyond this many faults they are only told. */
const suggestionsAtMost = 100;

function referenceFinder(existing: (kind: ReferredKind) => ReadonlySet<string>) {
  const issues: InputIssue[] = [];
  const known = new Map<ReferredKind, ReadonlySet<string>>();
  const check = (kind: ReferredKind, key: string, path: readonly string[]): void => {
    const keys = known.get(kind) ?? existing(kind);
    known.set(kind, keys);
    if (keys.has(key)) return;
    const hint = issues.length < suggestionsAtMost ? suggestion(key, [...keys]) : '';
    issues.push({ path, message: `there is no ${kind} "${key}"${hint}` });
  };
  const checkAll = (kind: ReferredKind, keys: readonly string[], path: readonly string[]): void => {
    for (const [at, key] of keys.entries()) check(kind, key, [...path, String(at)]);
  };
  return { check, checkAll, issues };
}

function outlookOf(state: CatalogState, drafts: CatalogDrafts, deletions: readonly CatalogChange[]): Outlook {
  const after = (kind: CatalogKind) => {
    const { section, keyOf } = catalogKinds[kind];
    const deleted = new Set(deletions.filter((change) => change.kind === kind).map(({ key }) => key));
    const kept = [...state[section]].filter(([key]) => !deleted.has(key));
    const wanted = drafts[section].map((draft) => [(keyOf as (one: typeof draft) => string)(draft), draft] as const);
    return [section, new Map<string, unknown>([...kept, ...wanted])] as const;
  };
  const outlook = Object.fromEntries(kindsInOrder.map(after)) as unknown as Outlook;
  const probes = [...outlook.probes].filter(([, { service }]) => outlook.services.has(service));
  return { ...outlook, probes: new Map(probes) };
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

/** Keys of what in the catalog keeps a thing of a kind from going, and how it does. */
const usersInside: Partial<Record<CatalogKind, { verb: string; find(key: string, outlook: Outlook): string[] }>> = {
  team: {
    verb: 'provides',
    find: (key, { services }) => keysWhere(services, ({ owner }) => owner === key),
  },
  location: {
    verb: 'is used by',
    find: (key, { probes }) => keysWhere(probes, ({ locations }) => locations.includes(key)),
  },
  service: {
    verb: 'is all that is worked on by maintenance',
    find: (key, { maintenance, services }) =>
      keysWhere(
        maintenance,
        (one) => one.services.includes(key) && one.services.every((other) => !services.has(other)),
      ),
  },
};

const keysWhere = <Thing>(things: ReadonlyMap<string, Thing>, holds: (thing: Thing) => boolean): string[] =>
  [...things].filter(([, thing]) => holds(thing)).map(([key]) => key);

/** What still uses a thing that shall go. */
function usedIssues(
  { kind, key }: CatalogChange,
  outlook: Outlook,
  uses: readonly OutsideUse[],
  pathOf: PathOf,
): InputIssue[] {
  const issue = (verb: string, users: readonly string[]): InputIssue[] =>
    users.length === 0
      ? []
      : [{ path: pathOf(kind, key), message: `cannot be deleted: ${kind} "${key}" ${verb} ${enumerate(users)}` }];
  const inside = usersInside[kind];
  const outside = uses.filter((use) => use.kind === kind && use.key === key).map(({ by }) => by);
  return [...(inside ? issue(inside.verb, inside.find(key, outlook)) : []), ...issue('is used by', outside)];
}

const shownAtMost = 5;
function enumerate(keys: readonly string[]): string {
  const rest = keys.length - shownAtMost;
  return keys.slice(0, shownAtMost).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
