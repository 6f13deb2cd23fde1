/** Reviews on the wire: what the parties say of a closed period together, and what they want otherwise. */
import { z } from 'zod';
import { clauseSchema, sides } from './agreement-life.ts';
import { dateSchema } from './calendars.ts';
import { keySchema } from './catalog.ts';
import { correctionDeciders } from './corrections.ts';
import { reportGistSchema, reportVerdicts } from './reports.ts';

const at = z.iso.datetime();
const lines = { 'x-form': 'lines' };
const side = z.enum(sides);
const speaker = z.enum(correctionDeciders);
const team = z.object({ key: keySchema, name: z.string() });

export const reviewCommentInputSchema = z.strictObject({
  text: z.string().trim().min(1, 'must not be empty').max(4_000).describe('What is to be said').meta(lines),
  clause: clauseSchema
    .nullish()
    .describe('The place in the agreement that the next version should say otherwise; left out: it is only said'),
  party: speaker.nullish().describe('For whom, by those who may speak for more than one'),
});
export type ReviewCommentInput = z.infer<typeof reviewCommentInputSchema>;

export const reviewActionInputSchema = z.strictObject({
  what: z.string().trim().min(1, 'must say what is to be done').max(300).describe('What is to be done').meta(lines),
  doer: side.describe('The party that does it: your own, or as the customer the provider, who then accepts it'),
  owner: z.string().trim().max(120).default('').describe('The person who does it'),
  dueOn: dateSchema.describe('The day by which it is done'),
});
export type ReviewActionInput = z.infer<typeof reviewActionInputSchema>;

export const signReviewSchema = z.strictObject({
  revision: z.int().min(1).describe('The revision of the report that was read'),
  party: side.nullish().describe('For whom, by those who may speak for both'),
});
export type SignReview = z.infer<typeof signReviewSchema>;

const commentSchema = z.object({
  id: z.int(),
  period: z.string(),
  party: speaker,
  by: z.string(),
  at,
  text: z.string(),
  clause: z.string().nullable(),
});
export type ReviewComment = z.infer<typeof commentSchema>;

const signatureSchema = z.object({ party: side, revision: z.int(), by: z.string(), at });
export type ReviewSignature = z.infer<typeof signatureSchema>;

export const reviewTrendSchema = z.object({
  key: keySchema,
  title: z.string(),
  /** Of those that promise a share: the target of the last period, in percent. */
  target: z.string().nullable(),
  points: z.array(
    z.object({
      period: z.string(),
      /** Null where it was not promised then. */
      verdict: z.enum(reportVerdicts).nullable(),
      /** As the frozen report said it. */
      attained: z.string().nullable(),
      /** The same in percent, where it is a share. */
      percent: z.number().nullable(),
      /** What was promised then: terms change from period to period. */
      target: z.string().nullable(),
    }),
  ),
});
export type ReviewTrend = z.infer<typeof reviewTrendSchema>;

export const reviewSchema = z.object({
  agreement: z.object({ key: keySchema, title: z.string() }),
  provider: team,
  customer: team,
  arbiter: team.nullable(),
  period: z.string(),
  timeZone: z.string(),
  report: z.object({ revision: z.int(), frozenAt: at, hash: z.string(), gist: reportGistSchema }),
  /** Of each promise, over up to 12 periods of which this one is the last. */
  trend: z.array(reviewTrendSchema),
  /** In their order. */
  comments: z.array(commentSchema),
  /** Of the newest revision of the report. */
  signatures: z.array(signatureSchema),
  /** Of revisions before it. */
  earlierSignatures: z.array(signatureSchema),
  /** Whether the next version has been begun. */
  hasDraft: z.boolean(),
  /** What the one who asks may do; of what can be done for more than one: for whom. */
  may: z.object({
    comment: z.array(speaker),
    sign: z.array(side),
    addFor: z.array(side),
    beginNext: z.boolean(),
  }),
});
export type Review = z.infer<typeof reviewSchema>;

/** What reviews said of clauses since the terms that hold were written. */
export const reviewNotesSchema = z.array(commentSchema);

/** What somebody owes an agreement. */
export const owedKinds = ['consequence', 'booking', 'action', 'correction', 'signature', 'review', 'renewal'] as const;
/** A period settles by itself within a day: nobody is reminded of what closes it earlier. */
export const waitingKinds = [...owedKinds, 'closing'] as const;
export type WaitingKind = (typeof waitingKinds)[number];
/** Things of an agreement that wait for the one who asks. */
export const waitingSchema = z.array(
  z.object({
    kind: z.enum(waitingKinds),
    agreement: z.object({ key: keySchema, title: z.string() }),
    count: z.int(),
    /** The period, where all are of one. */
    period: z.string().nullable(),
    /** The earliest day by which something is to be done; null where there is none. */
    dueOn: dateSchema.nullable(),
  }),
);
export type Waiting = z.infer<typeof waitingSchema>[number];
