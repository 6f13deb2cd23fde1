import type { JsonSchema } from '../../server/contract/schema-fields.ts';

/** The schema with these fields alone, in this order, each with what is said of it beyond the schema. Pure. */
export function pickedFields(schema: JsonSchema, fields: Readonly<Record<string, Partial<JsonSchema>>>): JsonSchema {
  const properties = Object.fromEntries(
    Object.entries(fields).map(([name, more]) => [name, { ...schema.properties?.[name], ...more } as JsonSchema]),
  );
  return { ...schema, properties };
}
