/** Channels, what is told through them, and what became of it. */
import { z } from 'zod';
import { alertUrgencies, type AlertUrgency } from '../domain/alert-rules.ts';
import { keySchema, pageQuerySchema } from './catalog.ts';

const at = z.iso.datetime();
/** What comes from people and probes may be long and hostile: each kind of channel cuts and escapes it. */
const text = z.string().max(50_000);
const link = z.url({ protocol: /^https?$/ }).max(2_000);

export const alertMoments = ['firing', 'reminder', 'acknowledged', 'resolved', 'test'] as const;
export type AlertMoment = (typeof alertMoments)[number];
export { alertUrgencies, type AlertUrgency };

const named = z.object({ key: z.string().max(200), name: text });

/** The fixed set of variables that a message is made of; every kind of channel writes it in its own format. */
export const alertMessageSchema = z.object({
  alert: z.object({
    /** Of the alert's row; 0 of a test. */
    id: z.int().nonnegative(),
    /** The same for all alerts about the same thing. */
    fingerprint: z.string().min(1).max(1_000),
  }),
  moment: z.enum(alertMoments),
  urgency: z.enum(alertUrgencies),
  /** What happens, in a sentence: `Payroll is down`. */
  title: text,
  service: named.nullable(),
  /** The promise that is in danger. */
  agreement: named.nullable(),
  objective: text.nullable(),
  sinceAt: at,
  /** Why, as the probe or the rule says it. */
  reason: text.nullable(),
  budget: z
    .object({
      /** `12 min left of 43 min`. */
      leftText: text,
      /** Six decimals, rounded up; above 1 where more than the budget is gone. */
      usedRatio: z.string().regex(/^\d{1,9}(\.\d{1,6})?$/),
    })
    .nullable(),
  /** What rests on the service: some names, and how many there are. */
  dependents: z.object({ names: z.array(text).max(100), count: z.int().nonnegative() }),
  /** Who has it. */
  holder: text.nullable(),
  /** Deadlines that run: `Response due`. */
  clocks: z.array(z.object({ what: text, dueAt: at })).max(10),
  links: z.object({
    open: link.nullable(),
    acknowledge: link.optional(),
    silence: link.optional(),
    escalate: link.optional(),
  }),
});
export type AlertMessage = z.infer<typeof alertMessageSchema>;

export const selfTests = ['off', 'weekly'] as const;

export const channelInputSchema = z.strictObject({
  name: z.string().trim().min(1, 'must not be empty').max(120).describe('Name that people read'),
  kind: z.string().max(60).describe('The kind of channel, as GET /api/v1/channel-kinds lists them'),
  config: z.record(z.string(), z.unknown()).describe("Where it leads, by the kind's own schema"),
  selfTest: z.enum(selfTests).default('off').describe('Whether a test is sent by itself: off, weekly'),
});
export type ChannelInput = z.infer<typeof channelInputSchema>;

export const deliveryStates = ['waiting', 'delivered', 'failed'] as const;

export const channelSchema = z.object({
  key: keySchema,
  name: z.string(),
  kind: z.string(),
  /** Secrets are shown as `********`. */
  config: z.record(z.string(), z.unknown()),
  selfTest: z.enum(selfTests),
  managedBy: z.enum(['file']).nullable(),
  /** Whether the caller may change it. */
  mayChange: z.boolean(),
  createdAt: at,
  updatedAt: at,
  /** How many messages wait for it, and what came of the last ones. */
  waiting: z.int(),
  lastDeliveredAt: at.nullable(),
  lastFailure: z.object({ at, said: z.string() }).nullable(),
});
export type Channel = z.infer<typeof channelSchema>;

export const channelKindSchema = z.object({
  kind: z.string(),
  title: z.string(),
  description: z.string(),
  /** JSON Schema (2020-12) of the config. */
  schema: z.record(z.string(), z.unknown()),
});
export type ChannelKindInfo = z.infer<typeof channelKindSchema>;

export const channelTestSchema = z.object({
  ok: z.boolean(),
  /** What the receiver said, or why it could not be asked. */
  said: z.string(),
  tookMs: z.number(),
});
export type ChannelTest = z.infer<typeof channelTestSchema>;

export const deliveriesQuerySchema = pageQuerySchema.extend({
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, 'is not a cursor of this list')
    .optional(),
  state: z.enum(deliveryStates).optional(),
});
export type DeliveriesQuery = z.infer<typeof deliveriesQuerySchema>;

export const deliverySchema = z.object({
  id: z.int(),
  alert: z.object({ id: z.int(), fingerprint: z.string() }),
  moment: z.enum(alertMoments),
  urgency: z.enum(alertUrgencies),
  title: z.string(),
  state: z.enum(deliveryStates),
  /** How often it was tried. */
  attempts: z.int(),
  /** What the receiver said last; null before it was asked. */
  said: z.string().nullable(),
  createdAt: at,
  /** The next attempt; null when there is none. */
  nextAt: at.nullable(),
  /** From then on a failure is the last. */
  giveUpAt: at,
  /** When it was delivered, or given up. */
  endedAt: at.nullable(),
});
export type Delivery = z.infer<typeof deliverySchema>;
