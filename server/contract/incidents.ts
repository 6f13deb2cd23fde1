/** Incidents, requests and drills on the wire. */
import { z } from 'zod';
import { clockNames } from '../domain/incident-clocks.ts';
import { agreementStatuses, pauseReasons } from './agreements.ts';
import { keySchema, pageQuerySchema, references, setOf } from './catalog.ts';
import { incidentStates } from './incident-states.ts';

export { actStates, incidentStates, type IncidentAct, type IncidentState } from './incident-states.ts';

export const incidentKinds = ['incident', 'request', 'drill'] as const;
export type IncidentKind = (typeof incidentKinds)[number];

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

/** Whose fault it was. */
export const attributions = ['own', 'upstream', 'customer', 'supplier', 'force-majeure'] as const;
export type Attribution = (typeof attributions)[number];

/** What incidents that probes open have for their source; nobody else's has. */
export const probeSource = 'probe';

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
  severityReason: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .nullable()
    .describe('Why its severity is another than impact and urgency make it; needed there alone')
    .meta(lines),
  attribution: z.enum(attributions).nullable().describe('Whose fault it was'),
  cause: z.string().trim().max(4_000).describe('What caused it').meta(lines),
  impactText: z.string().trim().max(4_000).describe('Whom it hurt, and how').meta(lines),
  source: z
    .string()
    .trim()
    .max(120)
    .refine((text) => text !== probeSource, 'is what incidents have that probes open')
    .describe('Where it comes from, such as the name of a ticket system'),
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
  severity: fields.severity
    .optional()
    .describe('1 the most severe; left out: what agreements make of impact and urgency, or 3'),
  impact: fields.impact.optional(),
  urgency: fields.urgency.optional(),
  severityReason: fields.severityReason.optional(),
  attribution: fields.attribution.optional(),
  cause: fields.cause.default(''),
  impactText: fields.impactText.default(''),
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
  note: z.string().trim().max(2_000).default('').describe('What is to be said about it').meta(lines),
});
export type IncidentActInput = z.infer<typeof incidentActSchema>;
export const incidentPendSchema = incidentActSchema.extend({
  reason: z.enum(pauseReasons).describe('What it waits for'),
  resumeBy: instant.nullish().describe('When it goes on by itself; left out: when somebody says so'),
});
export type IncidentPendInput = z.infer<typeof incidentPendSchema>;

/** Why a clock stands still: what it waits for, or that it had been resolved before it was reopened. */
export const incidentPauseReasons = [...pauseReasons, 'resolved'] as const;
export type IncidentPauseReason = (typeof incidentPauseReasons)[number];

const at = z.iso.datetime();
const subject = z.object({ key: keySchema, name: z.string() });
export const incidentSchema = z.object({
  id: z.int(),
  kind: z.enum(incidentKinds),
  state: z.enum(incidentStates),
  title: z.string(),
  description: z.string(),
  services: z.array(subject),
  /** Services of which nothing is known while a location is silent. */
  hides: z.array(subject),
  /** The service whose outage opened it; null where probes did not. */
  root: subject.nullable(),
  /** The location that is silent; null of other incidents. */
  location: subject.nullable(),
  severity: z.int(),
  severityReason: z.string().nullable(),
  impact: z.int().nullable(),
  urgency: z.int().nullable(),
  source: z.string(),
  reference: z.string().nullable(),
  attribution: z.enum(attributions).nullable(),
  cause: z.string(),
  impactText: z.string(),
  assignee: z.object({
    user: z.object({ name: z.string(), displayName: z.string() }).nullable(),
    team: subject.nullable(),
  }),
  /** The incident that it follows or was split from. */
  follows: z.int().nullable(),
  /** The incident that goes on in its place; it counts nowhere any more. */
  mergedInto: z.int().nullable(),
  /** It was learnt of after its end: nobody could have answered it, and its clocks are not judged. */
  isLate: z.boolean(),
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
      resumeBy: at.nullable(),
      /** What the customer says against it; null where nobody does. */
      dispute: z.object({ at, by: z.string(), note: z.string() }).nullable(),
    }),
  ),
  createdAt: at,
  updatedAt: at,
});
export type Incident = z.infer<typeof incidentSchema>;

const clockSchema = z.object({
  /** `none`: nothing was promised. */
  state: z.enum(['running', 'paused', 'met', 'breached', 'none']),
  targetSeconds: z.number().nullable(),
  /** Null while it is paused, and where support hours never come. */
  dueAt: at.nullable(),
  /** Support time spent, without pauses. */
  elapsedSeconds: z.number(),
  /** Negative once it is overdue. */
  leftSeconds: z.number().nullable(),
  /** Whether it counts now: it is neither stopped nor paused, and support hours are on. */
  isTicking: z.boolean(),
  /** When support hours end or begin next; null where that changes nothing. */
  turnsAt: at.nullable(),
  decidedAt: at.nullable(),
  /** When such shares of the time are spent; null where that is not foreseen. */
  warnings: z.array(z.object({ percent: z.int(), at: at.nullable() })),
});
export type IncidentClockView = z.infer<typeof clockSchema>;

const agreementClocksSchema = z.object({
  agreement: keySchema,
  title: z.string(),
  /** Whether it is agreed, and by what. */
  basis: z.enum(agreementStatuses),
  /** The incident's under this agreement. */
  severity: z.int(),
  response: clockSchema,
  resolution: clockSchema,
  /** Recorded before a change of severity would have undone them. */
  breaches: z.array(z.object({ clock: z.enum(clockNames), severity: z.int(), dueAt: at })),
});
export type AgreementClocks = z.infer<typeof agreementClocksSchema>;

const followUpSchema = z.object({
  id: z.int(),
  what: z.string(),
  owner: incidentSchema.shape.assignee,
  dueOn: z.iso.date().nullable(),
  doneAt: at.nullable(),
});
export type FollowUp = z.infer<typeof followUpSchema>;

export const incidentDetailSchema = incidentSchema.extend({
  clocks: z.object({
    /** The instant at which they were read. */
    asOf: at,
    /** The most pressing of all agreements. */
    response: clockSchema,
    resolution: clockSchema,
    /** Each with its own, in order of key. */
    agreements: z.array(agreementClocksSchema),
  }),
  /** When those who wait are to be told how it stands; null once it is resolved. */
  nextUpdateDueAt: at.nullable(),
  /** Outages that it is made of, in order of their beginning. */
  outages: z.array(z.object({ service: keySchema, from: at, to: at.nullable() })),
  /** Incidents that follow it, and those that were merged into it. */
  followedBy: z.array(z.int()),
  merged: z.array(z.int()),
  followUps: z.array(followUpSchema),
});
export type IncidentDetail = z.infer<typeof incidentDetailSchema>;

export const incidentQuerySchema = pageQuerySchema
  .extend({
    service: keySchema.optional(),
    state: z
      .enum([...incidentStates, 'unresolved', 'over'])
      .optional()
      .describe('Also unresolved: open, acknowledged or pending; over: resolved or closed'),
    team: keySchema.optional().describe('Team that has it, or that provides a service that it is about'),
    user: z.string().trim().min(1).max(60).optional().describe('Name of the account that has it'),
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
