/** What a board shows, and in which order. */
import { groupBy } from '../../server/domain/grouping.ts';
import type { BoardService } from '../../server/contract/live.ts';
import type { BoardLayoutSettings } from '../../server/contract/boards.ts';
import { isTrouble, type TileKind, tileKind, tileKinds } from './tile-kind.ts';

export interface BoardFilter {
  /** Words that must all be found in name, key, owner, category or tags. */
  text: string;
  /** Kinds that are shown; empty for all. */
  kinds: ReadonlySet<TileKind>;
}

export interface OrderedBoard {
  /** What nobody has taken: down first, then suspect, degraded and unknown, inside a kind by name; then what somebody has. */
  trouble: readonly BoardService[];
  /** What planned maintenance is at work on, in the same order; then up, then unmonitored. */
  rest: readonly BoardService[];
}

const wordsOf = (text: string): string[] => text.toLowerCase().split(/\s+/).filter(Boolean);

function isFound(service: BoardService, words: readonly string[]): boolean {
  const { name, key, owner, category, tags } = service;
  const text = [name, key, owner.name, owner.key, category, ...tags].join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
}

/**
 * Services in name order become groups by urgency; the order inside a group stays. In a fixed order they stay as they
 * are, so that each keeps its place.
 */
export function orderBoard(
  services: Iterable<BoardService>,
  { text, kinds }: BoardFilter,
  order: BoardLayoutSettings['order'] = 'trouble-first',
): OrderedBoard {
  const words = wordsOf(text);
  const found = [...services].filter(
    (service) => (kinds.size === 0 || kinds.has(tileKind(service))) && (words.length === 0 || isFound(service, words)),
  );
  if (order === 'fixed') return { trouble: [], rest: found };
  const inOrder = (services: readonly BoardService[], wanted: (kind: TileKind) => boolean): BoardService[] => {
    const groups = groupBy(services, tileKind);
    return tileKinds.filter(wanted).flatMap((kind) => groups.get(kind) ?? []);
  };
  const planned = found.filter(({ maintenance }) => maintenance !== null);
  const others = found.filter(({ maintenance }) => maintenance === null);
  const [free, taken] = [
    others.filter(({ handled }) => handled === null),
    others.filter(({ handled }) => handled !== null),
  ];
  return {
    trouble: [...inOrder(free, isTrouble), ...inOrder(taken, isTrouble)],
    rest: [...inOrder(planned, () => true), ...inOrder(others, (kind) => !isTrouble(kind))],
  };
}

/** How many services are of each kind. */
export function countKinds(services: Iterable<BoardService>): Record<TileKind, number> {
  const counts = { down: 0, suspect: 0, degraded: 0, unknown: 0, up: 0, unmonitored: 0 };
  for (const service of services) counts[tileKind(service)] += 1;
  return counts;
}
