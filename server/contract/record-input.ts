/** What was read of a thing, as the input that would make it so: for forms and for changes of a single field. */
import { durationText } from '../../probes/support/duration.ts';
import type { JsonSchema } from './schema-fields.ts';

export { durationText };

type Fields = Readonly<Record<string, unknown>>;

/** The fields that an input schema has, from an answer; a duration `everyMs: 30000` there is `every: 30s` here. */
export function inputOf(schema: JsonSchema, answer: Fields): Record<string, unknown> {
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, below]): [string, unknown][] => {
    const value = name in answer ? answer[name] : durationOf(answer[`${name}Ms`]);
    if (value === undefined || value === null) return [];
    return [[name, isFields(value) && below.properties ? inputOf(below, value) : value]];
  });
  return Object.fromEntries(fields);
}

const durationOf = (ms: unknown): string | undefined => (typeof ms === 'number' ? durationText(ms) : undefined);

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
