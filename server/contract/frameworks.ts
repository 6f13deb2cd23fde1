/** Framework terms on the wire and in the config file: clauses that many agreements share. */
import { z } from 'zod';
import { textsSchema } from './agreements.ts';
import { keySchema } from './catalog.ts';

const at = z.iso.datetime();

export const frameworkInputSchema = z
  .strictObject({
    title: z.string().trim().min(1, 'must not be empty').max(120).describe('Title that people read'),
    texts: textsSchema.describe('Clauses, Markdown: each holds where an agreement says nothing of its own'),
  })
  .refine(({ texts }) => Object.values(texts).some((text) => text.trim() !== ''), {
    path: ['texts'],
    message: 'must hold a clause at least',
  });
export type FrameworkInput = z.infer<typeof frameworkInputSchema>;

export const frameworkSummarySchema = z.object({
  key: keySchema,
  title: z.string(),
  /** Number of the newest version. */
  version: z.int(),
  managedBy: z.enum(['file']).nullable(),
  mayChange: z.boolean(),
  /** Keys and titles of the agreements that include it. */
  usedBy: z.array(z.object({ key: keySchema, title: z.string() })),
  updatedAt: at,
});
export type FrameworkSummary = z.infer<typeof frameworkSummarySchema>;

export const frameworkSchema = frameworkSummarySchema.extend({
  texts: textsSchema,
  /** The newest first; each stays as it was written. */
  versions: z.array(z.object({ number: z.int(), title: z.string(), texts: textsSchema, by: z.string(), at })),
});
export type Framework = z.infer<typeof frameworkSchema>;
