/** Finding anything by its name. */
import { z } from 'zod';

export const foundKinds = [
  'service',
  'probe',
  'team',
  'location',
  'board',
  'agreement',
  'objective',
  'maintenance',
  'calendar',
  'framework',
  'metric',
  'on-call-schedule',
  'escalation-policy',
] as const;

export const searchQuerySchema = z
  .object({
    text: z.string().trim().max(200).default('').describe('Found in key, name or tag'),
    kind: z.enum(foundKinds).optional().describe('Finds these alone; then the text may be empty'),
    limit: z.coerce.number().int().min(1).max(50).default(20),
  })
  .refine(({ text, kind }) => text !== '' || kind !== undefined, {
    path: ['text'],
    message: 'must not be empty where no kind is named',
  });
export type SearchQuery = z.infer<typeof searchQuerySchema>;

export const foundSchema = z.object({
  kind: z.enum(foundKinds),
  key: z.string(),
  name: z.string(),
  /** What tells it from others of a like name: the owner of a service, the kind of a probe. */
  hint: z.string(),
});
export type Found = z.infer<typeof foundSchema>;
/** Best first: an exact name or key, then what begins with the text, then what holds it. */
export const searchSchema = z.object({ items: z.array(foundSchema) });
export type SearchAnswer = z.infer<typeof searchSchema>;
