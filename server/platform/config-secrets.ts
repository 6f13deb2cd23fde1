import { isDeepStrictEqual } from 'node:util';
import type { SecretPath } from '../../probes/support/sealed.ts';
import { hiddenSecret } from '../contract/catalog.ts';
import type { InputIssue } from '../contract/input-issues.ts';

export type Config = Readonly<Record<string, unknown>>;
type Path = readonly string[];

/** Where the strings at the given paths really are: every `*` becomes the name or index of an entry. */
export function secretPlaces(value: unknown, paths: readonly Path[]): { path: Path; text: string }[] {
  return paths.flatMap((path) => places(value, path, []));
}

function places(value: unknown, [head, ...rest]: Path, above: Path): { path: Path; text: string }[] {
  if (head === undefined) return typeof value === 'string' ? [{ path: above, text: value }] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value)
    .filter(([name]) => head === '*' || head === name)
    .flatMap(([name, item]) => places(item, rest, [...above, name]));
}

export interface KeptSecrets {
  /** The input with every hidden value replaced by the stored secret of the same place. */
  config: Config;
  /** Places where a stored secret was kept. */
  kept: readonly Path[];
  issues: readonly InputIssue[];
}

/**
 * Puts stored secrets back where the input shows them hidden. A secret stays in its place: it moves to no other field,
 * and in a list only while the rest of its item is as it was.
 */
export function keepSecrets(input: Config, stored: Config | undefined, paths: readonly SecretPath[]): KeptSecrets {
  const hidden = secretPlaces(input, paths).filter(({ text }) => text === hiddenSecret);
  let config = input;
  const kept: Path[] = [];
  const issues: InputIssue[] = [];
  for (const { path } of hidden) {
    const secret = sameItems(input, stored, path) ? valueAt(stored, path) : undefined;
    if (typeof secret === 'string') {
      config = replacedAt(config, path, secret) as Config;
      kept.push(path);
    } else {
      issues.push({ path, message: `"${hiddenSecret}" keeps a stored secret, and none is stored here: give it anew` });
    }
  }
  return { config, kept, issues };
}

/** Secrets that were kept although they would now be sent to another place than before. */
export function strayedSecrets(before: Config, after: Config, kept: readonly Path[]): InputIssue[] {
  if (kept.length === 0 || isDeepStrictEqual(destinations(before), destinations(after))) return [];
  return kept.map((path) => ({ path, message: 'the target has changed: give the secret anew' }));
}

/** Whom a config talks to: the origin of every URL, and whatever names a host, a server or a port. */
function destinations(value: unknown, name = ''): unknown {
  if (typeof value === 'object' && value !== null) {
    const below = Object.entries(value).map(([key, item]) => [key, destinations(item, key)] as const);
    const found = below.filter(([, item]) => item !== undefined);
    return found.length > 0 ? Object.fromEntries(found) : undefined;
  }
  if (/url$/i.test(name) && URL.canParse(String(value))) return new URL(String(value)).origin;
  return /(?:url|host|server|proxy|port|address)$/i.test(name) ? value : undefined;
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, name) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[name] : undefined),
    value,
  );
}

/** A copy with another value at a path that exists. */
export function replacedAt(value: unknown, [name, ...rest]: Path, replacement: unknown): unknown {
  if (name === undefined) return replacement;
  if (typeof value !== 'object' || value === null) return value;
  const replaced = (key: string, item: unknown) => (key === name ? replacedAt(item, rest, replacement) : item);
  return Array.isArray(value)
    ? value.map((item, index) => replaced(String(index), item))
    : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaced(key, item)]));
}

/** Whether every list item on the way to a secret is the same as before, secrets of the item aside. */
function sameItems(input: unknown, stored: unknown, path: Path): boolean {
  return path.every((_, depth) => {
    const list = valueAt(input, path.slice(0, depth));
    if (!Array.isArray(list)) return true;
    const before = valueAt(stored, path.slice(0, depth));
    if (!Array.isArray(before) || before.length !== list.length) return false;
    const item = path.slice(0, depth + 1);
    const rest = path.slice(depth + 1);
    const blank = (one: unknown) => replacedAt(one, rest, '');
    return isDeepStrictEqual(blank(valueAt(input, item)), blank(valueAt(stored, item)));
  });
}
