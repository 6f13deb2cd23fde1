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

export const metricValuesQuerySchema = pageQuerySchema
  .extend({ from: instant.optional(), to: instant.optional() })
  .refine(({ from, to }) => from === undefined || to === undefined || Date.parse(from) < Date.parse(to), {
    path: ['to'],
    message: 'must be after from',
  });
export type MetricValuesQuery = z.infer<typeof metricValuesQuerySchema>;
export const metricInstantSchema = instant;
