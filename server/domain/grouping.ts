/** Items by a key, each group in the order of the items. */
export function groupBy<Item, Key>(items: Iterable<Item>, keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** Consecutive pieces of at most `size` items. */
export const chunks = <Item>(items: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));

/** Consecutive pieces whose sizes add up to at most `most`; an item that is larger is a piece of its own. */
export function portions<Item>(items: Iterable<Item>, sizeOf: (item: Item) => number, most: number): Item[][] {
  const pieces: Item[][] = [];
  let room = 0;
  for (const item of items) {
    const size = sizeOf(item);
    if (pieces.length > 0 && size <= room) pieces.at(-1)!.push(item);
    else {
      pieces.push([item]);
      room = most;
    }
    room -= size;
  }
  return pieces;
}
