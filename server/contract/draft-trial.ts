/** What is being written of an agreement, judged by what was measured: asked on the wire, stored nowhere. */
import { z } from 'zod';
import { agreementInputSchema } from './agreements.ts';
import { keySchema } from './catalog.ts';

const { shape } = agreementInputSchema;

/** So many whole periods it is tried on. */
export const trialPeriods = 12;

/** What figures follow from; the rest of an agreement may be there, written or not. */
export const draftTrialInputSchema = z.object({
  timeZone: shape.timeZone,
  period: shape.period,
  calendar: shape.calendar,
  supportCalendar: shape.supportCalendar,
  services: shape.services,
  counting: shape.counting,
  objectives: shape.objectives,
  severities: shape.severities,
  pausedBy: shape.pausedBy,
});
export type DraftTrialInput = z.infer<typeof draftTrialInputSchema>;

export const draftTrialQuerySchema = z.strictObject({
  agreement: keySchema
    .optional()
    .describe('The agreement that it is the draft of: what its parties approved as corrections counts'),
});
export type DraftTrialQuery = z.infer<typeof draftTrialQuerySchema>;

const at = z.iso.datetime();

export const triedPeriodSchema = z.object({
  /** A label such as 2026-10; of rolling days the first and the last, 2026-10-01/2026-10-30. */
  label: z.string(),
  from: at,
  to: at,
  verdict: z.enum(['met', 'missed', 'no-data']),
  /** Less of the time is known than the draft wants. */
  unproven: z.boolean(),
  /** What was reached, in words; null where nothing was measured. */
  now: z.string().nullable(),
  /** By how much it was missed, in words; null where it was not. */
  missedBy: z.string().nullable(),
});
export type TriedPeriod = z.infer<typeof triedPeriodSchema>;

export const triedObjectiveSchema = z.object({
  key: keySchema,
  title: z.string(),
  promise: z.string(),
  met: z.int(),
  /** Periods in which anything was measured that tells. */
  judged: z.int(),
  /** Of these, those of which too little is known. */
  unproven: z.int(),
  /** In order of time. */
  periods: z.array(triedPeriodSchema),
  /** Label of the worst of the judged; null of none. */
  worst: z.string().nullable(),
  /** The highest promise that would have been kept in every judged period, in words; null where there is none to tell. */
  holding: z.string().nullable(),
  /** The same as the percent to write, where the promise is a share. */
  holdingTarget: z.string().nullable(),
  /** What it comes to, in a sentence. */
  sentence: z.string(),
});
export type TriedObjective = z.infer<typeof triedObjectiveSchema>;

export const draftTrialSchema = z.object({
  /** Until when everything that was measured is known. */
  asOf: at,
  objectives: z.array(triedObjectiveSchema),
});
export type DraftTrial = z.infer<typeof draftTrialSchema>;
