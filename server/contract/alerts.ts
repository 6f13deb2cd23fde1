/** Alerts on the wire: what fires, who is told by which route, what is silenced, and how urgent each rule is. */
import { z } from 'zod';
import { durationMs } from '../../probes/support/duration.ts';
import { type AlertRuleName, alertRuleNames, alertRules, alertUrgencies, urgencyNotes } from '../domain/alert-rules.ts';
import { keySchema, pageQuerySchema, references, setOf } from './catalog.ts';
import { deliverySchema } from './channels.ts';

const at = z.iso.datetime();
const instant = z.iso.datetime({ offset: true });
const named = z.object({ key: z.string(), name: z.string() });

export const alertStates = ['firing', 'acknowledged', 'resolved'] as const;
export type AlertState = (typeof alertStates)[number];

/**
 * Why an alert that fires is not told, so that it is told later, or never if it clears before. `hold`: it has to last;
 * `upstream`: what its service rests on may be the cause and has not answered yet; `group`: what is about the same follows
 * at once; `inhibited`: another alert says it.
 */
export const mutes = [
  'hold',
  'upstream',
  'group',
  'silence',
  'maintenance',
  'quiet-hours',
  'flapping',
  'inhibited',
  'no-channel',
] as const;
export type Mute = (typeof mutes)[number];

export const alertSchema = z.object({
  id: z.int(),
  /** The same for all alerts about the same thing; one of them lives at a time. */
  fingerprint: z.string(),
  rule: z.string(),
  urgency: z.enum(alertUrgencies),
  state: z.enum(alertStates),
  /** What happens, in a sentence. */
  title: z.string(),
  reason: z.string().nullable(),
  service: named.nullable(),
  agreement: named.nullable(),
  objective: z.string().nullable(),
  incident: z.int().nullable(),
  labels: z.object({
    service: z.string().nullable(),
    team: z.string().nullable(),
    agreements: z.array(z.string()),
    tags: z.array(z.string()),
    tier: z.int().nullable(),
  }),
  /** When what it is about began, and when it fired. */
  sinceAt: at,
  firedAt: at,
  acknowledgedAt: at.nullable(),
  acknowledgedBy: z.string().nullable(),
  resolvedAt: at.nullable(),
  /** How often it fired again while it lived. */
  repeats: z.int(),
  /** Who has it. */
  assignee: z.object({ user: z.string().nullable(), team: z.string().nullable() }),
  /** When it was first told; null where it was not. */
  toldAt: at.nullable(),
  /** The alert in whose message it was told. */
  toldIn: z.int().nullable(),
  /** Why it is not told now, and until when, where that is known. */
  muted: z.object({ by: z.enum(mutes), until: at.nullable() }).nullable(),
  /** Who is told when nobody answers, and when the next of them is. */
  escalation: z.object({ policy: z.string(), nextAt: at.nullable() }).nullable(),
});
export type Alert = z.infer<typeof alertSchema>;

export const alertDetailSchema = alertSchema.extend({
  deliveries: z.array(
    deliverySchema.omit({ alert: true }).extend({
      channel: z.string(),
      /** From the first failing slot to the receiver's answer; null while there is none. */
      tookSeconds: z.number().nullable(),
    }),
  ),
  /** The alerts that were told in its message. */
  alsoTold: z.array(z.int()),
});
export type AlertDetail = z.infer<typeof alertDetailSchema>;

export const alertQuerySchema = pageQuerySchema.extend({
  cursor: z
    .string()
    .regex(/^\d{1,9}$/, 'is not a cursor of this list')
    .optional(),
  state: z
    .enum([...alertStates, 'living'])
    .optional()
    .describe('`living`: those that are not resolved'),
  urgency: z.enum(alertUrgencies).optional(),
  rule: z.enum(alertRuleNames).optional(),
  service: keySchema.optional(),
  team: keySchema.optional(),
  agreement: keySchema.optional(),
  incident: z.coerce.number().int().min(1).max(2_147_483_647).optional(),
  mine: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .describe('Those alone that the caller or a team of theirs has, or that tell a schedule in which they are on call'),
});
export type AlertQuery = z.infer<typeof alertQuerySchema>;

export const alertIdSchema = z.coerce.number().int().min(1).max(2_147_483_647);

const note = z.string().trim().max(2_000).default('').describe('What there is to say of it');
export const alertNoteSchema = z.strictObject({ note });
export type AlertNote = z.infer<typeof alertNoteSchema>;

export const alertAssignmentSchema = z.strictObject({
  user: z.string().trim().min(1).max(60).nullish().describe('The account that has it; null: nobody'),
  team: keySchema.nullish().describe('The team that has it; null: none'),
  note,
});
export type AlertAssignment = z.infer<typeof alertAssignmentSchema>;

/** Values of a few, each with what it means for whoever chooses. */
const noted = <const Value extends string>(values: readonly Value[], notes: Readonly<Record<Value, string>>) =>
  z.enum(values).meta({ 'x-notes': notes });
const ruleTitles = Object.fromEntries(alertRuleNames.map((rule) => [rule, alertRules[rule].title]));
const tag = z.string().trim().min(1).max(60).meta({ 'x-form': 'tag' });

export const alertMatcherSchema = z.strictObject({
  service: setOf(keySchema.meta(references('services')), 500)
    .default([])
    .describe('What is about one of these services'),
  team: setOf(keySchema.meta(references('teams')), 100)
    .default([])
    .describe('What is about services or agreements of one of these teams'),
  agreement: setOf(keySchema.meta(references('agreements')), 500)
    .default([])
    .describe('What is about one of these agreements, or about a service in one'),
  tag: setOf(tag, 100).default([]).describe('What is about services with one of these tags'),
  tier: setOf(z.int().min(1).max(4), 4).default([]).describe('What is about services of one of these tiers, 1 to 4'),
  urgency: setOf(noted(alertUrgencies, urgencyNotes), 3).default([]).describe('How urgent it is'),
  rule: setOf(noted(alertRuleNames, ruleTitles as Record<AlertRuleName, string>), 50)
    .default([])
    .describe('Which rules fired'),
});
export type AlertMatcherInput = z.infer<typeof alertMatcherSchema>;

export const alertRouteInputSchema = z
  .strictObject({
    name: z.string().trim().min(1, 'must not be empty').max(120).describe('Name that people read'),
    team: keySchema.meta(references('teams')).nullish().describe('Whose route it is, and who may change it'),
    place: z.int().min(0).max(10_000).default(100).describe('Routes are asked in this order, the lowest first'),
    match: alertMatcherSchema
      .prefault({})
      .describe('Which alerts take it: all that is named must fit, by one of its values; nothing at all: every alert'),
    policy: keySchema
      .meta(references('escalation-policies'))
      .nullish()
      .describe('The escalation policy that is followed, by its key'),
    channels: setOf(keySchema.meta(references('channels')), 50)
      .default([])
      .describe('Channels that are told, by their keys'),
  })
  .refine(({ policy, channels }) => policy != null || channels.length > 0, {
    path: ['channels'],
    message: 'must name one at least, or policy must be given',
  });
export type AlertRouteInput = z.infer<typeof alertRouteInputSchema>;

export const alertRouteSchema = z.object({
  ...alertRouteInputSchema.shape,
  key: keySchema,
  managedBy: z.enum(['file']).nullable(),
  mayChange: z.boolean(),
  updatedAt: at,
});
export type AlertRoute = z.infer<typeof alertRouteSchema>;

const silenceLength = { min: 60_000, max: 366 * 86_400_000 };
export const silenceInputSchema = z
  .strictObject({
    match: alertMatcherSchema.describe('Which alerts are not told'),
    reason: z.string().trim().min(1, 'must not be empty').max(500).describe('Why nobody needs to be told'),
    from: instant.optional().describe('When it begins; left out: now'),
    to: instant.optional().describe('When it ends'),
    for: durationMs(silenceLength).optional().describe('How long it holds, instead of an end, such as 2h'),
  })
  .refine(({ match }) => Object.values(match).some((values) => values.length > 0), {
    path: ['match'],
    message: 'must name something: a silence over everything hides what nobody thought of',
  })
  .refine((silence) => (silence.to === undefined) !== (silence.for === undefined), {
    path: ['to'],
    message: 'either to or for must be given',
  });
export type SilenceInput = z.infer<typeof silenceInputSchema>;

/** A silence for one alert, as asked from its message. */
export const alertSilenceSchema = z.strictObject({
  for: durationMs(silenceLength).prefault('1h').describe('How long it is silent'),
  reason: z.string().trim().max(500).default('').describe('Why nobody needs to be told'),
});
export type AlertSilence = z.infer<typeof alertSilenceSchema>;

export const silenceSchema = z.object({
  id: z.int(),
  match: alertMatcherSchema,
  /** Where it is about one alert alone. */
  fingerprint: z.string().nullable(),
  reason: z.string(),
  author: z.string(),
  from: at,
  to: at,
  state: z.enum(['coming', 'holding', 'ended']),
  /** Alerts that fire and are not told because of it. */
  muted: z.int(),
  mayEnd: z.boolean(),
});
export type Silence = z.infer<typeof silenceSchema>;

export const silenceQuerySchema = pageQuerySchema.extend({
  cursor: z
    .string()
    .regex(/^\d{1,9}$/, 'is not a cursor of this list')
    .optional(),
  state: z.enum(['coming', 'holding', 'ended']).optional(),
});
export type SilenceQuery = z.infer<typeof silenceQuerySchema>;

export const ruleSettingInputSchema = z.strictObject({
  urgency: noted([...alertUrgencies, 'off'], { ...urgencyNotes, off: 'It does not fire' }).describe(
    'How urgent it is there; off: it does not fire',
  ),
  hold: durationMs({ min: 0, max: 86_400_000 })
    .prefault('0s')
    .describe('How long it must fire before it is told, such as 5m'),
});
export type RuleSettingInput = z.infer<typeof ruleSettingInputSchema>;

const ruleSetting = z.object({
  scope: z.enum(['service', 'agreement']),
  key: z.string(),
  urgency: ruleSettingInputSchema.shape.urgency,
  hold: z.string(),
});
export type RuleSetting = z.infer<typeof ruleSetting>;

export const ruleScopeSchema = z.enum(['service', 'agreement']);
export type RuleScope = z.infer<typeof ruleScopeSchema>;
export const ruleNameSchema = z.enum(alertRuleNames);

export const alertRuleSchema = z.object({
  rule: ruleNameSchema,
  title: z.string(),
  description: z.string(),
  /** Where nobody has said otherwise. */
  urgency: z.enum(alertUrgencies),
  scopes: z.array(ruleScopeSchema),
  settings: z.array(ruleSetting),
});
export type AlertRuleInfo = z.infer<typeof alertRuleSchema>;

export const contactInputSchema = z.strictObject({
  channels: setOf(keySchema.meta(references('channels')), 10).describe(
    'Channels that reach this person, by their keys',
  ),
});
export type ContactInput = z.infer<typeof contactInputSchema>;
export const contactSchema = z.object({ name: z.string(), displayName: z.string(), channels: z.array(keySchema) });
export type Contact = z.infer<typeof contactSchema>;
