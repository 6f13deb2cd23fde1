/** What a person should know first, out of the whole board. Pure: services in, groups out. */
import type { BoardService } from '../../server/contract/live.ts';
import { type TileKind, tileKind } from './tile-kind.ts';

export interface Overview {
  /** Confirmed failures. */
  wrong: readonly BoardService[];
  /** Not failed, but close to it: suspect or degraded. */
  endangered: readonly BoardService[];
  /** Of which Troth cannot tell. */
  unknown: readonly BoardService[];
  /** How many are measured at present. */
  watched: number;
  /** How many services rest on each, directly or through others. */
  impact: ReadonlyMap<string, number>;
}

const groups: Partial<Record<TileKind, 'wrong' | 'endangered' | 'unknown'>> = {
  down: 'wrong',
  suspect: 'endangered',
  degraded: 'endangered',
  unknown: 'unknown',
};

/** The most important first: by tier, then the newest trouble. */
function byUrgency(a: BoardService, b: BoardService): number {
  return a.tier - b.tier || (b.since ?? '').localeCompare(a.since ?? '') || a.name.localeCompare(b.name);
}

/** Sorts the services that need a person; those that are as expected are left out. */
export function overviewOf(services: ReadonlyMap<string, BoardService>): Overview {
  const sorted = { wrong: [] as BoardService[], endangered: [] as BoardService[], unknown: [] as BoardService[] };
  let watched = 0;
  for (const service of services.values()) {
    const kind = tileKind(service);
    if (kind !== 'unmonitored') watched += 1;
    const group = groups[kind];
    if (group) sorted[group].push(service);
  }
  const all = Object.values(sorted).flatMap((group) => group.sort(byUrgency));
  return {
    ...sorted,
    watched,
    impact: impactOf(
      all.map(({ key }) => key),
      services,
    ),
  };
}

function impactOf(keys: readonly string[], services: ReadonlyMap<string, BoardService>): Map<string, number> {
  if (keys.length === 0) return new Map();
  const dependents = new Map<string, string[]>();
  for (const { key, dependsOn } of services.values()) {
    for (const upstream of dependsOn) dependents.set(upstream, [...(dependents.get(upstream) ?? []), key]);
  }
  return new Map(keys.map((key) => [key, reachableFrom(key, dependents)]));
}

function reachableFrom(key: string, dependents: ReadonlyMap<string, readonly string[]>): number {
  const seen = new Set([key]);
  for (const next of seen) for (const dependent of dependents.get(next) ?? []) seen.add(dependent);
  return seen.size - 1;
}
