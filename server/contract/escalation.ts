/** Escalation policies on the wire and in the config file: who is told at once, and who when nobody answers. */
import { z } from 'zod';
import { durationMs } from '../../probes/support/duration.ts';
import { userNameSchema } from './access.ts';
import { keySchema, references } from './catalog.ts';
import { gapReasons } from './on-call.ts';

const at = z.iso.datetime();

export const escalationTargetSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('schedule'),
    key: keySchema
      .meta({ ...references('on-call-schedules'), title: 'Schedule' })
      .describe('The on-call schedule whose person is told'),
  }),
  z.strictObject({
    kind: z.literal('user'),
    key: userNameSchema.meta({ ...references('people'), title: 'Account' }).describe('The account that is told'),
  }),
  z.strictObject({
    kind: z.literal('team'),
    key: keySchema.meta({ ...references('teams'), title: 'Team' }).describe('The team all of whose members are told'),
  }),
  z.strictObject({
    kind: z.literal('channel'),
    key: keySchema
      .meta({ ...references('channels'), title: 'Channel' })
      .describe('The channel that is told, by its key'),
  }),
]);
export type EscalationTarget = z.infer<typeof escalationTargetSchema>;

export const escalationStepSchema = z.strictObject({
  after: durationMs({ max: 7 * 86_400_000 })
    .prefault('0s')
    .describe('How long after the alert, such as 15m; 0s, as the first step is: at once'),
  targets: z
    .array(escalationTargetSchema)
    .min(1, 'must tell somebody at least')
    .max(20)
    .superRefine((targets, { addIssue }) => {
      const names = targets.map(({ kind, key }) => `${kind} ${key}`);
      for (const [index, name] of names.entries()) {
        if (names.indexOf(name) !== index) addIssue({ code: 'custom', path: [index, 'key'], message: 'is told twice' });
      }
    })
    .describe('Who is told, all of them at the same time'),
});

export const escalationPolicyInputSchema = z.strictObject({
  name: z.string().trim().min(1, 'must not be empty').max(120).describe('Name that people read'),
  team: keySchema.meta(references('teams')).nullish().describe('Whose policy it is, and who may change it'),
  steps: z
    .array(escalationStepSchema)
    .min(1, 'must have a step at least')
    .max(20)
    .superRefine((steps, { addIssue }) => {
      // Who waits before anybody is told says so in the rule: an alert without anybody to tell goes to every channel.
      if (steps[0] && steps[0].after > 0)
        addIssue({
          ...{ code: 'custom', path: [0, 'after'] },
          message: 'must be 0s: the first step is told at once; hold the rule to wait before anybody is told',
        });
      for (let index = 1; index < steps.length; index += 1) {
        if (steps[index]!.after <= steps[index - 1]!.after)
          addIssue({ code: 'custom', path: [index, 'after'], message: 'must be later than the step before it' });
      }
    })
    .describe('Told one after the other until somebody acknowledges'),
  repeat: z.int().min(0).max(20).default(0).describe('How often all steps begin anew when nobody acknowledged'),
  repeatAfter: durationMs({ min: 60_000, max: 86_400_000 })
    .prefault('30m')
    .describe('How long after the last step they begin anew'),
  handOver: z
    .boolean()
    .default(true)
    .describe('Whether the next on call is told when a shift ends while the alert is open'),
});
export type EscalationPolicyInput = z.infer<typeof escalationPolicyInputSchema>;

const told = z.object({ name: z.string(), displayName: z.string() });

/** Who of a target would be told at an instant, or why nobody is. */
export const toldTargetSchema = z.object({
  kind: z.enum(['schedule', 'user', 'team', 'channel']),
  key: z.string(),
  /** As people read it. */
  name: z.string(),
  /** None of a channel. */
  people: z.array(told),
  /** Why a person is not reached that would be, one by one; an empty name where nobody has the turn. */
  gaps: z.array(z.object({ name: z.string(), reason: z.enum(gapReasons) })),
});
export type ToldTarget = z.infer<typeof toldTargetSchema>;

export const escalationMomentSchema = z.object({
  at,
  afterSeconds: z.int(),
  /** `step`: by the policy; `hand-over`: a shift ended since the one before. */
  kind: z.enum(['step', 'hand-over']),
  /** Both count from 1; null of a hand-over. */
  round: z.int().nullable(),
  step: z.int().nullable(),
  targets: z.array(toldTargetSchema),
});
export type EscalationMoment = z.infer<typeof escalationMomentSchema>;

export const escalationPreviewQuerySchema = z.object({
  at: z.iso.datetime({ offset: true }).optional().describe('When the alert fires; left out: now'),
});
export type EscalationPreviewQuery = z.infer<typeof escalationPreviewQuerySchema>;
/** Who would be told when of an alert that nobody acknowledges, in order. */
export const escalationPreviewSchema = z.object({ at, moments: z.array(escalationMomentSchema) });
export type EscalationPreview = z.infer<typeof escalationPreviewSchema>;

export const escalationPolicySchema = escalationPolicyInputSchema.extend({
  key: keySchema,
  steps: z.array(z.object({ after: z.string(), targets: z.array(escalationTargetSchema) })),
  repeatAfter: z.string(),
  managedBy: z.enum(['file']).nullable(),
  mayChange: z.boolean(),
  /** Targets that tell nobody right now, in words. */
  gaps: z.array(z.string()),
  updatedAt: at,
});
export type EscalationPolicy = z.infer<typeof escalationPolicySchema>;
