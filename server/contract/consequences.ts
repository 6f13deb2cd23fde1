/** The ledger of consequences on the wire: what is owed for missed promises, who says what about it, and what became of it. */
import { z } from 'zod';
import { ledgerStates, type LedgerState } from '../domain/ledger.ts';
import { sides } from './agreement-life.ts';
import { dateSchema } from './calendars.ts';
import { keySchema, pageQuerySchema } from './catalog.ts';
import { correctionDeciders } from './corrections.ts';
import { reportPeriodSchema } from './reports.ts';

export const consequenceKinds = ['credit', 'action'] as const;
export type ConsequenceKind = (typeof consequenceKinds)[number];

export { ledgerStates as consequenceStates, type LedgerState as ConsequenceState } from '../domain/ledger.ts';

export const consequenceActs = [
  'accepted',
  'contested',
  'waived',
  'upheld',
  'dismissed',
  'booked',
  'planned',
  'done',
  'superseded',
] as const;
export type ConsequenceActName = (typeof consequenceActs)[number];

const at = z.iso.datetime();
const lines = { 'x-form': 'lines' };
const party = z.enum(correctionDeciders);
const team = z.object({ key: keySchema, name: z.string() });

const reason = z.string().trim().max(2_000);
const needed = reason.min(1, 'must say why').meta(lines);
const owner = z.string().trim().max(120);
const dueOn = dateSchema.describe('The day by which it is to be done');

export const acceptConsequenceSchema = z.strictObject({
  reason: reason.default('').describe('What is to be said about it').meta(lines),
  owner: owner.nullish().describe('Of an action: the person who does it'),
  dueOn: dueOn.nullish().describe('Of an action: the day by which it is done; left out: as proposed'),
});
export type AcceptConsequence = z.infer<typeof acceptConsequenceSchema>;
export const consequenceReasonSchema = z.strictObject({ reason: needed.describe('Why, for the other party') });
export type ConsequenceReason = z.infer<typeof consequenceReasonSchema>;
export const decideConsequenceSchema = z.strictObject({
  outcome: z.enum(['upheld', 'dismissed']).describe('Whether it is owed'),
  reason: needed.describe('Why, for both parties'),
});
export type DecideConsequence = z.infer<typeof decideConsequenceSchema>;
export const bookConsequenceSchema = z.strictObject({
  journal: z
    .string()
    .trim()
    .min(1, 'must name the entry in the books')
    .max(80)
    .describe('Reference of the journal entry in the books'),
});
export type BookConsequence = z.infer<typeof bookConsequenceSchema>;
export const planConsequenceSchema = z.strictObject({
  owner: owner.default('').describe('The person who does it'),
  dueOn,
  reason: reason.default('').describe('Why it is planned otherwise').meta(lines),
});
export type PlanConsequence = z.infer<typeof planConsequenceSchema>;
export const finishConsequenceSchema = z.strictObject({
  note: reason.min(1, 'must say what was done').describe('What was done').meta(lines),
});
export type FinishConsequence = z.infer<typeof finishConsequenceSchema>;

/** Something that was done with an entry of the ledger; never changed. */
const actSchema = z.object({
  act: z.enum(consequenceActs),
  /** For whom; null for what Troth did by itself. */
  party: party.nullable(),
  by: z.string(),
  at,
  reason: z.string(),
  journal: z.string().nullable(),
});
export type ConsequenceAct = z.infer<typeof actSchema>;

export const consequenceSchema = z.object({
  id: z.int(),
  agreement: z.object({ key: keySchema, title: z.string() }),
  provider: team,
  customer: team,
  arbiter: team.nullable(),
  period: z.string(),
  timeZone: z.string(),
  /** The revision of the report that it follows from; null for what a review agreed on. */
  revision: z.int().nullable(),
  kind: z.enum(consequenceKinds),
  /** The promise that was missed; null for what a review agreed on. */
  objective: z.object({ key: keySchema, title: z.string() }).nullable(),
  version: z.int().nullable(),
  state: z.enum(ledgerStates),
  isOpen: z.boolean(),
  /** What is owed: an amount, or what is to be done. */
  what: z.string(),
  why: z.string(),
  credit: z
    .object({
      amount: z.string(),
      currency: z.string(),
      /** The tier: of the charge of a period, and below which share it is earned. */
      percent: z.string(),
      below: z.string(),
      /** What was booked for the same before a revision; nothing is `0.00`. */
      bookedBefore: z.string(),
      /** What is to be transferred now; with a minus it goes back. */
      transfer: z.string(),
      costCentres: z.object({ from: z.string(), to: z.string() }).nullable(),
      journal: z.string().nullable(),
    })
    .nullable(),
  action: z
    .object({
      party: z.enum(sides),
      owner: z.string(),
      dueOn: dateSchema,
      isOverdue: z.boolean(),
      /** What was done; null until it is. */
      note: z.string().nullable(),
    })
    .nullable(),
  proposedAt: at,
  /** From here on the arbiter may decide what nobody answered. */
  answerDueAt: at,
  /** A correction that nobody has answered yet touches what it rests on. */
  isDisputed: z.boolean(),
  supersedes: z.int().nullable(),
  supersededBy: z.int().nullable(),
  /** In their order. */
  acts: z.array(actSchema),
  /** What the one who asks may do with it now. */
  may: z.object({
    accept: z.boolean(),
    contest: z.boolean(),
    waive: z.boolean(),
    decide: z.boolean(),
    book: z.boolean(),
    plan: z.boolean(),
    finish: z.boolean(),
  }),
});
export type Consequence = z.infer<typeof consequenceSchema>;
export type ConsequenceChoices = Consequence['may'];

const filters = {
  state: z
    .enum([...ledgerStates, 'open'])
    .optional()
    .describe('Only those; open: everything that waits for somebody'),
  agreement: keySchema.optional(),
  kind: z.enum(consequenceKinds).optional(),
  period: reportPeriodSchema.optional(),
};
export const consequenceListQuerySchema = pageQuerySchema.extend(filters);
export type ConsequenceListQuery = z.infer<typeof consequenceListQuerySchema>;
/** Of one agreement. */
export const ledgerQuerySchema = consequenceListQuerySchema.omit({ agreement: true });
export type LedgerQuery = z.infer<typeof ledgerQuerySchema>;
export const consequenceExportQuerySchema = z.strictObject(filters);
export type ConsequenceFilter = z.infer<typeof consequenceExportQuerySchema>;

/** What is open between two teams. */
export const consequenceTotalsSchema = z.array(
  z.object({
    provider: team,
    customer: team,
    /** In each currency: what is accepted and not booked yet, and what is proposed or contested. */
    credits: z.array(z.object({ currency: z.string(), owed: z.string(), proposed: z.string() })),
    /** Actions that are proposed, contested or accepted, and of those that are accepted the overdue ones. */
    actions: z.int(),
    overdue: z.int(),
  }),
);
export type ConsequenceTotals = z.infer<typeof consequenceTotalsSchema>;
export const consequenceTotalsQuerySchema = z.strictObject({ agreement: keySchema.optional() });
export type ConsequenceTotalsQuery = z.infer<typeof consequenceTotalsQuerySchema>;

export const consequenceIdSchema = z.coerce.number().int().min(1).max(2_147_483_647);

export const consequenceStateWords: Readonly<Record<LedgerState, string>> = {
  waiting: 'Waits',
  proposed: 'Proposed',
  contested: 'Contested',
  accepted: 'Accepted',
  booked: 'Booked',
  done: 'Done',
  waived: 'Waived',
  dismissed: 'Dismissed',
  superseded: 'Superseded',
};
