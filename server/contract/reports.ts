/** Frozen reports on the wire: what a period of an agreement came to, kept as it was told. */
import { z } from 'zod';
import { sides } from './agreement-life.ts';
import { agreementKinds, agreementStatuses } from './agreements.ts';
import { keySchema, pageOf, pageQuerySchema } from './catalog.ts';
import { explanationSchema, objectiveResultSchema } from './compliance.ts';
import { incidentKinds } from './incidents.ts';

const at = z.iso.datetime();

/** What a closed period can have come to. */
export const reportVerdicts = ['met', 'missed', 'no-data'] as const;
export type ReportVerdict = (typeof reportVerdicts)[number];

export const reportPeriodSchema = z
  .string()
  .regex(/^\d{4}(-(W\d\d|Q[1-4]|\d\d))?$/, 'must be a period such as 2026-10, 2026-W41, 2026-Q4 or 2026');

const money = z.object({ amount: z.string(), currency: z.string() });
const party = z.object({ key: keySchema, name: z.string() });
const verdict = z.enum(reportVerdicts);

const objectiveMark = z.object({
  key: keySchema,
  title: z.string(),
  verdict,
  /** What was reached, in words; null where nothing tells. */
  attained: z.string().nullable(),
});

export const reportTrendSchema = z.object({
  period: z.string(),
  verdict,
  objectives: z.array(objectiveMark),
});
export type ReportTrend = z.infer<typeof reportTrendSchema>;

/** What a list shows of a report, and what the reports after it build on. */
export const reportGistSchema = z.object({
  verdict,
  /** Of some promise too little of the time is known. */
  unproven: z.boolean(),
  /** What it came to, in a sentence. */
  sentence: z.string(),
  objectives: z.array(objectiveMark),
  /** All credits that are proposed; null where there are none. */
  credit: money.nullable(),
});
export type ReportGist = z.infer<typeof reportGistSchema>;

/** `waiting`: what it rests on is not proven or not signed yet, as `why` says. */
const state = z.enum(['proposed', 'waiting']);
export const reportConsequencesSchema = z.object({
  credits: z.array(
    z.object({
      objective: keySchema,
      version: z.int(),
      /** The tier that was missed, in percent. */
      below: z.string(),
      /** Of the charge of the period. */
      percent: z.string(),
      ...money.shape,
      state,
      why: z.string(),
    }),
  ),
  actions: z.array(z.object({ objective: keySchema, version: z.int(), action: z.string(), state, why: z.string() })),
});
export type ReportConsequences = z.infer<typeof reportConsequencesSchema>;

export const reportIncidentSchema = z.object({
  id: z.int(),
  kind: z.enum(incidentKinds),
  title: z.string(),
  severity: z.int(),
  services: z.array(keySchema),
  startedAt: at,
  /** When it was detected or reported: its clocks run from there. */
  clockedAt: at,
  /** As far as they were known when the period had settled. */
  respondedAt: at.nullable(),
  resolvedAt: at.nullable(),
  pauses: z.array(z.object({ reason: z.string(), from: at, to: at.nullable() })),
});
export type ReportIncident = z.infer<typeof reportIncidentSchema>;

export const reportPartSchema = z.object({
  version: z.int(),
  basis: z.enum(agreementStatuses),
  from: at,
  to: at,
  objectives: z.array(
    z.object({
      result: objectiveResultSchema,
      /** Every interval and event that the figures are made of. */
      lines: explanationSchema.shape.lines,
      events: explanationSchema.shape.events,
    }),
  ),
});
export type ReportPart = z.infer<typeof reportPartSchema>;

/**
 * What is frozen. The hash of a report is SHA-256 (hexadecimal) over the hash of the report before it (nothing for the
 * first), a line feed, and this as canonical JSON: fields in order of their names, no white space (RFC 8785).
 */
export const reportContentSchema = z.object({
  format: z.literal(1),
  agreement: keySchema,
  kind: z.enum(agreementKinds),
  title: z.string(),
  provider: party,
  customer: party,
  period: z.object({ label: z.string(), from: at, to: at, timeZone: z.string() }),
  /** What came later than this did not count. */
  asOf: at,
  revision: z.int(),
  /** Why there is a revision; null for the first. */
  reason: z.string().nullable(),
  gist: reportGistSchema,
  /** One for each version that was in force, in order of time. */
  parts: z.array(reportPartSchema),
  incidents: z.array(reportIncidentSchema),
  consequences: reportConsequencesSchema,
  /** Up to 12 periods, this one the last. */
  trend: z.array(reportTrendSchema),
  /** Names of services, by key. */
  services: z.record(keySchema, z.string()),
});
export type ReportContent = z.infer<typeof reportContentSchema>;

const stamp = {
  period: z.string(),
  from: at,
  to: at,
  revision: z.int(),
  frozenAt: at,
  hash: z.string(),
};

export const reportSummarySchema = z.object({ ...stamp, gist: reportGistSchema });
export type ReportSummary = z.infer<typeof reportSummarySchema>;

/** A party that says that everything of a period is in. */
const closingWord = z.object({ party: z.enum(sides), by: z.string(), at });

const upcoming = z.object({
  ...{ period: z.string(), from: at, to: at },
  /** When it has settled, and is frozen by itself. */
  at,
  hasEnded: z.boolean(),
  /** Who wants it closed already; with both parties it is. */
  said: z.array(closingWord),
  /** For which parties the one who asks may say so, and whether they may take back what was said for theirs. */
  may: z.object({ close: z.array(z.enum(sides)), takeBack: z.boolean() }),
});
export type UpcomingReport = z.infer<typeof upcoming>;

export const reportPageSchema = pageOf(reportSummarySchema).extend({
  /** The period that is frozen next, and when; null where none is in force any more. */
  upcoming: upcoming.nullable(),
});
export type ReportPage = z.infer<typeof reportPageSchema>;

export const reportSchema = z.object({
  ...stamp,
  agreement: keySchema,
  /** Place in the chain of the agreement's reports, from 1. */
  sequence: z.int(),
  previousHash: z.string().nullable(),
  /** All of this period, the newest first. */
  revisions: z.array(
    z.object({
      revision: z.int(),
      frozenAt: at,
      hash: z.string(),
      reason: z.string().nullable(),
      gist: reportGistSchema,
    }),
  ),
  content: reportContentSchema,
});
export type Report = z.infer<typeof reportSchema>;

export const reportQuerySchema = z.strictObject({
  revision: z.coerce.number().int().min(1).max(100_000).optional().describe('Left out: the newest'),
});
export type ReportQuery = z.infer<typeof reportQuerySchema>;

export const reportListQuerySchema = pageQuerySchema;
export type ReportListQuery = z.infer<typeof reportListQuerySchema>;

export const reviseReportSchema = z.strictObject({
  reason: z.string().trim().min(1, 'must not be empty').max(500).describe('Why the figures are other than they were'),
});
export type ReviseReport = z.infer<typeof reviseReportSchema>;

export const closeReportSchema = z.strictObject({
  party: z.enum(sides).nullish().describe('For whom, by those who may speak for both'),
});
export type CloseReport = z.infer<typeof closeReportSchema>;

export const reportClosingSchema = z.object({
  /** Both parties have said so, and the report is there. */
  isFrozen: z.boolean(),
  /** What is frozen next now. */
  upcoming: upcoming.nullable(),
});
export type ReportClosing = z.infer<typeof reportClosingSchema>;

/** Whether the chain of reports holds: each is what was frozen, and none between them is gone. */
export const reportChainSchema = z.object({
  holds: z.boolean(),
  /** How many reports and revisions were checked. */
  checked: z.int(),
  /** The hash of the newest report; whoever noted it earlier sees that nothing was cut off since. */
  head: z.string().nullable(),
  /** The first that does not hold. */
  broken: z.object({ period: z.string(), revision: z.int(), why: z.string() }).nullable(),
});
export type ReportChain = z.infer<typeof reportChainSchema>;

/** How mails about the report of a period fare: one for each revision and recipient. */
export const reportMailsSchema = z.object({
  /** Whether there is a mail server at all. */
  isOn: z.boolean(),
  items: z.array(
    z.object({
      party: z.enum(sides),
      address: z.string(),
      revision: z.int(),
      state: z.enum(['queued', 'sent', 'failed']),
      attempts: z.int(),
      /** What the mail server said last; null where nothing was wrong. */
      error: z.string().nullable(),
      at,
      /** When it is tried next; null where it is over. */
      nextAt: at.nullable(),
    }),
  ),
});
export type ReportMails = z.infer<typeof reportMailsSchema>;
