/** The demo organisation on the wire. */
import { z } from 'zod';
import { keySchema } from './catalog.ts';

/** Keys of everything that belongs to the demo begin so. */
export const demoPrefix = 'demo-';
/** The tag of its services, by which every screen knows that it shows them. */
export const demoTag = 'demo';

/** Whether a service on a board belongs to the demo. */
export const isDemoService = ({ key, tags }: { key: string; tags: readonly string[] }): boolean =>
  key.startsWith(demoPrefix) && tags.includes(demoTag);

export const demoLoadSchema = z.strictObject({
  location: keySchema.nullish().describe('Where its services are watched from; left out: nowhere'),
  probes: z
    .array(z.strictObject({ kind: z.string(), config: z.record(z.string(), z.unknown()) }))
    .max(20)
    .describe('What stands for its services, so that something true is seen of them now; none: nothing is'),
});
export type DemoLoad = z.infer<typeof demoLoadSchema>;

/** `failed`: it was begun and could not be finished; what there is of it can be removed. */
export const demoStates = ['absent', 'loading', 'loaded', 'failed'] as const;
export type DemoState = (typeof demoStates)[number];

export const demoSchema = z.object({
  state: z.enum(demoStates),
  /** What is done while it is loaded, in words; why it failed. */
  step: z.string(),
  /** Steps that are done, of all. */
  done: z.int(),
  steps: z.int(),
  loadedAt: z.iso.datetime().nullable(),
});
export type Demo = z.infer<typeof demoSchema>;
