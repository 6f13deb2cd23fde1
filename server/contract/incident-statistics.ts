/** How often things fail, and how fast people answer and restore. */
import { z } from 'zod';
import { incidentKinds } from './incidents.ts';

export const statisticsGroups = ['service', 'team', 'severity', 'month'] as const;
const instant = z.iso.datetime({ offset: true });

export const statisticsQuerySchema = z
  .strictObject({
    by: z.enum(statisticsGroups).default('service').describe('What they are told of, one by one'),
    kind: z.enum(incidentKinds).default('incident'),
    from: instant.optional().describe('Those that began from here on; left out: 90 days before the end'),
    to: instant.optional().describe('Those that began before this; left out: now'),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || Date.parse(from) < Date.parse(to), {
    path: ['to'],
    message: 'must be after from',
  });
export type StatisticsQuery = z.infer<typeof statisticsQuerySchema>;

const figuresSchema = z.object({
  count: z.int(),
  /** Not resolved yet. */
  open: z.int(),
  reopened: z.int(),
  /** From detection or report to whoever took it, on average; null where nobody took any. */
  meanAcknowledgeSeconds: z.number().nullable(),
  /** From the beginning to the restored service, on average; null where none was resolved. */
  meanRestoreSeconds: z.number().nullable(),
  /** Time without an incident of the services concerned, by the number of incidents; null without any. */
  meanBetweenSeconds: z.number().nullable(),
});
export const incidentStatisticsSchema = z.object({
  by: z.enum(statisticsGroups),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  all: figuresSchema,
  /** In order of the key: that of a service or team, a severity, a month such as 2026-10 in UTC. */
  groups: z.array(figuresSchema.extend({ key: z.string(), name: z.string() })),
});
export type IncidentStatistics = z.infer<typeof incidentStatisticsSchema>;
