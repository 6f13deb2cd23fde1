/** What a new agreement begins with, and what is still to be said in it. Pure. */
import { agreementPlaces, type AgreementTemplate } from '../../server/contract/agreement-document.ts';
import { keyOfName } from '../../server/contract/key-of-name.ts';
import { fieldTitle } from './field-title.ts';
import { type Fields, isFields, valueAt, withField } from './form-value.ts';
import { localText } from './zoned-day.ts';

/** The key of a start from nothing, beside those of the templates. */
export const blankKey = 'blank';

/** What nobody can know of an agreement that is begun from nothing. */
export const asksOfBlank = ['title', 'provider', 'customer', 'services', 'effective.from', 'timeZone'] as const;

/** What a new agreement begins with: the first day of the next month, so that no period is cut, in the author's zone. */
export function freshAgreement(initial: Fields, nowMs: number, timeZone: string): Fields {
  const [year, month] = localText(nowMs, timeZone).split('-').map(Number) as [number, number];
  const from = new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);
  return { ...initial, effective: { from }, timeZone };
}

/** A copy with another value at a path; undefined takes it away. */
export function withValueAt(value: Fields, path: string, next: unknown): Fields {
  const [name, ...below] = path.split('.');
  if (below.length === 0) return withField(value, name!, next);
  const inner = value[name!];
  return withField(value, name!, withValueAt(isFields(inner) ? inner : {}, below.join('.'), next));
}

/** What a template says, without what it cannot know; of that, what a new agreement begins with anyway. */
export const startOf = ({ agreement, asks }: AgreementTemplate, fresh: Fields): Fields =>
  asks.reduce((start, path) => withValueAt(start, path, valueAt(fresh, path)), {
    ...agreement,
    key: keyOfName(String(agreement['title']), ''),
  } as Fields);

/** What stands in a preview for what is not said yet, by path. */
export type Places = Readonly<Record<string, unknown>>;
export const placesOfBlank: Places = {
  title: 'Agreement without a title',
  provider: agreementPlaces.provider,
  customer: agreementPlaces.customer,
};
export const placesOf = ({ agreement, asks }: AgreementTemplate, fresh: Fields): Places => ({
  ...placesOfBlank,
  ...Object.fromEntries(
    asks.filter((path) => valueAt(fresh, path) === undefined).map((path) => [path, valueAt(agreement, path)]),
  ),
});

export interface AskedField {
  readonly path: string;
  readonly title: string;
  /** What stands there; empty while nothing does. */
  readonly text: string;
}

/** What only the author knows: what is to be filled in, and what is filled in with a guess. */
export function askedFields(
  value: Fields,
  asks: readonly string[],
  fresh: Fields,
): Record<'open' | 'guessed', AskedField[]> {
  const fields = asks.map((path) => {
    const at = valueAt(value, path);
    return { path, title: titles[path] ?? titleOf(path), text: Array.isArray(at) ? at.join(', ') : String(at ?? '') };
  });
  return {
    open: fields.filter(({ text }) => text === ''),
    guessed: fields.filter(({ path, text }) => text !== '' && valueAt(fresh, path) === valueAt(value, path)),
  };
}

const titles: Readonly<Record<string, string>> = { 'effective.from': 'First day', timeZone: 'Time zone' };
const titleOf = (path: string): string =>
  path
    .split('.')
    .filter((name) => name !== 'objectives')
    .map(fieldTitle)
    .join(' › ');
