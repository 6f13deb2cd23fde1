/** Incidents, requests and drills on the wire. */
import { z } from 'zod';
import { pauseReasons } from './agreements.ts';
import { keySchema, pageQuerySchema, references, setOf } from './catalog.ts';

export const incidentKinds = ['incident', 'request', 'drill'] as const;
export type IncidentKind = (typeof incidentKinds)[number];
export const incidentStates = ['open', 'acknowledged', 'pending', 'resolved', 'closed'] as const;
export type IncidentState = (typeof incidentStates)[number];

/** The instants of an incident, in the order in which they come; detection and report may come in either. */
export const incidentInstants = [
  'startedAt',
  'detectedAt',
  'reportedAt',
  'acknowledgedAt',
  'respondedAt',
  'resolvedAt',
  'closedAt',
] as const;
export type IncidentInstant = (typeof incidentInstants)[number];

const lines = { 'x-form': 'lines' };
const instant = z.iso.datetime({ offset: true });
const rank = z.int().min(1).max(3);

const fields = {
  title: z.string().trim().min(1, 'must not be empty').max(200).describe('What it is, in a few words'),
  description: z.string().max(4_000).describe('What is known of it').meta(lines),
  services: setOf(keySchema.meta(references('services')), 50)
    .min(1, 'must name a service at least')
    .describe('Services that it is about'),
  severity: z.int().min(1).max(5).describe('1 the most severe'),
  impact: rank.nullable().describe('1 the greatest'),
  urgency: rank.nullable().describe('1 the greatest'),
  source: z.string().trim().max(120).describe('Where it comes from, such as the name of a ticket system'),
  reference: z.string().trim().min(1).max(200).nullable().describe('Number that it has there; no two share one'),
  startedAt: instant.nullable().describe('When it began to hurt'),
  detectedAt: instant.nullable().describe('When it was detected; clocks run from there, or from the report'),
  reportedAt: instant.nullable().describe('When somebody reported it'),
  acknowledgedAt: instant.nullable().describe('When somebody took it'),
  respondedAt: instant.nullable().describe('When a person first replied to whoever reported it'),
  resolvedAt: instant.nullable().describe('When service was restored, or the request met'),
  closedAt: instant.nullable().describe('When it was closed'),
};

export const incidentInputSchema = z.strictObject({
  kind: z.enum(incidentKinds).default('incident').describe('What it is'),
  ...fields,
  description: fields.description.default(''),
  severity: fields.severity.default(3),
  impact: fields.impact.optional(),
  urgency: fields.urgency.optional(),
  source: fields.source.default(''),
  reference: fields.reference.optional(),
  startedAt: fields.startedAt.optional().describe('When it began to hurt; left out: when it was detected or reported'),
  detectedAt: fields.detectedAt.optional(),
  reportedAt: fields.reportedAt.optional().describe('When somebody reported it; left out, without a detection: now'),
  acknowledgedAt: fields.acknowledgedAt.optional(),
  respondedAt: fields.respondedAt.optional(),
  resolvedAt: fields.resolvedAt.optional(),
  closedAt: fields.closedAt.optional(),
});
export type IncidentInput = z.infer<typeof incidentInputSchema>;

/** What is left out stays as it is. */
export const incidentChangeSchema = z
  .strictObject(fields)
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'must change something');
export type IncidentChange = z.infer<typeof incidentChangeSchema>;

export const incidentActSchema = z.strictObject({
  at: instant.nullish().describe('When that was; left out: now'),
  note: z.string().trim().max(2_000).default('').describe('What is to be said about it'),
});
export type IncidentActInput = z.infer<typeof incidentActSchema>;
export const incidentPendSchema = incidentActSchema.extend({
  reason: z.enum(pauseReasons).describe('What it waits for'),
});
export type IncidentPendInput = z.infer<typeof incidentPendSchema>;

/** Why a clock stands still: what it waits for, or that it had been resolved before it was reopened. */
export const incidentPauseReasons = [...pauseReasons, 'resolved'] as const;
export type IncidentPauseReason = (typeof incidentPauseReasons)[number];

const at = z.iso.datetime();
export const incidentSchema = z.object({
  id: z.int(),
  kind: z.enum(incidentKinds),
  state: z.enum(incidentStates),
  title: z.string(),
  description: z.string(),
  services: z.array(z.object({ key: keySchema, name: z.string() })),
  severity: z.int(),
  impact: z.int().nullable(),
  urgency: z.int().nullable(),
  source: z.string(),
  reference: z.string().nullable(),
  startedAt: at,
  detectedAt: at.nullable(),
  reportedAt: at.nullable(),
  acknowledgedAt: at.nullable(),
  respondedAt: at.nullable(),
  resolvedAt: at.nullable(),
  closedAt: at.nullable(),
  pauses: z.array(
    z.object({
      reason: z.enum(incidentPauseReasons),
      note: z.string(),
      from: at,
      /** Null while it lasts. */
      to: at.nullable(),
    }),
  ),
  createdAt: at,
  updatedAt: at,
});
export type Incident = z.infer<typeof incidentSchema>;

export const incidentQuerySchema = pageQuerySchema
  .extend({
    service: keySchema.optional(),
    state: z.enum(incidentStates).optional(),
    severity: z.coerce.number().int().min(1).max(5).optional(),
    kind: z.enum(incidentKinds).optional(),
    text: z.string().trim().max(200).optional().describe('Found in title, description or reference'),
    from: instant.optional().describe('Those that were not resolved before this'),
    to: instant.optional().describe('Those that began before this'),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || Date.parse(from) < Date.parse(to), {
    path: ['to'],
    message: 'must be after from',
  });
export type IncidentQuery = z.infer<typeof incidentQuerySchema>;

export const incidentIdSchema = z.coerce.number().int().min(1).max(2_147_483_647);
