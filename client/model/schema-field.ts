/** A JSON Schema as a tree of fields that can be drawn. Pure. */
import type { ReferenceKind } from '../../server/contract/catalog.ts';
import type { JsonSchema } from '../../server/contract/schema-fields.ts';
import { fieldTitle } from './field-title.ts';

export type Scalar = string | number | boolean | null;

interface FieldBase {
  /** The name of the property; empty for an item of a list. */
  readonly name: string;
  readonly title: string;
  readonly hint: string;
  readonly isRequired: boolean;
  /** What holds where it is left out; undefined where the schema does not say. */
  readonly fallback: unknown;
}
export interface TextField extends FieldBase {
  readonly kind: 'text';
  readonly form:
    | 'line'
    | 'lines'
    | 'pem'
    | 'email'
    | 'duration'
    | 'instant'
    | 'date'
    | 'local-time'
    | 'time-zone'
    | 'recurrence'
    | 'period'
    /** A tag of services. */
    | 'tag'
    /** The key of an objective that the same form holds. */
    | 'objective';
  readonly isSecret: boolean;
  /** Digits alone stand for a number. */
  readonly mayBeNumber: boolean;
  readonly references: ReferenceKind | null;
}
export interface NumberField extends FieldBase {
  readonly kind: 'number';
  readonly isWhole: boolean;
  readonly min: number | undefined;
  readonly max: number | undefined;
}
export interface FlagField extends FieldBase {
  readonly kind: 'flag';
}
export interface ChoiceField extends FieldBase {
  /** `set`: any number of the options, as a list. */
  readonly kind: 'choice' | 'set';
  readonly options: readonly Scalar[];
  /** What an option means, in a sentence, by its text; empty where none is explained. */
  readonly notes: Readonly<Record<string, string>>;
}
/** A value that the schema fixes; nothing to draw. */
export interface FixedField extends FieldBase {
  readonly kind: 'fixed';
  readonly value: unknown;
}
/** Short texts in a list, such as tags. */
export interface WordsField extends FieldBase {
  readonly kind: 'words';
  readonly item: TextField | NumberField;
}
export interface ListField extends FieldBase {
  readonly kind: 'list';
  readonly item: SchemaField;
}
export interface RowsField extends FieldBase {
  /** Values under names that people give, such as headers. */
  readonly kind: 'rows';
  readonly item: SchemaField;
}
export interface GroupField extends FieldBase {
  readonly kind: 'group';
  readonly fields: readonly SchemaField[];
  /** Whether it is there means something, even empty: it is switched on and off. */
  readonly isSwitched: boolean;
}
export interface UnionField extends FieldBase {
  readonly kind: 'union';
  readonly options: readonly SchemaField[];
}
/** Whatever the schema leaves open, written as JSON. */
export interface JsonField extends FieldBase {
  readonly kind: 'json';
}
/** Hours of the days of a week, dates with hours of their own, public holidays: each drawn as one whole. */
export interface HoursField extends FieldBase {
  readonly kind: 'week' | 'exceptions' | 'holidays';
}
export type SchemaField =
  | TextField
  | NumberField
  | FlagField
  | ChoiceField
  | FixedField
  | WordsField
  | ListField
  | RowsField
  | GroupField
  | UnionField
  | JsonField
  | HoursField;

/** The field of a schema; `name` is that of its property. */
export const fieldOf = (schema: JsonSchema, name = '', isRequired = true): SchemaField =>
  new FieldReader(schema).read(schema, name, isRequired);

class FieldReader {
  readonly #root: JsonSchema;

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  read(given: JsonSchema, name: string, isRequired: boolean): SchemaField {
    const schema = this.#resolved(given);
    const base: FieldBase = {
      name,
      title: textOf(schema['title']) || fieldTitle(name),
      hint: textOf(schema['description']),
      isRequired,
      fallback: schema['default'],
    };
    const options = this.#options(schema);
    if (schema['x-form'] === 'duration') return { ...base, ...textParts(schema) };
    if (options.length > 1) return this.#union(base, options);
    const [only] = options;
    if (only === schema || !only) return this.#single(base, schema, isRequired);
    const { anyOf: _any, oneOf: _one, ...told } = schema;
    return this.read({ ...only, ...told }, name, isRequired);
  }

  /** Alternatives of any depth as one list; where nothing is allowed beside one other, that other alone. */
  #options(schema: JsonSchema): JsonSchema[] {
    const parts = (schema.anyOf ?? schema.oneOf ?? []).map((part) => this.#resolved(part));
    const flat = parts.flatMap((part) => (part['x-form'] ? [part] : this.#options(part)));
    if (parts.length === 0) return [schema];
    const real = flat.filter(({ type }) => type !== 'null');
    return real.length === 1 ? real : flat;
  }

  #union(base: FieldBase, options: readonly JsonSchema[]): SchemaField {
    const types = options.map(({ type }) => type);
    if (types.every((type) => type === 'string' || type === 'integer') && new Set(types).size === 2) {
      return { ...base, ...textParts(options.find(({ type }) => type === 'string')!), mayBeNumber: true };
    }
    const list = options.find(({ type }) => type === 'array');
    const single = options.find(({ type }) => type === 'string');
    if (options.length === 2 && list && single) return this.#list(base, list);
    return { ...base, kind: 'union', options: options.map((option) => this.#option(option)) };
  }

  #option(schema: JsonSchema): SchemaField {
    const field = this.read(schema, '', true);
    if (field.kind !== 'group') return { ...field, title: field.title || optionTitles[field.kind] };
    const fixed = field.fields.find(({ kind }) => kind === 'fixed') as FixedField | undefined;
    return { ...field, title: field.title || fieldTitle(String(fixed?.value ?? '')) || optionTitles.group };
  }

  #single(base: FieldBase, schema: JsonSchema, isRequired: boolean): SchemaField {
    const form = schema['x-form'];
    if (form === 'week' || form === 'exceptions' || form === 'holidays') return { ...base, kind: form };
    if (schema['const'] !== undefined) return { ...base, kind: 'fixed', value: schema['const'] };
    if (Array.isArray(schema['enum'])) {
      const notes = (schema['x-notes'] as ChoiceField['notes'] | undefined) ?? {};
      return { ...base, kind: 'choice', options: schema['enum'] as Scalar[], notes };
    }
    switch (schema['type']) {
      case 'string':
        return { ...base, ...textParts(schema) };
      case 'integer':
      case 'number':
        return { ...base, ...numberParts(schema) };
      case 'boolean':
        return { ...base, kind: 'flag' };
      case 'null':
        return { ...base, title: 'Nothing (null)', kind: 'fixed', value: null };
      case 'array':
        return this.#list(base, schema);
      case 'object':
        return this.#object(base, schema, isRequired);
      default:
        return { ...base, kind: 'json' };
    }
  }

  #list(base: FieldBase, { items }: JsonSchema): SchemaField {
    const item = typeof items === 'object' ? this.read(items, '', true) : null;
    if (!item) return { ...base, kind: 'json' };
    if (item.kind === 'choice') return { ...base, kind: 'set', options: item.options, notes: item.notes };
    const isShort = item.kind === 'number' || (item.kind === 'text' && !item.isSecret);
    return isShort ? { ...base, kind: 'words', item } : { ...base, kind: 'list', item };
  }

  #object(base: FieldBase, schema: JsonSchema, isRequired: boolean): SchemaField {
    const required = new Set(schema['required'] as readonly string[] | undefined);
    if (schema.properties) {
      const fields = Object.entries(schema.properties).map(([name, below]) =>
        this.read(below, name, required.has(name)),
      );
      return { ...base, kind: 'group', fields, isSwitched: !isRequired && base.fallback === undefined };
    }
    const { additionalProperties: values } = schema;
    const isOpen = typeof values !== 'object' || Object.keys(values).length === 0;
    return isOpen ? { ...base, kind: 'json' } : { ...base, kind: 'rows', item: this.read(values, '', true) };
  }

  #resolved(schema: JsonSchema): JsonSchema {
    const name = schema.$ref?.replace(/^#\/\$defs\//, '');
    const target = name === undefined ? undefined : this.#root.$defs?.[name];
    return target ? { ...target, ...schema } : schema;
  }
}

const optionTitles: Record<SchemaField['kind'], string> = {
  text: 'Text',
  number: 'Number',
  flag: 'Yes or no',
  choice: 'One of a few',
  set: 'Some of a few',
  fixed: 'Fixed',
  words: 'List',
  list: 'List',
  rows: 'Values by name',
  group: 'Fields',
  union: 'Other',
  json: 'JSON',
  week: 'Week',
  exceptions: 'Dates',
  holidays: 'Holidays',
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const boundOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined;

type TextParts = Pick<TextField, 'kind' | 'form' | 'isSecret' | 'mayBeNumber' | 'references'>;

function textParts(schema: JsonSchema): TextParts {
  const byFormat = { email: 'email', date: 'date', 'date-time': 'instant' } as const;
  const form =
    (schema['x-form'] as TextField['form'] | undefined) ??
    byFormat[schema['format'] as keyof typeof byFormat] ??
    ('line' as const);
  const references = (schema['x-references'] as ReferenceKind | undefined) ?? null;
  return { kind: 'text', form, isSecret: schema['x-secret'] === true, mayBeNumber: false, references };
}

const numberParts = (schema: JsonSchema): Pick<NumberField, 'kind' | 'isWhole' | 'min' | 'max'> => ({
  kind: 'number',
  isWhole: schema['type'] === 'integer',
  min: boundOf(schema['minimum']),
  max: boundOf(schema['maximum']),
});
