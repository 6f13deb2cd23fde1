import { z } from 'zod';
import { kindSchemas } from '../../probes/registry.ts';
import { configFileSchema } from '../contract/config-file.ts';

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** JSON Schema (2020-12) of the config file for editors: each probe's config as its kind wants it. */
export function configFileJsonSchema(): JsonSchema {
  const kinds = kindSchemas();
  const file = z.toJSONSchema(configFileSchema, {
    io: 'input',
    target: 'draft-2020-12',
    override: ({ jsonSchema }) => {
      if (isProbe(jsonSchema))
        chooseConfigByKind(
          jsonSchema,
          kinds.map(({ kind }) => kind),
        );
    },
  });
  const configs = kinds.map(({ kind, title, description, schema }) => [
    configName(kind),
    { title, description, ...schema, $schema: undefined },
  ]);
  return { ...file, title: 'Troth config file', $defs: { ...file.$defs, ...Object.fromEntries(configs) } };
}

const configName = (kind: string): string => `${kind}-config`;

const isProbe = ({ properties }: JsonSchema): boolean =>
  properties !== undefined && 'kind' in properties && 'config' in properties;

function chooseConfigByKind(probe: JsonSchema, kinds: readonly string[]): void {
  probe.properties = { ...probe.properties, kind: { ...(probe.properties!['kind'] as JsonSchema), enum: [...kinds] } };
  probe.oneOf = kinds.map((kind) => ({
    properties: { kind: { const: kind }, config: { $ref: `#/$defs/${configName(kind)}` } },
  }));
}
