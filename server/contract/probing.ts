/** What was measured: observations, latency, timelines. */
import { z } from 'zod';
import { reasons, verdicts, type Reason } from '../../probes/contract.ts';
import { keySchema, probeKeySchema, probeSchema, serviceSchema } from './catalog.ts';
import { boardServiceSchema, serviceStates } from './live.ts';

const at = z.iso.datetime();
const timings = z.object({
  dns: z.number().optional(),
  connect: z.number().optional(),
  tls: z.number().optional(),
  firstByte: z.number().optional(),
  transfer: z.number().optional(),
});

export const observationSchema = z.object({
  location: keySchema.nullable(),
  /** The slot it belongs to, and when this attempt really began. */
  slot: at,
  at,
  /** 0 the slot's own run, 1.. re-checks after a failure. */
  attempt: z.int(),
  verdict: z.enum(verdicts),
  reason: z.string(),
  reasonText: z.string(),
  latencyMs: z.number().nullable(),
  timings: timings.nullable(),
  detail: z.string().nullable(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullable(),
});
export type ObservationView = z.infer<typeof observationSchema>;

export const spanQuerySchema = z
  .object({ from: z.iso.datetime({ offset: true }), to: z.iso.datetime({ offset: true }) })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { path: ['to'], message: 'must be after from' });
export type SpanQuery = z.infer<typeof spanQuerySchema>;

export const timelineIntervalSchema = z.object({
  state: z.enum(serviceStates),
  from: at,
  /** Where the interval runs still, the end of the asked span or the present, whichever is earlier. */
  to: at,
  reason: z.string().nullable(),
});
export type TimelineInterval = z.infer<typeof timelineIntervalSchema>;
export const timelineSchema = z.object({ intervals: z.array(timelineIntervalSchema) });
export type Timeline = z.infer<typeof timelineSchema>;

const instant = z.iso.datetime({ offset: true });

/** History from another system. */
export const timelineImportSchema = z.strictObject({
  intervals: z
    .array(
      z
        .strictObject({
          state: z.enum(serviceStates),
          from: instant,
          to: instant,
          reason: z.enum(Object.keys(reasons) as [Reason, ...Reason[]]).optional(),
        })
        .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { path: ['to'], message: 'must be after from' }),
    )
    .min(1)
    .max(100_000)
    .superRefine((intervals, { addIssue }) => {
      const spans = intervals.map(({ from, to }, index) => ({ from: Date.parse(from), to: Date.parse(to), index }));
      spans.sort((a, b) => a.from - b.from);
      for (let place = 1; place < spans.length; place += 1) {
        if (spans[place]!.from < spans[place - 1]!.to)
          addIssue({
            code: 'custom',
            path: [spans[place]!.index, 'from'],
            message: `must not overlap the interval that begins at ${intervals[spans[place - 1]!.index]!.from}`,
          });
      }
    })
    .describe('States with their spans, in any order, apart from each other'),
});
export type TimelineImport = z.infer<typeof timelineImportSchema>;

/** One service became something else. */
export const stateChangeSchema = z.object({
  service: z.object({ key: keySchema, name: z.string() }),
  /** Null where its timeline begins. */
  before: z.enum(serviceStates).nullable(),
  state: z.enum(serviceStates),
  reason: z.string().nullable(),
  from: at,
  /** Null while the state holds. */
  to: at.nullable(),
});
export type StateChange = z.infer<typeof stateChangeSchema>;

/** One bucket of a probe over all its locations; percentiles within 1 % of the true value, null without data. */
export const latencyPointSchema = z.object({
  from: at,
  to: at,
  up: z.int(),
  degraded: z.int(),
  down: z.int(),
  unknown: z.int(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
});
export type LatencyPoint = z.infer<typeof latencyPointSchema>;
export const latencySchema = z.object({ stepMs: z.int(), points: z.array(latencyPointSchema) });
export type Latency = z.infer<typeof latencySchema>;

/** Milliseconds by state; `unmonitored` holds pauses and what was before the first measurement. */
const stateLengthsSchema = z.object({
  upMs: z.int(),
  degradedMs: z.int(),
  downMs: z.int(),
  unknownMs: z.int(),
  unmonitoredMs: z.int(),
});
/** Up or degraded over the time that was measured, cut off and never rounded up; null where nothing was measured. */
const uptimeSchema = z
  .object({ ratio: z.string(), text: z.string(), numerator: z.int(), denominator: z.int() })
  .nullable();

export const dayFiguresSchema = stateLengthsSchema.extend({
  /** `2026-03-29`, a day of the zone that was asked for; its length is what the clocks there make of it. */
  date: z.iso.date(),
  from: at,
  to: at,
  /** Outages that touched the day; one that lasted over midnight counts in both. */
  outages: z.int(),
  uptime: uptimeSchema,
});
export type DayFiguresView = z.infer<typeof dayFiguresSchema>;
export const serviceDaysSchema = z.object({
  zone: z.string(),
  /** Days that have begun; of today what is over. */
  days: z.array(dayFiguresSchema),
  /** All of them together. */
  total: stateLengthsSchema.extend({ uptime: uptimeSchema }),
});
export type ServiceDays = z.infer<typeof serviceDaysSchema>;

const failureSchema = z.object({ probe: z.string(), observation: observationSchema }).nullable();
export const outageSchema = z.object({
  from: at,
  /** Null while it lasts. */
  to: at.nullable(),
  /** Up to the present while it lasts. */
  durationMs: z.int(),
  reason: z.string(),
  reasonText: z.string(),
  /** What failed first and last among the probes that decide; null where it is no longer kept. */
  first: failureSchema,
  last: failureSchema,
});
export type Outage = z.infer<typeof outageSchema>;

/** A probe as one location saw it over a span; percentiles as in the latency points. */
export const locationFiguresSchema = stateLengthsSchema.extend({
  location: keySchema.nullable(),
  uptime: uptimeSchema,
  /** Runs by verdict. */
  runs: z.object({ up: z.int(), degraded: z.int(), down: z.int(), unknown: z.int() }),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
});
export type LocationFigures = z.infer<typeof locationFiguresSchema>;
export const probeLocationsSchema = z.object({ locations: z.array(locationFiguresSchema) });
export type ProbeLocations = z.infer<typeof probeLocationsSchema>;

/** A probe at one location, now. */
export const seriesStatusSchema = z.object({
  location: keySchema.nullable(),
  state: z.enum(verdicts),
  suspect: z.boolean(),
  nextSlot: at.nullable(),
  last: observationSchema.nullable(),
});
export type SeriesStatus = z.infer<typeof seriesStatusSchema>;

/** A service with its present state and its probes: what the service page shows first. */
export const serviceDetailSchema = z.object({
  service: serviceSchema,
  now: boardServiceSchema.nullable(),
  probes: z.array(z.object({ probe: probeSchema, series: z.array(seriesStatusSchema) })),
});
export type ServiceDetail = z.infer<typeof serviceDetailSchema>;

export const probeRunSchema = z.strictObject({
  kind: z.string(),
  config: z.record(z.string(), z.unknown()),
  timeoutMs: z.int().min(100).max(60_000).default(5_000),
  degradedAboveMs: z.int().min(1).max(300_000).optional(),
  location: keySchema.optional().describe('Where to run it; left out: on the server itself'),
  probe: probeKeySchema
    .optional()
    .describe('A probe such as payroll.login whose stored secrets stand for the hidden ones in the config'),
});
export type ProbeRun = z.infer<typeof probeRunSchema>;
export type ProbeRunInput = z.input<typeof probeRunSchema>;

export const agentSchema = z.object({
  id: z.uuid(),
  location: keySchema,
  version: z.string(),
  alive: z.boolean(),
  startedAt: at,
  lastSeenAt: at,
  clockOffsetMs: z.number(),
  inFlight: z.int(),
  droppedRuns: z.int(),
  unconfirmedBatches: z.int(),
});
export type Agent = z.infer<typeof agentSchema>;
