/** The list of services: which rows, in which order, and how both stand in the address. Pure. */
import type { LocationQuery, LocationQueryRaw } from 'vue-router';
import { categories } from '../../server/contract/catalog.ts';
import type { BoardService } from '../../server/contract/live.ts';
import { isTileKind, type TileKind, tileKind, tileKinds } from './tile-kind.ts';

export const sortColumns = ['state', 'name', 'since', 'latency', 'owner', 'category', 'tier'] as const;
export type SortColumn = (typeof sortColumns)[number];
export interface Sorting {
  column: SortColumn;
  isDescending: boolean;
}

export interface ListFilter {
  /** Words that must all be found in name, key, owner, category or tags. */
  text: string;
  /** Kinds that are shown; empty for all, as everywhere below. */
  kinds: readonly TileKind[];
  team: string;
  category: string;
  tag: string;
  tier: string;
}
export interface ListView {
  filter: ListFilter;
  sorting: Sorting;
}

export const noFilter: ListFilter = { text: '', kinds: [], team: '', category: '', tag: '', tier: '' };
const firstSorting: Sorting = { column: 'state', isDescending: false };

const textOf = (value: LocationQuery[string] | undefined): string => (typeof value === 'string' ? value : '');

/** What an address asks for; what it says wrongly is left out. */
export function viewOf(query: LocationQuery): ListView {
  const sort = textOf(query['sort']);
  const name = sort.replace(/^-/, '');
  const column = sortColumns.find((one) => one === name);
  return {
    filter: {
      text: textOf(query['q']),
      kinds: textOf(query['state']).split(',').filter(isTileKind),
      team: textOf(query['team']),
      category: textOf(query['category']),
      tag: textOf(query['tag']),
      tier: textOf(query['tier']),
    },
    sorting: column ? { column, isDescending: sort.startsWith('-') } : firstSorting,
  };
}

/** The address of a view; what is as it is at first is left out. */
export function queryOf({ filter, sorting }: ListView): LocationQueryRaw {
  const { column, isDescending } = sorting;
  const sort = `${isDescending ? '-' : ''}${column}`;
  const { text: q, kinds, ...rest } = filter;
  const all = { q, state: kinds.join(','), ...rest, sort: sort === firstSorting.column ? '' : sort };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}

const wordsOf = (text: string): string[] => text.toLowerCase().split(/\s+/).filter(Boolean);

function matches(service: BoardService, { team, category, tag, tier }: ListFilter, words: readonly string[]): boolean {
  if (team && service.owner.key !== team) return false;
  if (category && service.category !== category) return false;
  if (tag && !service.tags.includes(tag)) return false;
  if (tier && String(service.tier) !== tier) return false;
  if (words.length === 0) return true;
  const { name, key, owner, tags } = service;
  const text = [name, key, owner.name, owner.key, service.category, ...tags].join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Services in the order of names that pass everything but the filter of states: what its counts are of. */
export function matchingServices(services: readonly BoardService[], filter: ListFilter): BoardService[] {
  const words = wordsOf(filter.text);
  return services.filter((service) => matches(service, filter, words));
}

const kindRank = new Map(tileKinds.map((kind, index) => [kind, index]));
const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** How a column compares, nothing last in both directions. */
const comparable: Record<SortColumn, (service: BoardService) => number | string | null> = {
  state: (service) => kindRank.get(tileKind(service))!,
  name: ({ name }) => name,
  since: ({ since }) => (since === null ? null : -Date.parse(since)),
  latency: ({ latencyMs }) => latencyMs,
  owner: ({ owner }) => owner.name,
  category: ({ category }) => category,
  tier: ({ tier }) => tier,
};

function compare(a: number | string | null, b: number | string | null, direction: 1 | -1): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (typeof a === 'string') return direction * collator.compare(a, String(b));
  return direction * (a - Number(b));
}

/** Rows of the chosen states in the chosen order; equals stay in the order of names. */
export function listedServices(
  matching: readonly BoardService[],
  kinds: readonly TileKind[],
  { column, isDescending }: Sorting,
): BoardService[] {
  const wanted = new Set(kinds);
  const valueOf = comparable[column];
  return matching
    .filter((service) => wanted.size === 0 || wanted.has(tileKind(service)))
    .map((service) => ({ service, value: valueOf(service) }))
    .sort((a, b) => compare(a.value, b.value, isDescending ? -1 : 1))
    .map(({ service }) => service);
}

export interface Choice {
  value: string;
  text: string;
}
export type FilterChoices = Record<'team' | 'category' | 'tag' | 'tier', readonly Choice[]>;

/** What can be chosen in the filters: what the services have. */
export function filterChoices(services: Iterable<BoardService>): FilterChoices {
  const teams = new Map<string, string>();
  const tags = new Set<string>();
  const tiers = new Set<number>();
  const found = new Set<string>();
  for (const { owner, category, tags: its, tier } of services) {
    teams.set(owner.key, owner.name);
    for (const tag of its) tags.add(tag);
    tiers.add(tier);
    found.add(category);
  }
  const same = (values: Iterable<string>): Choice[] => [...values].map((value) => ({ value, text: value }));
  return {
    team: [...teams].map(([value, text]) => ({ value, text })).sort((a, b) => collator.compare(a.text, b.text)),
    category: same(categories.filter((category) => found.has(category))),
    tag: same([...tags].sort(collator.compare)),
    tier: same([...tiers].sort((a, b) => a - b).map(String)),
  };
}
