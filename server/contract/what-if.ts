/** What would follow if something had been otherwise: asked on the wire, stored nowhere. */
import { z } from 'zod';
import { durationMs } from '../../probes/support/duration.ts';
import { combinations } from '../domain/objective-line.ts';
import { serviceStates } from '../domain/service-state.ts';
import { percentSchema } from './agreements.ts';
import { keySchema } from './catalog.ts';
import { explanationSchema, objectiveResultSchema } from './compliance.ts';

const at = z.iso.datetime();
const instant = z.iso.datetime({ offset: true });

export const supposedStates = ['up', 'degraded', 'down', 'unknown'] as const;

export const supposedIntervalSchema = z
  .strictObject({
    service: keySchema.describe('A service that the objective is about'),
    from: instant.describe('Where it begins'),
    to: instant.describe('Where it ends'),
    state: z.enum(supposedStates).describe('What the service is supposed to have been'),
  })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { path: ['to'], message: 'must be after from' });
export type SupposedInterval = z.infer<typeof supposedIntervalSchema>;

export const whatIfInputSchema = z.strictObject({
  intervals: z
    .array(supposedIntervalSchema)
    .max(1_000)
    .default([])
    .describe('Laid over what was, a later one over those before it'),
  target: percentSchema.optional().describe('Percent that must be good; left out: as it is promised'),
  combine: z.enum(combinations).optional().describe('How services make one line; left out: as it is promised'),
  minimumOutage: durationMs({ min: 0, max: 86_400_000 })
    .optional()
    .describe('Shorter outages are forgiven; left out: as it is promised'),
  calendar: keySchema.nullish().describe('Service hours; null: around the clock; left out: as it is promised'),
});
export type WhatIfInput = z.infer<typeof whatIfInputSchema>;

/** So many outages are told at most, the longest. */
export const mostOutages = 200;

/** A stretch of a service that counts as bad where it is agreed time. */
export const whatIfOutageSchema = z.object({
  service: keySchema,
  from: at,
  /** Of one that goes on, until when it is known. */
  to: at,
  state: z.enum(serviceStates),
});
export type WhatIfOutage = z.infer<typeof whatIfOutageSchema>;

/** The terms that can be supposed to be others. */
export const whatIfTermsSchema = z.object({
  target: z.string().nullable(),
  combine: z.enum(combinations).nullable(),
  minimumOutageMs: z.number().nullable(),
  /** Null: around the clock. */
  calendar: keySchema.nullable(),
});

export const whatIfSchema = z.object({
  /** As it is, as of the same instant. */
  before: objectiveResultSchema,
  after: explanationSchema,
  /** What is promised now; null what the objective has none of. */
  terms: whatIfTermsSchema,
  /** Whether intervals can be supposed: the objective counts the time of these services; empty where it does not. */
  services: z.array(keySchema),
  /** As they were, in order of time. */
  outages: z.array(whatIfOutageSchema),
  /** How many shorter ones are not told. */
  outagesLeftOut: z.int(),
});
export type WhatIf = z.infer<typeof whatIfSchema>;
