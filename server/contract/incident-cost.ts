/** What an incident has cost the promises that it touches. */
import { z } from 'zod';
import { agreementStatuses } from './agreements.ts';
import { keySchema } from './catalog.ts';
import { complianceSchema, objectiveResultSchema } from './compliance.ts';

/** An objective over time about services of the incident, in the period in which the incident ended, or goes on. */
export const promiseCostSchema = z.object({
  agreement: keySchema,
  agreementTitle: z.string(),
  /** Whether it is agreed, and by what. */
  basis: z.enum(agreementStatuses),
  objective: keySchema,
  title: z.string(),
  /** What is promised, in words. */
  promise: z.string(),
  period: complianceSchema.shape.period,
  verdict: objectiveResultSchema.shape.verdict,
  /** Bad time of the period from the beginning of the incident to its end: what it took of the budget. */
  costSeconds: z.number(),
  /** It goes on at this instant. */
  isGrowing: z.boolean(),
  budgetSeconds: z.number().nullable(),
  /** Of the period as a whole; negative once more than the budget is gone. */
  leftSeconds: z.number().nullable(),
});
export type PromiseCost = z.infer<typeof promiseCostSchema>;

export const incidentCostSchema = z.object({
  asOf: z.iso.datetime(),
  promises: z.array(promiseCostSchema),
  /** Further agreements about its services, of which nothing was worked out. */
  more: z.int(),
});
export type IncidentCost = z.infer<typeof incidentCostSchema>;
