/** Values of a form: plain data as the API takes it, changed by copies. Pure. */
import type { GroupField, SchemaField, UnionField } from './schema-field.ts';

export type Fields = Readonly<Record<string, unknown>>;
export interface FieldIssue {
  /** Names joined by dots, `config.headers`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A copy with another value of a field; undefined takes it away. */
export function withField(value: unknown, name: string, next: unknown): Fields {
  const { [name]: _, ...rest } = isFields(value) ? value : {};
  return next === undefined ? rest : { ...(isFields(value) ? value : {}), [name]: next };
}

/** A group after one of its fields changed; one that need not be there goes when nothing is left in it. */
export function withGroupField(group: GroupField, value: unknown, name: string, next: unknown): Fields | undefined {
  const changed = withField(value, name, next);
  return Object.keys(changed).length === 0 && !group.isRequired && !group.isSwitched ? undefined : changed;
}

/** Whether two values say the same, whatever the order of their fields. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, at) => isSame(item, b[at]));
  if (!isFields(a) || !isFields(b)) return a === b;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => isSame(a[name], b[name]));
}

/** Whether a value says no more than leaving it out would. */
export function isDefault(field: SchemaField, value: unknown): boolean {
  if (value === undefined || isSame(value, field.fallback)) return true;
  switch (field.kind) {
    case 'group':
      return !field.isSwitched && field.fields.every((one) => isDefault(one, (value as Fields)[one.name]));
    case 'words':
    case 'list':
    case 'set':
    case 'exceptions':
      return Array.isArray(value) && value.length === 0;
    case 'rows':
    case 'week':
      return isFields(value) && Object.keys(value).length === 0;
    default:
      return false;
  }
}

/** What a new item, or a part that is switched on, begins with. */
export function blankOf(field: SchemaField): unknown {
  switch (field.kind) {
    case 'fixed':
      return field.value;
    case 'flag':
      return false;
    case 'text':
      return '';
    case 'words':
    case 'list':
    case 'set':
    case 'exceptions':
      return [];
    case 'rows':
    case 'week':
      return {};
    case 'group': {
      const given = field.fields.filter(({ kind, isRequired }) => kind === 'fixed' || (kind === 'group' && isRequired));
      return Object.fromEntries(given.map((one) => [one.name, blankOf(one)]));
    }
    case 'choice':
      return field.options[0];
    case 'union':
      return blankOf(field.options[0]!);
    default:
      return undefined;
  }
}

/** Which alternative a value is of; -1 for none. */
export const optionOf = ({ options }: UnionField, value: unknown): number =>
  options.findIndex((option) => isOf(option, value));

/** The property whose value tells alternatives apart, such as `type`; null where their shapes do. */
export function tagOf({ options }: UnionField): string | null {
  const fixed = options.map((option) =>
    option.kind === 'group' ? option.fields.filter(({ kind }) => kind === 'fixed').map(({ name }) => name) : [],
  );
  return fixed[0]?.find((name) => fixed.every((names) => names.includes(name))) ?? null;
}

function isOf(field: SchemaField, value: unknown): boolean {
  if (value === undefined) return false;
  switch (field.kind) {
    case 'fixed':
      return isSame(field.value, value);
    case 'text':
      return typeof value === 'string' || (field.mayBeNumber && typeof value === 'number');
    case 'number':
      return typeof value === 'number';
    case 'flag':
      return typeof value === 'boolean';
    case 'choice':
      return field.options.some((option) => option === value);
    case 'group':
      return isFields(value) && field.fields.every((one) => one.kind !== 'fixed' || isOf(one, value[one.name]));
    case 'rows':
      return isFields(value);
    case 'words':
    case 'list':
    case 'set':
      return Array.isArray(value);
    default:
      return true;
  }
}

/** A value as another alternative: what both know of is kept. */
export function asOption(option: SchemaField, value: unknown): unknown {
  const blank = option.kind === 'number' ? 0 : blankOf(option);
  if (option.kind !== 'group' || !isFields(value)) return blank;
  const kept = option.fields.filter((one) => one.kind !== 'fixed' && isOf(one, value[one.name]));
  return { ...Object.fromEntries(kept.map(({ name }) => [name, value[name]])), ...(blank as Fields) };
}

/** The value at a path; undefined where there is none. */
export const valueAt = (value: unknown, path: string): unknown =>
  path === ''
    ? value
    : path
        .split('.')
        .reduce<unknown>(
          (at, name) => (typeof at === 'object' && at !== null ? (at as Fields)[name] : undefined),
          value,
        );

/** Of the faults that were found in an earlier value those that still hold: what they are about is as it was. */
export const standingIssues = (issues: readonly FieldIssue[], then: unknown, now: unknown): FieldIssue[] =>
  issues.filter(({ path }) => isSame(valueAt(then, path), valueAt(now, path)));

export const isBelow = (path: string, above: string): boolean =>
  above === '' || path === above || path.startsWith(`${above}.`);
