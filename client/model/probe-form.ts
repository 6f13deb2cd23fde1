import type { ProbeKindInfo } from '../../server/contract/catalog.ts';
import { durationText } from '../../server/contract/record-input.ts';
import type { JsonSchema } from '../../server/contract/schema-fields.ts';
import { type Fields, withField } from './form-value.ts';

/** The fields that go with places to run at, which a kind that waits for calls has none of. */
const pullOnly = ['locations', 'quorum'];

/** The schema of a probe of one kind: the kinds to choose from, its config, its own interval and timeout. */
export function probeSchemaFor(schema: JsonSchema, kinds: readonly ProbeKindInfo[], kindName: unknown): JsonSchema {
  const kind = kinds.find((one) => one.kind === kindName);
  const { config, kind: choice, name, ...rest } = schema.properties!;
  const properties: Record<string, JsonSchema> = {
    name: name!,
    kind: { ...choice, description: kind?.description ?? 'What it does', enum: kinds.map((one) => one.kind) },
    ...(kind ? { config: { ...kind.schema, title: kind.title, description: config!['description'] } } : {}),
    ...rest,
  };
  if (kind) {
    properties['every'] = { ...rest['every'], default: durationText(kind.defaults.everyMs) };
    properties['timeout'] = { ...rest['timeout'], default: durationText(kind.defaults.timeoutMs) };
  }
  const required = [...(schema['required'] as string[]), 'config'];
  if (kind?.mode === 'push') for (const one of pullOnly) delete properties[one];
  return { ...schema, properties, required };
}

/** A probe after its kind was changed: what is configured of another kind means nothing to this one. */
export function withKind(value: Fields, kinds: readonly ProbeKindInfo[], kindName: unknown): Fields {
  const changed = withField(withField(value, 'kind', kindName), 'config', {});
  const isPush = kinds.find(({ kind }) => kind === kindName)?.mode === 'push';
  return isPush ? pullOnly.reduce((fields, name) => withField(fields, name, undefined), changed) : changed;
}
