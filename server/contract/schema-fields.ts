/** Finds in the JSON Schema of an input what is allowed at a path of it. */
import { z } from 'zod';

/** The parts of a JSON Schema that lead from a path to what is allowed there. */
export interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema | boolean;
  prefixItems?: JsonSchema[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  [keyword: string]: unknown;
}

const jsonSchemas = new WeakMap<z.ZodType, JsonSchema>();

/** The JSON Schema of what a schema takes; made once. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  let known = jsonSchemas.get(schema);
  if (!known) {
    known = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
    jsonSchemas.set(schema, known);
  }
  return known;
}

/** Names of the fields that are allowed at a path, over all alternatives there. */
export const knownFields = (root: JsonSchema, path: readonly string[]): string[] => [
  ...new Set(schemasAt(root, path).flatMap(({ properties = {} }) => Object.keys(properties))),
];

/** Every alternative for the value at a path. */
export function schemasAt(root: JsonSchema, path: readonly string[]): JsonSchema[] {
  let open = alternatives(root, root);
  for (const head of path) {
    const below = open.flatMap(({ properties, additionalProperties, items, prefixItems }) => [
      properties && Object.hasOwn(properties, head) ? properties[head] : additionalProperties,
      prefixItems?.[Number(head)] ?? items,
    ]);
    open = below.flatMap((one) => (typeof one === 'object' ? alternatives(one, root) : []));
  }
  return open;
}

function alternatives(schema: JsonSchema, root: JsonSchema): JsonSchema[] {
  const target = schema.$ref?.startsWith('#/$defs/') ? root.$defs?.[schema.$ref.slice('#/$defs/'.length)] : undefined;
  const parts = [
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    ...(schema.allOf ?? []),
    ...(target ? [target] : []),
  ];
  return [schema, ...parts.flatMap((part) => alternatives(part, root))];
}
