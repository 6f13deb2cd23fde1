/** The form of an agreement: its schema in the order in which people write one. Pure. */
import type { JsonSchema } from '../../server/contract/schema-fields.ts';

/** What comes first; what is not named here follows. */
const order = [
  'title',
  'kind',
  'provider',
  'customer',
  'services',
  'objectives',
  'effective',
  'renewal',
  'period',
  'timeZone',
  'calendar',
  'supportCalendar',
  'counting',
  'framework',
  'texts',
  'parties',
] as const;

/** Whether an agreement is in force is said by a config file or by signatures, not in the form. */
export function agreementFormSchema(schema: JsonSchema): JsonSchema {
  const { status: _, ...fields } = schema.properties ?? {};
  const first = order.flatMap((name): [string, JsonSchema][] => (fields[name] ? [[name, fields[name]]] : []));
  return { ...schema, properties: { ...Object.fromEntries(first), ...fields } };
}
