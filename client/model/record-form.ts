/** The form of a resource: the schema of what is typed, and what is wrong with it. Pure. */
import { keyOfName } from '../../server/contract/key-of-name.ts';
import { parseInput } from '../../server/contract/input-issues.ts';
import { jsonSchemaOf, type JsonSchema } from '../../server/contract/schema-fields.ts';
import type { Resource } from '../api/resources.ts';
import { type FieldIssue, type Fields, withField } from './form-value.ts';

/** The schema of a new one: its key is asked for behind its name. */
export function withKeyField(schema: JsonSchema, { key, nameField }: Resource): JsonSchema {
  const asked = { ...jsonSchemaOf(key.schema), title: key.title, description: key.hint };
  const properties = Object.entries(schema.properties ?? {}).flatMap(([name, below]) =>
    name === nameField
      ? [
          [name, below],
          [key.field, asked],
        ]
      : [[name, below]],
  );
  const required = [...((schema['required'] as string[] | undefined) ?? []), key.field];
  return { ...schema, properties: Object.fromEntries(properties) as Record<string, JsonSchema>, required };
}

/** What the schemas find wrong, of a new one with its key. */
export function recordIssues(resource: Resource, value: Fields, isNew: boolean): FieldIssue[] {
  const { field, schema } = resource.key;
  const input = isNew ? withField(value, field, undefined) : value;
  const keyIssues = isNew ? parseInput(schema, value[field] ?? '', [field]).issues : [];
  return [...parseInput(resource.input, input).issues, ...keyIssues].map(({ path, message }) => ({
    path: path.join('.'),
    message,
  }));
}

/** A new value where the key follows the name for as long as nobody typed another key. */
export function withSuggestedKey({ key, nameField }: Resource, before: Fields, after: Fields): Fields {
  const suggested = keyOfName(String(before[nameField] ?? ''), '');
  const isFollowing = (before[key.field] ?? '') === suggested && before[key.field] === after[key.field];
  return isFollowing ? withField(after, key.field, keyOfName(String(after[nameField] ?? ''), '')) : after;
}

/** The names of the fields in which two values differ. */
export const differingFields = (a: Fields, b: Fields, isSame: (x: unknown, y: unknown) => boolean): string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => !isSame(a[name], b[name]));
