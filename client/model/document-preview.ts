/** An agreement that is being written, as what its document is made of; how long that is, in words. Pure. */
import type { DocumentLength } from '../../server/contract/agreement-document.ts';
import { counted } from '../../server/contract/length-words.ts';
import { type Places, withValueAt } from './agreement-start.ts';
import { type Fields, valueAt, withField } from './form-value.ts';

const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** What is in a form, with places for what is not said yet; the key stands in no document. */
export const previewInput = (value: Fields, keyField: string, places: Places): Fields =>
  Object.entries(places)
    .filter(([path]) => isBlank(valueAt(value, path)) && hasParent(value, path))
    .reduce((input, [path, place]) => withValueAt(input, path, place), withField(value, keyField, undefined));

/** An objective that was taken away needs no place. */
function hasParent(value: Fields, path: string): boolean {
  const above = path.split('.').slice(0, -1).join('.');
  return valueAt(value, above) !== undefined;
}

/** `2 of at most 5 pages`. */
export const pagesText = ({ pages, mostPages }: DocumentLength): string => `${pages} of at most ${mostPages} pages`;

export interface PartShare {
  readonly key: string;
  readonly title: string;
  /** `1.4 pages`. */
  readonly text: string;
  /** Of the longest part, 0 to 1. */
  readonly share: number;
}

const partsShown = 5;

/** The longest parts, the longest first. */
export function longestParts({ parts }: DocumentLength): PartShare[] {
  const longest = Math.max(...parts.map(({ pages }) => pages), Number.MIN_VALUE);
  return parts
    .filter(({ pages }) => pages > 0)
    .toSorted((a, b) => b.pages - a.pages)
    .slice(0, partsShown)
    .map(({ key, title, pages }) => ({ key, title, text: `${pages.toFixed(1)} pages`, share: pages / longest }));
}

/** Why the document is not that of the form. */
export const faultsText = (faults: number, hasDocument: boolean): string =>
  hasDocument
    ? `The form has ${counted(faults, 'fault')}: this is the document from before.`
    : `The document is shown once the form has no fault: it has ${faults}.`;
