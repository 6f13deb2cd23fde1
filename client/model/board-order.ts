/** What a board shows, and in which order. */
import type { BoardService } from '../../server/contract/live.ts';
import { isTrouble, type TileKind, tileKind, tileKinds } from './tile-kind.ts';

export interface BoardFilter {
  /** Words that must all be found in name, key, owner, category or tags. */
  text: string;
  /** Kinds that are shown; empty for all. */
  kinds: ReadonlySet<TileKind>;
}

export interface OrderedBoard {
  /** Down first, then suspect, degraded and unknown; inside a kind by name. */
  trouble: readonly BoardService[];
  /** Up, then unmonitored. */
  rest: readonly BoardService[];
}

const wordsOf = (text: string): string[] => text.toLowerCase().split(/\s+/).filter(Boolean);

function isFound(service: BoardService, words: readonly string[]): boolean {
  const { name, key, owner, category, tags } = service;
  const text = [name, key, owner.name, owner.key, category, ...tags].join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Services in name order become groups by urgency; the order inside a group stays. */
export function orderBoard(services: Iterable<BoardService>, { text, kinds }: BoardFilter): OrderedBoard {
  const groups = new Map<TileKind, BoardService[]>(tileKinds.map((kind) => [kind, []]));
  const words = wordsOf(text);
  for (const service of services) {
    const kind = tileKind(service);
    if (kinds.size > 0 && !kinds.has(kind)) continue;
    if (words.length === 0 || isFound(service, words)) groups.get(kind)?.push(service);
  }
  const inOrder = (wanted: (kind: TileKind) => boolean): BoardService[] =>
    tileKinds.filter(wanted).flatMap((kind) => groups.get(kind) ?? []);
  return { trouble: inOrder(isTrouble), rest: inOrder((kind) => !isTrouble(kind)) };
}

/** How many services are of each kind. */
export function countKinds(services: Iterable<BoardService>): Record<TileKind, number> {
  const counts = { down: 0, suspect: 0, degraded: 0, unknown: 0, up: 0, unmonitored: 0 };
  for (const service of services) counts[tileKind(service)] += 1;
  return counts;
}
