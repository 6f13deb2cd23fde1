import { suggestion } from '../contract/suggestion.ts';
import { Problem } from '../platform/problem.ts';

export const notFound = (kind: string, key: string, existing: readonly string[]): Problem =>
  new Problem('not-found', `There is no ${kind} "${key}"${suggestion(key, existing)}`);

/** @throws Problem not-found */
export function found<Thing>(kind: string, key: string, thing: Thing | undefined): Thing {
  if (thing === undefined) throw notFound(kind, key, []);
  return thing;
}
