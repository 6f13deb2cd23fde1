/** Compliance on the wire: what was promised, what was delivered, and what that means. */
import { z } from 'zod';
import { serviceStates } from '../domain/service-state.ts';
import { verdicts } from '../domain/verdict.ts';
import { agreementStatuses } from './agreements.ts';
import { keySchema } from './catalog.ts';
import { correctionNoteSchema } from './corrections.ts';

const at = z.iso.datetime();
const instant = z.iso.datetime({ offset: true });

/** A share of 1: with 6 decimals rounded down, exactly, and as people read it. */
const ratio = z.object({
  ratio: z.string(),
  numerator: z.number(),
  denominator: z.number(),
  text: z.string(),
});

export const timeClasses = [...serviceStates, 'excluded'] as const;

export const complianceQuerySchema = z
  .strictObject({
    period: z
      .string()
      .regex(/^\d{4}(-(W\d\d|Q[1-4]|\d\d))?$/, 'must be a period such as 2026-10, 2026-W41, 2026-Q4 or 2026')
      .optional()
      .describe('A calendar period; left out: the present one of the agreement'),
    from: instant.optional().describe('With to: a span of your own'),
    to: instant.optional(),
    at: instant.optional().describe('As it was to be told at this instant; left out: now'),
  })
  .refine(({ from, to }) => (from === undefined) === (to === undefined), {
    path: ['to'],
    message: 'goes together with from',
  })
  .refine(({ from, to }) => from === undefined || Date.parse(from) < Date.parse(to!), {
    path: ['to'],
    message: 'must be after from',
  })
  .refine(({ period, from }) => period === undefined || from === undefined, {
    path: ['period'],
    message: 'cannot be given together with from and to',
  });
export type ComplianceQuery = z.infer<typeof complianceQuerySchema>;

const seconds = z.object({
  agreed: z.number(),
  excluded: z.number(),
  eligible: z.number(),
  up: z.number(),
  degraded: z.number(),
  down: z.number(),
  unknown: z.number(),
  unmonitored: z.number(),
  bad: z.number(),
});

export const objectiveResultSchema = z.object({
  key: keySchema,
  type: z.string(),
  title: z.string(),
  /** What is promised, in words: `99.9 %`, `at most 2 missed`. */
  promise: z.string(),
  /** As it was written, where it is a share. */
  target: z.string().nullable(),
  services: z.array(keySchema),
  /** Null where nothing was measured, or what was is no share. */
  attained: ratio.nullable(),
  /** What was reached, in words, where that says more than a share: `2 min`, `37`, `19 of 20 in time`. */
  reached: z.string().nullable(),
  coverage: ratio.nullable(),
  verdict: z.enum(verdicts),
  /** Less of the time is known than the agreement wants: consequences wait. */
  unproven: z.boolean(),
  /** A correction that touches it is not decided yet: consequences wait. */
  disputed: z.boolean(),
  /** Of objectives over time. */
  seconds: seconds.nullable(),
  /** Of objectives over events: how many there were, and how many were missed. */
  events: z.object({ total: z.number(), bad: z.number() }).nullable(),
  /** In seconds of objectives over time, in events of those over events; of what is only compared, null. */
  budget: z.object({
    seconds: z.number().nullable(),
    leftSeconds: z.number().nullable(),
    events: z.number().nullable(),
    leftEvents: z.number().nullable(),
    usedRatio: z.string().nullable(),
  }),
  /** How many times faster than allowed the budget was used of late; null where nothing may be missed. */
  burn: z.string().nullable(),
  /** When the budget ends at the burn of late. */
  exhaustedAt: at.nullable(),
  /** Of what ends at the burn of late: whether it is being used at this very instant, too. */
  losing: z.boolean(),
  /** Bad time that falls to services below, farthest first. */
  upstream: z.array(z.object({ service: keySchema, seconds: z.number(), excused: z.boolean() })),
  /** Of a missed or endangered objective: how it would stand without what falls to services below. */
  withoutUpstream: z.object({ attained: ratio.nullable(), met: z.boolean() }).nullable(),
  /** What the figures mean, in a sentence. */
  sentence: z.string(),
});
export type ObjectiveResult = z.infer<typeof objectiveResultSchema>;

export const complianceSchema = z.object({
  agreement: keySchema,
  title: z.string(),
  provider: keySchema,
  customer: keySchema,
  period: z.object({ label: z.string(), from: at, to: at, closed: z.boolean() }),
  /** Until when everything that was measured is known. */
  asOf: at,
  basis: z.enum(agreementStatuses),
  version: z.int().nullable(),
  objectives: z.array(objectiveResultSchema),
  /** Where the agreement changed in the period: each version by itself, in order of time; the last is the one above. */
  parts: z.array(
    z.object({
      version: z.int().nullable(),
      basis: z.enum(agreementStatuses),
      from: at,
      to: at,
      objectives: z.array(objectiveResultSchema),
    }),
  ),
  /** It had ended before the period: nothing of it is judged. */
  isOver: z.boolean(),
  /** What can be promised on top of what the objectives below promise; null where it rests on none. */
  ceiling: z.object({ ...ratio.shape, exceededBy: z.array(keySchema) }).nullable(),
});
export type Compliance = z.infer<typeof complianceSchema>;

export const runningQuerySchema = z.object({
  agreements: z
    .string()
    .max(20_000)
    .transform((text) => text.split(','))
    .pipe(z.array(keySchema).max(1_000))
    .optional()
    .describe('Only these, by their keys, with commas between them'),
  service: keySchema.optional().describe('Only objectives about this service'),
  verdicts: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(verdicts)).max(verdicts.length))
    .optional()
    .describe('Only objectives of which this is said now, with commas between them'),
  limit: z.coerce.number().int().min(1).max(5_000).default(5_000).describe('So many agreements at most'),
  cursor: keySchema.optional(),
});
export type RunningQuery = z.infer<typeof runningQuerySchema>;

/** What an overview tells of an objective. */
export const objectiveGistSchema = objectiveResultSchema.omit({
  coverage: true,
  seconds: true,
  events: true,
  upstream: true,
  withoutUpstream: true,
  sentence: true,
});
export type ObjectiveGist = z.infer<typeof objectiveGistSchema>;

/** An objective in its present period, as an overview has it. */
export const runningObjectiveSchema = objectiveGistSchema.extend({
  agreement: keySchema,
  agreementTitle: z.string(),
  provider: keySchema,
  customer: keySchema,
  basis: z.enum(agreementStatuses),
  version: z.int().nullable(),
  period: z.string(),
  /** Until when everything is counted in this figure. */
  asOf: at,
});
export type RunningObjective = z.infer<typeof runningObjectiveSchema>;

/** In order of agreement; `next` is the cursor of the following page, null on the last. */
export const runningSchema = z.object({ items: z.array(runningObjectiveSchema), next: keySchema.nullable() });
export type Running = z.infer<typeof runningSchema>;

export const explanationPieceSchema = z.object({
  class: z.enum(timeClasses),
  from: at,
  to: at,
  seconds: z.number(),
  bad: z.boolean(),
  /** The rule that put it there, in words. */
  rule: z.string(),
  /** The service that makes it so. */
  service: keySchema,
  /** Why, as the observation that began it said. */
  reason: z.string().nullable(),
  /** The service below that it falls to. */
  upstream: keySchema.nullable(),
  /** Corrections that are approved or proposed for it. */
  corrections: z.array(correctionNoteSchema),
});
export type ExplanationPiece = z.infer<typeof explanationPieceSchema>;

/** Of objectives over events: one of them, or the observations of a stretch of time together. */
export const explanationEventSchema = z.object({
  class: z.enum(['good', 'bad', 'excluded', 'counted']),
  /** When it was decided, or the stretch. */
  from: at,
  to: at.nullable(),
  /** What it is, in words. */
  what: z.string(),
  good: z.number(),
  bad: z.number(),
});
export type ExplanationEvent = z.infer<typeof explanationEventSchema>;

export const explanationSchema = z.object({
  objective: objectiveResultSchema,
  period: complianceSchema.shape.period,
  asOf: at,
  basis: z.enum(agreementStatuses),
  /** One list, or one for each service where they are averaged. Their sums are the figures. */
  lines: z.array(z.array(explanationPieceSchema)),
  events: z.array(explanationEventSchema),
});
export type Explanation = z.infer<typeof explanationSchema>;
