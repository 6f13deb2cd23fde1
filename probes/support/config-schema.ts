import { z } from 'zod';
import type { SecretPath } from './sealed.ts';

export type JsonSchema = z.core.JSONSchema.JSONSchema;

/** The JSON Schema (2020-12) of a config as people write it; secret fields have `writeOnly` and `x-secret`. */
export const configJsonSchema = (config: z.ZodType): JsonSchema =>
  z.toJSONSchema(config, { io: 'input', override: ({ jsonSchema }) => markSecret(jsonSchema) });

/** `.meta({ secret: true })` arrives as a word of its own: JSON Schema's is `writeOnly`. */
function markSecret(schema: JsonSchema): void {
  if (schema['secret'] !== true) return;
  delete schema['secret'];
  schema.writeOnly = true;
  schema['x-secret'] = true;
}

/** Where a config of this schema holds secrets; `*` stands for the items of an array and the values of a record. */
export function secretsIn(schema: JsonSchema | boolean): SecretPath[] {
  if (typeof schema === 'boolean') return [];
  if (schema['x-secret'] === true) return [[]];
  const { properties = {}, items, prefixItems = [], additionalProperties, anyOf = [], oneOf = [], allOf = [] } = schema;
  const everywhere = [items, additionalProperties]
    .flat()
    .concat(prefixItems)
    .filter((one) => one !== undefined);
  const below: [string, JsonSchema | boolean][] = [
    ...Object.entries(properties),
    ...everywhere.map((one): [string, JsonSchema | boolean] => ['*', one]),
  ];
  const paths = below.flatMap(([key, one]) => secretsIn(one).map((path) => [key, ...path]));
  return [...paths, ...[...anyOf, ...oneOf, ...allOf].flatMap(secretsIn)];
}
