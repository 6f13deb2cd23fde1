/** Short ways to write blocks. */
import type { DocumentBlock, DocumentCell, DocumentPart } from '../../contract/agreement-document.ts';

/** A part before it has its number. */
export type PartDraft = Omit<DocumentPart, 'number'>;

export const heading = (text: string): DocumentBlock => ({ kind: 'heading', text });
export const paragraph = (text: string, objective: string | null = null): DocumentBlock => ({
  kind: 'paragraph',
  text,
  objective,
});

type Items = Extract<DocumentBlock, { kind: 'definitions' }>['items'];
export type Definition = Items[number];
export const define = (term: string, text: string): Definition => ({ term, text, objective: null });
/** None without an item. */
export const definitions = (items: Definition[]): DocumentBlock[] =>
  items.length > 0 ? [{ kind: 'definitions', items }] : [];

export const line = (text: string, objective: string | null = null): DocumentCell[number] => ({
  text,
  objective,
  isNote: false,
});
/** Text that says more about what stands above it in its cell; none for an empty text. */
export const note = (text: string): DocumentCell => (text === '' ? [] : [{ text, objective: null, isNote: true }]);
export const cell = (text: string): DocumentCell => [line(text)];
/** A table by its columns, each with how wide it is in proportion; none without a row. */
export function table(columns: Readonly<Record<string, number>>, rows: DocumentCell[][]): DocumentBlock[] {
  if (rows.length === 0) return [];
  return [{ kind: 'table', columns: Object.entries(columns).map(([title, share]) => ({ title, share })), rows }];
}
