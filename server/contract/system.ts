/** How Troth itself fares: its agents and locations, its health, what it stores and what it costs. */
import { z } from 'zod';
import { keySchema } from './catalog.ts';
import { agentSchema } from './probing.ts';

const at = z.iso.datetime();

/** What the database holds, by what it is for. */
export const storageParts = ['fresh', 'packed', 'details', 'buckets', 'timelines', 'audit', 'queues', 'other'] as const;
export type StoragePart = (typeof storageParts)[number];

export const systemLocationSchema = z.object({
  key: keySchema,
  name: z.string(),
  agents: z.int(),
  /** Probes that run there and are not paused, and how many of them have never been observed. */
  probes: z.int(),
  neverObserved: z.int(),
  /** Slots that are owed there in an hour, and those that nobody observed in the last hour and in the last day. */
  owedPerHour: z.int(),
  missedLastHour: z.int(),
  missedLastDay: z.int(),
});
export type SystemLocation = z.infer<typeof systemLocationSchema>;

export const systemSchema = z.object({
  asOf: at,
  version: z.string(),
  ready: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), required: z.boolean(), detail: z.string() })),
  /** `here`: the server that answers holds the lease. */
  dispatch: z.object({ held: z.boolean(), here: z.boolean(), since: at.nullable(), epoch: z.int() }),
  queue: z.object({
    store: z.enum(['redis', 'postgres']),
    /** How long the oldest result waits, ms; null while the queue does not answer. */
    lagMs: z.number().nullable(),
  }),
  locations: z.array(systemLocationSchema),
  /** Heard within a day, those that live first. */
  agents: z.array(agentSchema),
  storage: z.object({
    databaseBytes: z.int(),
    /** Bytes a day over the days that `growthDays` tells; null until a day has passed. */
    growthBytes: z.int().nullable(),
    growthDays: z.int(),
    /** Rows as the database estimates them; of packed observations, hours of a series. */
    parts: z.array(z.object({ part: z.enum(storageParts), rows: z.int(), bytes: z.int(), tables: z.int() })),
  }),
  /** Of the server process that answers, over the last hour at most. */
  cost: z.object({
    startedAt: at,
    overMs: z.int(),
    /** Cores in use on average: 0.5 is half of one. */
    cpuCores: z.number(),
    memoryBytes: z.int(),
    /** Observations that this server stored in that time, and its CPU time for each; null without any. */
    observations: z.int(),
    cpuMsPerObservation: z.number().nullable(),
  }),
  /** Where it runs and on what: only for those who may read metrics. */
  inside: z
    .object({
      host: z.string(),
      dispatcherHost: z.string().nullable(),
      node: z.string(),
      postgres: z.string(),
      connections: z.int(),
      mostConnections: z.int(),
    })
    .nullable(),
});
export type System = z.infer<typeof systemSchema>;
