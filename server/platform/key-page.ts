import { keySchema, type Page, type PageQuery } from '../contract/catalog.ts';
import { invalidField } from './problem.ts';

/** A page of things that are all at hand, in the order of their keys; the cursor is the last key. @throws Problem invalid-input */
export function pageByKey<Thing extends { key: string }>(
  things: readonly Thing[],
  { limit, cursor }: PageQuery,
): Page<Thing> {
  if (cursor !== undefined && !keySchema.safeParse(cursor).success)
    throw invalidField('cursor', 'is not a cursor from an answer of this list');
  const rest = things.filter(({ key }) => cursor === undefined || key > cursor);
  const items = rest.slice(0, limit);
  return { items, next: rest.length > limit ? items.at(-1)!.key : null };
}
