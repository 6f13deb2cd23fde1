/** What was promised to somebody's teams, in words: the first page of a customer. */
import { z } from 'zod';
import { verdicts } from '../domain/verdict.ts';
import { agreementEndingSchema, agreementStatuses } from './agreements.ts';
import { keySchema } from './catalog.ts';

const team = z.object({ key: keySchema, name: z.string() });

export const ownPromiseSchema = z.object({
  key: keySchema,
  title: z.string(),
  verdict: z.enum(verdicts),
  /** Too little of the time is known for the figure to count as proven. */
  unproven: z.boolean(),
  /** A correction that touches it waits for an answer. */
  disputed: z.boolean(),
  /** What was promised, how it stands in this period, and what may still be missed: one sentence. */
  sentence: z.string(),
  /** What follows if it is missed, in a sentence; null where nothing was agreed. */
  follows: z.string().nullable(),
});
export type OwnPromise = z.infer<typeof ownPromiseSchema>;

/** In order of title; those of which something is in danger first. */
export const ownPromisesSchema = z.array(
  z.object({
    agreement: z.object({ key: keySchema, title: z.string() }),
    provider: team,
    customer: team,
    /** What the figures rest on. */
    basis: z.enum(agreementStatuses),
    period: z.string(),
    ending: agreementEndingSchema.nullable(),
    promises: z.array(ownPromiseSchema),
  }),
);
export type OwnPromises = z.infer<typeof ownPromisesSchema>;
