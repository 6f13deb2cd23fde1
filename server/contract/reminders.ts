/** Reminders on the wire: who is reminded of what they owe, after how long, and what became of the mails. */
import { z } from 'zod';
import { keySchema, pageQuerySchema } from './catalog.ts';
import { correctionDeciders } from './corrections.ts';
import { owedKinds } from './reviews.ts';

const at = z.iso.datetime();

/** What somebody can be reminded of. */
export const reminderKinds = owedKinds;
export type ReminderKind = (typeof owedKinds)[number];

interface ReminderTerms {
  /** What is owed. */
  readonly title: string;
  /** What the days are counted from. */
  readonly counted: string;
  /** Whether they lie before that instant, so that there is time left. */
  readonly isBefore: boolean;
  /** As it is unless somebody sets it otherwise. */
  readonly days: readonly number[];
}

export const reminderTerms: Readonly<Record<ReminderKind, ReminderTerms>> = {
  signature: { title: 'Signatures', counted: 'after a version was proposed', isBefore: false, days: [3, 7, 14] },
  correction: { title: 'Answers to corrections', counted: 'after it was proposed', isBefore: false, days: [3, 7, 14] },
  consequence: { title: 'Answers to consequences', counted: 'after it was proposed', isBefore: false, days: [5, 12] },
  booking: { title: 'Credits to be booked', counted: 'after it was accepted', isBefore: false, days: [14, 28] },
  action: { title: 'Actions to be done', counted: 'after the day by which it was due', isBefore: false, days: [1, 7] },
  review: { title: 'Reviews to be signed off', counted: 'after the report was frozen', isBefore: false, days: [7, 21] },
  renewal: {
    title: 'Agreements about to end',
    counted: 'before the last day to act',
    isBefore: true,
    days: [90, 60, 30, 7],
  },
};

export const reminderRuleSchema = z.strictObject({
  isOn: z.boolean().describe('Whether anybody is reminded'),
  days: z
    .array(z.int().min(1).max(180))
    .min(1, 'must hold a day at least')
    .max(8)
    .refine((days) => new Set(days).size === days.length, 'must not name a day twice')
    .describe('On which days, counted as stated'),
});
export type ReminderRule = z.infer<typeof reminderRuleSchema>;

const everyKind = <Value extends z.ZodType>(value: Value) =>
  Object.fromEntries(reminderKinds.map((kind) => [kind, value])) as Record<ReminderKind, Value>;

export const reminderRulesSchema = z.strictObject(everyKind(reminderRuleSchema));
export type ReminderRules = z.infer<typeof reminderRulesSchema>;

export const reminderSettingsSchema = z.object({
  /** Whether there is a mail server; without one what waits is shown, and nobody gets a mail. */
  isMailOn: z.boolean(),
  rules: reminderRulesSchema,
  mayChange: z.boolean(),
});
export type ReminderSettings = z.infer<typeof reminderSettingsSchema>;

export const reminderSchema = z.object({
  id: z.int(),
  agreement: z.object({ key: keySchema, title: z.string() }),
  kind: z.enum(reminderKinds),
  party: z.enum(correctionDeciders),
  /** What was owed, in a sentence. */
  what: z.string(),
  /** The day that it was: so many after it was owed, or before it was too late. */
  days: z.int(),
  at,
  mails: z.array(
    z.object({
      address: z.string(),
      /** `dropped`: it had been done before the mail was sent. */
      state: z.enum(['queued', 'sent', 'failed', 'dropped']),
      error: z.string().nullable(),
      at,
    }),
  ),
});
export type Reminder = z.infer<typeof reminderSchema>;

export const reminderListQuerySchema = pageQuerySchema;
export type ReminderListQuery = z.infer<typeof reminderListQuerySchema>;
