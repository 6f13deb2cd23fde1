/** What would happen if something fired: which route it takes, what holds it back, and who is told when. */
import { z } from 'zod';
import { alertRuleNames, alertUrgencies } from '../domain/alert-rules.ts';
import { matcherFields } from '../domain/alert-matching.ts';
import { mutes, ruleScopeSchema } from './alerts.ts';
import { keySchema } from './catalog.ts';
import { escalationMomentSchema } from './escalation.ts';

const at = z.iso.datetime();
const named = z.object({ key: z.string(), name: z.string() });

export const alertPreviewQuerySchema = z.object({
  service: keySchema.optional().describe('The service that it is about; needed by rules about services'),
  agreement: keySchema.optional().describe('The agreement that it is about; needed by rules about agreements'),
  at: z.iso.datetime({ offset: true }).optional().describe('When it fires, at most 400 days from now; left out: now'),
});
export type AlertPreviewQuery = z.infer<typeof alertPreviewQuerySchema>;

const word = z.union([z.string(), z.number()]);

/** When somebody is told, whom the policy leads to then, and the channels that carry it. */
export const alertTellingSchema = escalationMomentSchema.extend({
  channels: z.array(named.extend({ person: z.string().nullable() })),
  /** Nothing leads to a channel: every one is told. */
  isEveryChannel: z.boolean(),
});
export type AlertTelling = z.infer<typeof alertTellingSchema>;

export const alertPreviewSchema = z.object({
  at,
  rule: z.enum(alertRuleNames),
  urgency: z.enum([...alertUrgencies, 'off']),
  /** Where people have said so; null: as the rule says. */
  setFor: z.object({ scope: ruleScopeSchema, key: z.string() }).nullable(),
  labels: z.object({
    service: z.string().nullable(),
    team: z.string().nullable(),
    agreements: z.array(z.string()),
    tags: z.array(z.string()),
    tier: z.int().nullable(),
  }),
  /** Routes in their order, up to the one that is taken; what does not fit of each that is not. */
  routes: z.array(
    named.extend({
      place: z.int(),
      isTaken: z.boolean(),
      misses: z.array(z.object({ field: z.enum(matcherFields), asked: z.array(word), has: z.array(word) })),
    }),
  ),
  /** Whom it is told by: the route, else the policy of the team, else every channel. Null where it does not fire. */
  way: z
    .object({
      by: z.enum(['route', 'team', 'every-channel']),
      policy: named.nullable(),
      channels: z.array(named),
    })
    .nullable(),
  /** What holds it back, one after the other; an end of null: until that changes. */
  waits: z.array(z.object({ by: z.enum(mutes), from: at, until: at.nullable(), note: z.string().nullable() })),
  /** The outage of another service that says it, and the incident that tells it; null where it is told by itself. */
  saidBy: z.object({ service: named, incident: z.int().nullable() }).nullable(),
  /** In order; none where nobody is told. */
  moments: z.array(alertTellingSchema),
});
export type AlertPreview = z.infer<typeof alertPreviewSchema>;
