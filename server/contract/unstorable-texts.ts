/** Texts that no database takes: told before anything is done with them. */
import type { InputIssue } from './input-issues.ts';

const deepest = 40;
const fits = (text: string): boolean => !/[\0\p{Surrogate}]/u.test(text);

/** What PostgreSQL cannot store: texts with a zero character, or half a surrogate pair; and nesting beyond all sense. */
export function unstorableTexts(value: unknown, path: readonly string[]): InputIssue[] {
  if (typeof value === 'string') {
    return fits(value) ? [] : [{ path, message: 'must not hold a zero character or half a surrogate pair' }];
  }
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [];
  if (path.length > deepest) return [{ path, message: 'is nested too deeply' }];
  return Object.entries(value).flatMap(([name, item]) =>
    fits(name) ? unstorableTexts(item, [...path, name]) : [{ path, message: 'has a field name that cannot be stored' }],
  );
}
