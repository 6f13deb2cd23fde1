/** Acting from a link in a message, without signing in: what the link asks for, and doing it. */
import { z } from 'zod';
import { durationMs } from '../../probes/support/duration.ts';
import { alertUrgencies } from '../domain/alert-rules.ts';
import { alertStates } from './alerts.ts';

const at = z.iso.datetime();
const token = z.string().min(1).max(1_000).describe('What stands behind the # of the link');

export const messageActs = ['acknowledge', 'silence', 'escalate'] as const;
export type MessageAct = (typeof messageActs)[number];

export const messageLinkSchema = z.strictObject({ token });
export type MessageLink = z.infer<typeof messageLinkSchema>;

/** What a link asks for, and about what. */
export const askedActSchema = z.object({
  act: z.enum(messageActs),
  expiresAt: at,
  /** Who acts with it: an account, or whoever reads a channel and says who they are. */
  bearer: z.object({ kind: z.enum(['account', 'channel']), name: z.string() }),
  alert: z.object({
    id: z.int(),
    title: z.string(),
    state: z.enum(alertStates),
    urgency: z.enum(alertUrgencies),
    reason: z.string().nullable(),
    sinceAt: at,
    resolvedAt: at.nullable(),
    acknowledgedAt: at.nullable(),
    acknowledgedBy: z.string().nullable(),
  }),
});
export type AskedAct = z.infer<typeof askedActSchema>;

export const messageActInputSchema = z.strictObject({
  token,
  name: z
    .string()
    .trim()
    .max(120)
    .default('')
    .describe('Who acts; needed where the link was sent to a channel that many read'),
  note: z.string().trim().max(500).default('').describe('What there is to say of it'),
  for: durationMs({ min: 60_000, max: 366 * 86_400_000 })
    .prefault('1h')
    .describe('How long a silence holds'),
});
export type MessageActInput = z.infer<typeof messageActInputSchema>;
