/** Teams, locations, services and probes on the wire and in the config file. */
import { z } from 'zod';
import { durationMs } from '../../probes/support/duration.ts';

export const keySchema = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    'must be 1 to 63 of a-z, 0-9 and "-", and begin and end with a letter or digit',
  )
  .describe('A key: lower-case letters, digits and hyphens');

/** `payroll.login`: a probe outside its service. Parsed to its two parts. */
export const probeKeySchema = z
  .string()
  .regex(/^[^.]+\.[^.]+$/, 'must be <service>.<probe>, such as payroll.login')
  .transform((text) => {
    const [service, key] = text.split('.') as [string, string];
    return { service, key };
  })
  .pipe(z.object({ service: keySchema, key: keySchema }));

export const categories = ['network', 'application', 'security', 'support', 'process'] as const;
export const probeRoles = ['critical', 'supporting'] as const;

const name = z.string().trim().min(1, 'must not be empty').max(120);
const description = z.string().max(2_000).default('');
export const tagSchema = z.string().trim().min(1).max(60);
export const mostTags = 50;
/** Hints for whoever draws a form: a text of several lines, and whose keys a field holds. */
const lines = { 'x-form': 'lines' };
export type ReferenceKind =
  | 'teams'
  | 'locations'
  | 'services'
  | 'probes'
  | 'boards'
  | 'calendars'
  | 'frameworks'
  | 'objectives'
  | 'metrics'
  | 'people'
  | 'on-call-schedules'
  | 'escalation-policies'
  | 'agreements'
  | 'channels';
export const references = (to: ReferenceKind) => ({ 'x-references': to });
/** A list that names nothing twice; the fault is at the second. */
export const setOf = <Item extends z.ZodType<string | number>>(item: Item, max: number) =>
  z
    .array(item)
    .max(max)
    .superRefine((items, { addIssue }) => {
      for (const [index, one] of items.entries()) {
        if (items.indexOf(one) !== index) {
          addIssue({ code: 'custom', path: [index], message: `names "${one}" twice` });
        }
      }
    })
    .meta({ uniqueItems: true });
/** From 1 s to 1 day. */
const interval = durationMs({ min: 1_000, max: 86_400_000 });

export const teamInputSchema = z.strictObject({
  name: name.describe('Name that people read'),
  email: z.email().nullish().describe('Where the team is reached'),
  description: description.describe('What the team does').meta(lines),
});
export type TeamInput = z.infer<typeof teamInputSchema>;

export const locationInputSchema = z.strictObject({
  name: name.describe('Name that people read'),
  description: description.describe('Where it is and what it sees').meta(lines),
});
export type LocationInput = z.infer<typeof locationInputSchema>;

export const confirmSchema = z.strictObject({
  failures: z.int().min(1).max(10).default(2).describe('Failed attempts in a row that make an outage'),
  recheckAfter: durationMs({ min: 500, max: 3_600_000 })
    .prefault('5s')
    .describe('How long after a failure the agent tries again'),
  successes: z.int().min(1).max(10).default(1).describe('Good attempts in a row that end an outage'),
});

export const probeInputSchema = z
  .strictObject({
    name: z.string().trim().max(120).default('').describe('Name that people read; left out: the key'),
    kind: z.string().describe('The kind of probe: http, tcp, tls, dns, icmp, heartbeat'),
    every: interval.optional().describe('The interval between slots; left out: as suits the kind'),
    timeout: durationMs({ min: 100, max: 300_000 })
      .optional()
      .describe('A run without an answer ends after this; at most the interval; left out: as suits the kind'),
    locations: setOf(keySchema.meta(references('locations')), 100)
      .default([])
      .describe('Where the probe runs; none for kinds that wait for a push'),
    role: z
      .enum(probeRoles)
      .default('critical')
      .describe('Whether its failure takes the service down, or only degrades it'),
    confirm: confirmSchema.prefault({}).describe('When a failure counts as an outage'),
    degradedAbove: durationMs({ min: 1, max: 300_000 })
      .nullish()
      .describe('A good answer slower than this is degraded'),
    quorum: z
      .int()
      .min(1)
      .max(100)
      .nullish()
      .describe('Locations that must say down; left out: a majority of those with fresh results'),
    paused: z.boolean().default(false).describe('A paused probe is not run and not counted'),
    config: z.record(z.string(), z.unknown()).default({}).describe('What to probe: fields of the kind'),
  })
  .refine(({ every, timeout }) => !((timeout as number) > (every as number)), {
    path: ['timeout'],
    message: 'must not be longer than the interval',
  });
export type ProbeInput = z.infer<typeof probeInputSchema>;

export const serviceInputSchema = z.strictObject({
  name: name.describe('Name that people read'),
  description: description.describe('What the service does').meta(lines),
  category: z.enum(categories).default('application').describe('What sort of service it is'),
  owner: keySchema.describe('The team that provides it').meta(references('teams')),
  tier: z.int().min(1).max(4).default(3).describe('1 the most important, 4 the least'),
  tags: setOf(tagSchema, mostTags).default([]).describe('Words to find it by'),
  paused: z.boolean().default(false).describe('A paused service is unmonitored'),
  atLeast: z
    .int()
    .min(1)
    .max(100)
    .nullish()
    .describe('For redundant parts: up while this many critical probes are; all of them where there are fewer'),
  dependsOn: setOf(keySchema.meta(references('services')), 200)
    .default([])
    .describe('Services that this one rests on'),
});
export type ServiceInput = z.infer<typeof serviceInputSchema>;

/** A service that is made together with others and with its probes. */
export const newServiceSchema = serviceInputSchema.extend({
  key: keySchema,
  probes: z.record(keySchema, probeInputSchema).default({}).describe('Probes of the service by key'),
});
export const newServicesSchema = z.strictObject({
  services: z.array(newServiceSchema).min(1).max(500).describe('Services that are not there yet'),
});
export type NewServicesInput = z.input<typeof newServicesSchema>;
export const madeServicesSchema = z.object({ made: z.array(keySchema) });
export type MadeServices = z.infer<typeof madeServicesSchema>;

const at = z.iso.datetime();
const managed = {
  managedBy: z.enum(['file']).nullable(),
  /** Whether the caller may change it: by right, and because no file manages it. */
  mayChange: z.boolean(),
  updatedAt: at,
};

/** What a writer believes is there: nothing yet, or the thing as it was read at its `updatedAt`. */
export const putQuerySchema = z.object({
  expect: z
    .union([z.literal('new'), z.iso.datetime()])
    .optional()
    .describe(
      'What you believe is there: new for nothing, else its updatedAt; where it is otherwise, nothing is written',
    ),
});
export type PutQuery = z.infer<typeof putQuerySchema>;

export const teamSchema = teamInputSchema.extend({ key: keySchema, ...managed });
export type Team = z.infer<typeof teamSchema>;

export const locationSchema = locationInputSchema.extend({ key: keySchema, ...managed });
export type Location = z.infer<typeof locationSchema>;

/** Durations in answers are milliseconds. */
export const probeSchema = z.object({
  /** `payroll.login`: unique outside the service. */
  key: z.string(),
  service: keySchema,
  name: z.string(),
  kind: z.string(),
  target: z.string(),
  everyMs: z.int(),
  timeoutMs: z.int(),
  locations: z.array(keySchema),
  role: z.enum(probeRoles),
  confirm: z.object({ failures: z.int(), recheckAfterMs: z.int(), successes: z.int() }),
  degradedAboveMs: z.int().nullable(),
  quorum: z.int().nullable(),
  paused: z.boolean(),
  /** Secrets are shown as `********`. */
  config: z.record(z.string(), z.unknown()),
  /** Where a heartbeat is sent; only for those who may change the probe. */
  pushUrl: z.string().optional(),
  ...managed,
});
export type Probe = z.infer<typeof probeSchema>;

export const serviceSchema = serviceInputSchema.extend({
  key: keySchema,
  ...managed,
  dependents: z.array(keySchema),
  probes: z.array(probeSchema),
  createdAt: at,
});
export type Service = z.infer<typeof serviceSchema>;

/** What a secret looks like in an answer; sent back unchanged, it keeps the stored secret. */
export const hiddenSecret = '********';

export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
  cursor: z.string().max(200).optional(),
});
export type PageQuery = z.infer<typeof pageQuerySchema>;
const text = z.string().trim().max(200).optional().describe('Found in key or name');
export const listQuerySchema = pageQuerySchema.extend({ text });
export const serviceListQuerySchema = listQuerySchema.extend({
  team: keySchema.optional().describe('The team that provides it'),
  category: z.enum(categories).optional(),
  tag: z.string().trim().max(60).optional(),
});
export type ServiceListQuery = z.infer<typeof serviceListQuerySchema>;
export const probeListQuerySchema = listQuerySchema.extend({
  service: keySchema.optional(),
  kind: z.string().max(60).optional(),
  location: keySchema.optional(),
});
export type ProbeListQuery = z.infer<typeof probeListQuerySchema>;
export type ListQuery = z.infer<typeof listQuerySchema>;

/** A page of a list; `next` is the cursor of the following page, null on the last. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next: z.string().nullable() });
export interface Page<Item> {
  items: Item[];
  next: string | null;
}

export const probeKindSchema = z.object({
  kind: z.string(),
  title: z.string(),
  description: z.string(),
  mode: z.enum(['pull', 'push']),
  defaults: z.object({ everyMs: z.int(), timeoutMs: z.int() }),
  schema: z.record(z.string(), z.unknown()),
});
export type ProbeKindInfo = z.infer<typeof probeKindSchema>;
