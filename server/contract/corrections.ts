/** Corrections on the wire: what one party says of a stretch of time, and what the other answers. */
import { z } from 'zod';
import { correctionClasses } from '../domain/corrections.ts';
import { verdicts } from '../domain/verdict.ts';
import { keySchema, pageQuerySchema } from './catalog.ts';

export { correctionClasses, type CorrectionClass } from '../domain/corrections.ts';

/** Why time is left out. */
export const correctionGrounds = [
  'maintenance',
  'customer',
  'supplier',
  'force-majeure',
  'measurement',
  'agreed',
] as const;
export type CorrectionGround = (typeof correctionGrounds)[number];

export const correctionParties = ['provider', 'customer'] as const;
export type CorrectionParty = (typeof correctionParties)[number];
export const correctionDeciders = [...correctionParties, 'arbiter'] as const;
export type CorrectionDecider = (typeof correctionDeciders)[number];

export const correctionStates = ['proposed', 'approved', 'rejected', 'withdrawn'] as const;
export type CorrectionState = (typeof correctionStates)[number];

const at = z.iso.datetime();
const instant = z.iso.datetime({ offset: true });
const mostDays = 92;

export const correctionInputSchema = z
  .strictObject({
    service: keySchema.describe('The service that it is about'),
    objective: keySchema.nullish().describe('The only objective that it holds for; left out: all of the agreement'),
    from: instant.describe('Where it begins'),
    to: instant.describe('Where it ends'),
    as: z
      .enum(correctionClasses)
      .describe('What the time counts as; excluded: not at all; measured: as if it had not been corrected before'),
    ground: z.enum(correctionGrounds).nullish().describe('Why it is left out; of what is excluded alone'),
    reason: z.string().trim().max(2_000).default('').describe('What happened, for those who decide'),
    link: z
      .url({ protocol: /^https?$/, error: 'must be the address of a page, such as https://tickets.example.org/4711' })
      .max(500)
      .nullish()
      .describe('A page that tells more, such as a ticket'),
    party: z.enum(correctionParties).nullish().describe('For whom it is proposed, by those who may speak for both'),
  })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { path: ['to'], message: 'must be after from' })
  .refine(({ from, to }) => Date.parse(to) - Date.parse(from) <= mostDays * 86_400_000, {
    path: ['to'],
    message: `must be at most ${mostDays} days after from`,
  })
  .refine(({ as, ground }) => as !== 'excluded' || ground != null, {
    path: ['ground'],
    message: 'is needed for what is excluded',
  })
  .refine(({ as, ground }) => as === 'excluded' || ground == null, {
    path: ['ground'],
    message: 'is of what is excluded alone',
  });
export type CorrectionInput = z.infer<typeof correctionInputSchema>;

export const correctionQuerySchema = z.strictObject({
  dryRun: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe('Whether it is only told what would come of it'),
});
export type CorrectionQuery = z.infer<typeof correctionQuerySchema>;

const decisionReason = z.string().trim().max(2_000);
export const correctionApprovalSchema = z.strictObject({
  reason: decisionReason.default('').describe('What is to be said about it'),
});
export type CorrectionApproval = z.infer<typeof correctionApprovalSchema>;
export const correctionRejectionSchema = z.strictObject({
  reason: decisionReason.min(1, 'must say why, for those who proposed it').describe('Why it is rejected'),
});
export type CorrectionRejection = z.infer<typeof correctionRejectionSchema>;

/** How an objective stands in a period. */
const standing = z.object({
  verdict: z.enum(verdicts),
  unproven: z.boolean(),
  /** What is attained, in words; null where nothing was measured. */
  now: z.string().nullable(),
  sentence: z.string(),
});

/** What comes of a correction for one objective in one period, as the engine counted it when it was proposed. */
export const correctionEffectSchema = z.object({
  period: z.string(),
  objective: keySchema,
  title: z.string(),
  promise: z.string(),
  before: standing,
  after: standing,
});
export type CorrectionEffect = z.infer<typeof correctionEffectSchema>;

/** What would come of a correction that is being written. */
export const correctionOutlookSchema = z.object({
  effects: z.array(correctionEffectSchema),
  /** For whom the one who asks may propose it. */
  parties: z.array(z.enum(correctionParties)),
  /** Until when the other party has it to itself. */
  answerDueAt: at,
});
export type CorrectionOutlook = z.infer<typeof correctionOutlookSchema>;

export const correctionSchema = z.object({
  id: z.int(),
  agreement: keySchema,
  service: z.object({ key: keySchema, name: z.string() }),
  objective: keySchema.nullable(),
  from: at,
  to: at,
  as: z.enum(correctionClasses),
  ground: z.enum(correctionGrounds).nullable(),
  reason: z.string(),
  link: z.string().nullable(),
  state: z.enum(correctionStates),
  party: z.enum(correctionParties),
  proposedBy: z.string(),
  proposedAt: at,
  /** The team that is to answer; of what is answered, that was. */
  answerBy: keySchema,
  /** From here on the arbiter may decide as well, where the agreement names one. */
  answerDueAt: at,
  arbiter: keySchema.nullable(),
  decision: z.object({ by: z.string(), party: z.enum(correctionDeciders), at, reason: z.string() }).nullable(),
  effects: z.array(correctionEffectSchema),
  /** What the one who asks may do with it. */
  mayDecide: z.boolean(),
  mayWithdraw: z.boolean(),
});
export type AgreementCorrection = z.infer<typeof correctionSchema>;

export const correctionListQuerySchema = pageQuerySchema.extend({
  state: z.enum(correctionStates).optional().describe('Only those; left out: open ones first, then the newest'),
});
export type CorrectionListQuery = z.infer<typeof correctionListQuerySchema>;

export const correctionIdSchema = z.coerce.number().int().min(1).max(2_147_483_647);

/** What is told of a correction beside the time that it is about. */
export const correctionNoteSchema = z.object({
  id: z.int(),
  state: z.enum(['proposed', 'approved']),
  as: z.enum(correctionClasses),
  ground: z.enum(correctionGrounds).nullable(),
  service: keySchema,
  reason: z.string(),
  /** Who proposed it, or approved it. */
  by: z.string(),
});
export type CorrectionNote = z.infer<typeof correctionNoteSchema>;
