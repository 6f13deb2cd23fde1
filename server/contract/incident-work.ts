/** What is done with incidents beyond their course: who has them, what is said of them, what belongs together. */
import { z } from 'zod';
import { keySchema, references, setOf } from './catalog.ts';
import { incidentSchema } from './incidents.ts';

const lines = { 'x-form': 'lines' };
const at = z.iso.datetime();
const note = z.string().trim().max(2_000).default('').describe('What is to be said about it').meta(lines);
const user = z.string().trim().min(1).max(60).meta(references('people'));

/** What is left out stays; null takes away. */
export const assignmentSchema = z
  .strictObject({
    user: user.nullable().optional().describe('Name of the account that has it'),
    team: keySchema.nullable().optional().describe('Key of the team that has it').meta(references('teams')),
    note,
  })
  .refine(({ user: person, team }) => person !== undefined || team !== undefined, {
    path: ['user'],
    message: 'must be given, or team',
  });
export type Assignment = z.infer<typeof assignmentSchema>;

export const disputeSchema = z.strictObject({
  note: z.string().trim().min(1, 'must say why').max(2_000).describe('Why it should not wait').meta(lines),
});
export type Dispute = z.infer<typeof disputeSchema>;

export const mergeSchema = z.strictObject({
  into: z.int().min(1).describe('The incident that goes on in its place'),
  note,
});
export type Merge = z.infer<typeof mergeSchema>;

export const splitSchema = z.strictObject({
  services: setOf(keySchema.meta(references('services')), 50)
    .min(1, 'must name a service at least')
    .describe('Services that are about something else'),
  title: z.string().trim().min(1).max(200).optional().describe('What that is; left out: as here'),
  note,
});
export type Split = z.infer<typeof splitSchema>;

export const incidentNoteSchema = z.strictObject({
  text: z.string().trim().min(1, 'must not be empty').max(4_000).describe('What is to be said').meta(lines),
  toCustomer: z.boolean().default(false).describe('Whether it tells those who wait how it stands'),
});
export type IncidentNote = z.infer<typeof incidentNoteSchema>;

export const followUpInputSchema = z.strictObject({
  what: z.string().trim().min(1, 'must not be empty').max(500).describe('What is to be done'),
  user: user.nullish().describe('Name of the account that does it'),
  team: keySchema.nullish().describe('Key of the team that does it').meta(references('teams')),
  dueOn: z.iso.date().nullish().describe('By when'),
  done: z.boolean().default(false).describe('Whether it is done'),
});
export type FollowUpInput = z.infer<typeof followUpInputSchema>;
export const followUpIdSchema = z.coerce.number().int().min(1).max(2_147_483_647);

export const incidentTimelineSchema = z.object({
  entries: z.array(
    z.object({
      id: z.int(),
      /** When it was, by whoever told; `recordedAt`: when that was written down. */
      at,
      recordedAt: at,
      act: z.string(),
      by: z.object({ kind: z.string(), name: z.string() }),
      note: z.string(),
      toCustomer: z.boolean(),
      detail: z.record(z.string(), z.unknown()),
    }),
  ),
});
export type IncidentTimeline = z.infer<typeof incidentTimelineSchema>;

const rank = z.int().min(1).max(3);
export const problemReportSchema = z.strictObject({
  title: z.string().trim().min(1).max(200).optional().describe('What is wrong, in a few words'),
  description: z.string().trim().max(4_000).default('').describe('What you see').meta(lines),
  impact: rank.optional().describe('1: many cannot work, 2: some, 3: one'),
  urgency: rank.optional().describe('1: at once, 2: today, 3: when there is time'),
});
export type ProblemReport = z.infer<typeof problemReportSchema>;

export const reportedProblemSchema = z.object({
  /** Whether it was known already: then the report was added to that incident. */
  isKnown: z.boolean(),
  incident: incidentSchema,
});
export type ReportedProblem = z.infer<typeof reportedProblemSchema>;
