/** The form of a channel: its kind's own fields in the place of its config. Pure. */
import type { ChannelKindInfo } from '../../server/contract/channels.ts';
import type { JsonSchema } from '../../server/contract/schema-fields.ts';
import { type Fields, withField } from './form-value.ts';

/** The schema of a channel of one kind: the kinds to choose from, and its config. */
export function channelSchemaFor(schema: JsonSchema, kinds: readonly ChannelKindInfo[], kindName: unknown): JsonSchema {
  const kind = kinds.find((one) => one.kind === kindName);
  const { name, kind: choice, config, ...rest } = schema.properties!;
  const properties: Record<string, JsonSchema> = {
    name: name!,
    kind: { ...choice, description: kind?.description ?? 'How people are told', enum: kinds.map((one) => one.kind) },
    ...(kind ? { config: { ...kind.schema, title: kind.title, description: config!['description'] } } : {}),
    ...rest,
  };
  return { ...schema, properties };
}

/** A channel after its kind was changed: what is configured of another kind means nothing to this one. */
export const withChannelKind = (before: Fields, after: Fields): Fields =>
  before['kind'] === after['kind'] ? after : withField(after, 'config', {});
