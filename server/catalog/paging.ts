import type { Page } from '../contract/catalog.ts';
import { invalidField } from '../platform/problem.ts';

/** One page of rows, and the cursor of the next; null on the last. */
export interface Rows<Row> {
  rows: Row[];
  next: string | null;
}

/** The last key of a page as a cursor. */
const toCursor = (key: string): string => Buffer.from(key).toString('base64url');

/** The key that a page comes after; null for the first page. @throws Problem where it is no cursor of ours */
export function cursorKey(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const key = Buffer.from(cursor, 'base64url').toString();
  if (!/^[a-z0-9.-]+$/.test(key)) throw invalidField('cursor', 'is not a cursor from an answer of this list');
  return key;
}

/** From one row more than fits a page: the page, and where the next begins. */
export function pageOfRows<Row>(rows: Row[], limit: number, keyOf: (row: Row) => string): Rows<Row> {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next: rows.length > limit && last ? toCursor(keyOf(last)) : null };
}

/** An ilike pattern for texts that contain the words as they are. */
export const pattern = (text: string | undefined): string | null =>
  text ? `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%` : null;

export const toPage = <Row, Item>({ rows, next }: Rows<Row>, view: (row: Row) => Item): Page<Item> => ({
  items: rows.map(view),
  next,
});
