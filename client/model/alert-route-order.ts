/** Routes in the order in which they are asked. Pure. */
import type { AlertRoute } from '../../server/contract/alerts.ts';

type Placed = Pick<AlertRoute, 'key' | 'place'>;

/** The lowest place first; of the same place by key. */
export const inOrder = <Route extends Placed>(routes: readonly Route[]): Route[] =>
  routes.toSorted((a, b) => a.place - b.place || (a.key < b.key ? -1 : 1));

const step = 10;

/**
 * The places that bring a route one up (-1) or down (1) in the order: its own alone where there is room, else those of all
 * that have to give way. Only what changes is named.
 */
export function movedPlaces(routes: readonly Placed[], key: string, by: -1 | 1): Map<string, number> {
  const order = inOrder(routes);
  const from = order.findIndex((route) => route.key === key);
  const to = from + by;
  const moved = order[from];
  if (!moved || to < 0 || to >= order.length) return new Map();
  const others = order.toSpliced(from, 1);
  const [before, after] = [others[to - 1]?.place ?? -1, others[to]?.place ?? Infinity];
  const place = Math.min(before + step, after === Infinity ? Infinity : Math.ceil((before + after) / 2));
  if (place > before && place < after && place <= mostPlace) return new Map([[key, place]]);
  const wanted = others.toSpliced(to, 0, moved).map((route, index) => [route.key, index * step] as const);
  return new Map(wanted.filter(([name, at]) => order.find((route) => route.key === name)!.place !== at));
}

const mostPlace = 10_000;
