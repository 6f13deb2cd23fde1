/** One change of many services at once. */
import { z } from 'zod';
import { keySchema, setOf, tagSchema } from './catalog.ts';

export const serviceChangeSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('pause') }),
  z.strictObject({ type: z.literal('resume') }),
  z.strictObject({ type: z.literal('add-tag'), tag: tagSchema }),
  z.strictObject({ type: z.literal('remove-tag'), tag: tagSchema }),
]);
export type ServiceChange = z.infer<typeof serviceChangeSchema>;

export const serviceBulkSchema = z.strictObject({
  keys: setOf(keySchema, 5_000).min(1, 'must name at least one service').describe('The services to change'),
  change: serviceChangeSchema.describe('What is done to each of them'),
});
export type ServiceBulk = z.infer<typeof serviceBulkSchema>;

/** The services that are different now; those that were so already are left out. */
export const serviceBulkResultSchema = z.object({ changed: z.array(keySchema) });
export type ServiceBulkResult = z.infer<typeof serviceBulkResultSchema>;
