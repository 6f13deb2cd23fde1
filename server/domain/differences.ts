/** What two versions of a thing that people edit differ in. */

/** What people edit of a thing, in the words of the config file: for differences, the audit trail and exports. */
export type Fields = Readonly<Record<string, unknown>>;

/** One field that differs, `from` and `to` as people write them; secrets are hidden. */
export interface FieldChange {
  path: readonly string[];
  from: unknown;
  to: unknown;
}

/** Changes as they are told in answers and in the audit trail: the path as one text. */
export const toldChanges = (fields: readonly FieldChange[]) =>
  fields.map(({ path, from, to }) => ({ path: path.join('.'), from, to }));

/** The fields of two maps that differ, as deep as both sides are maps; lists are compared whole. */
export function differences(from: Fields, to: Fields, above: readonly string[] = []): FieldChange[] {
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return names.flatMap((name) => {
    const path = [...above, name];
    const [before, after] = [from[name] ?? null, to[name] ?? null];
    if (isFields(before) && isFields(after)) return differences(before, after, path);
    return isSame(before, after) ? [] : [{ path, from: before, to: after }];
  });
}

/**
 * The fields of a thing that differ from what is filled in anyway, in their own order: how people would write it.
 */
export function concise(fields: Fields, defaults: Fields): Fields {
  const kept: Record<string, unknown> = {};
  for (const { path, to } of differences(defaults, fields)) {
    const last = path.length - 1;
    const inner = path.slice(0, last).reduce<Record<string, unknown>>((at, name) => {
      at[name] ??= {};
      return at[name] as Record<string, unknown>;
    }, kept);
    inner[path[last]!] = to;
  }
  return Object.fromEntries(Object.keys(fields).flatMap((name) => (name in kept ? [[name, kept[name]]] : [])));
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((one, index) => isSame(one, b[index]));
  if (isFields(a) && isFields(b)) return differences(a, b).length === 0;
  return Object.is(a, b);
}
