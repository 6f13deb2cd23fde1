/** Metrics: numbers that teams push, for objectives about them. */
import { z } from 'zod';
import { keySchema, pageQuerySchema } from './catalog.ts';

export const mostMetricValues = 10_000;
const decimalText = /^-?\d{1,15}(\.\d{1,6})?$/;

/** A decimal number, as a text or a number; parsed to the text. */
export const metricNumberSchema = z
  .union([z.string(), z.number()])
  .transform(String)
  .refine(
    (text) => decimalText.test(text),
    'must be a number of at most 15 digits and 6 decimals, such as 120 or "4.5"',
  )
  .describe('The number, exact as a text: at most 15 digits and 6 decimals');

const instant = z.iso.datetime({ offset: true });
const ofInstant = 'What instant it is of';

export const metricPushSchema = z
  .strictObject({
    value: metricNumberSchema.optional(),
    at: instant.nullish().describe(`${ofInstant}; left out: now`),
    values: z
      .array(z.strictObject({ value: metricNumberSchema, at: instant.describe(ofInstant) }))
      .min(1, 'must hold a value at least')
      .max(mostMetricValues)
      .optional()
      .describe('Many at once, in place of value and at'),
    reason: z.string().trim().max(500).optional().describe('Why values that are there already give way to these'),
  })
  .refine(({ value, values }) => (value === undefined) !== (values === undefined), {
    path: ['value'],
    message: 'must be given, or values; not both',
  })
  .refine(({ at, values }) => values === undefined || at == null, {
    path: ['at'],
    message: 'belongs to each of the values',
  });
export type MetricPush = z.infer<typeof metricPushSchema>;

/** A value that was there already at its instant is unchanged, or replaced where it is another. */
export const metricPushedSchema = z.object({
  key: keySchema,
  stored: z.int(),
  replaced: z.int(),
  unchanged: z.int(),
});
export type MetricPushed = z.infer<typeof metricPushedSchema>;

const at = z.iso.datetime();
export const metricValueSchema = z.object({
  at,
  /** A decimal number, exact. */
  value: z.string(),
  receivedAt: at,
});
export type MetricValueView = z.infer<typeof metricValueSchema>;

/** A value that gave way to another, or to nothing. */
export const metricChangeSchema = z.object({
  id: z.int(),
  at,
  before: z.string(),
  after: z.string().nullable(),
  reason: z.string().nullable(),
  changedAt: at,
  by: z.string(),
});
export type MetricChange = z.infer<typeof metricChangeSchema>;

export const metricSchema = z.object({
  key: keySchema,
  count: z.int(),
  last: metricValueSchema.pick({ at: true, value: true }),
});
export type Metric = z.infer<typeof metricSchema>;

/** A period of an objective that reads a metric, for those who enter its value. */
export const metricPeriodSchema = z.object({
  label: z.string(),
  title: z.string(),
  isRunning: z.boolean(),
  /** The instant under which one value of the whole period is kept. */
  at,
  /** Values of the period, and that which is kept under that instant. */
  count: z.int(),
  value: z.string().nullable(),
});
export type MetricPeriod = z.infer<typeof metricPeriodSchema>;

/** An objective that reads a metric, and who owes its values. */
export const metricUseSchema = z.object({
  agreement: z.object({ key: keySchema, title: z.string() }),
  objective: z.object({ key: keySchema, title: z.string() }),
  provider: z.object({ key: keySchema, name: z.string() }),
  /** What is promised, in words. */
  promise: z.string(),
  unit: z.string(),
  /** The running one and those before, the newest first; none of rolling days. */
  periods: z.array(metricPeriodSchema),
});
export type MetricUse = z.infer<typeof metricUseSchema>;

export const usedMetricSchema = metricSchema.extend({
  last: metricSchema.shape.last.nullable(),
  /** Empty where no objective reads it. */
  uses: z.array(metricUseSchema),
});
export type UsedMetric = z.infer<typeof usedMetricSchema>;
export const usedMetricsSchema = z.object({ items: z.array(usedMetricSchema) });
export type UsedMetrics = z.infer<typeof usedMetricsSchema>;

export const metricValuesQuerySchema = pageQuerySchema
  .extend({ from: instant.optional(), to: instant.optional() })
  .refine(({ from, to }) => from === undefined || to === undefined || Date.parse(from) < Date.parse(to), {
    path: ['to'],
    message: 'must be after from',
  });
export type MetricValuesQuery = z.infer<typeof metricValuesQuerySchema>;
export const metricInstantSchema = instant;
