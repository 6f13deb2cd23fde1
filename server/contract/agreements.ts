/** Agreements on the wire and in the config file: what one party promises another. */
import { z } from 'zod';
import { durationMs } from '../../probes/support/duration.ts';
import { endUrgencies } from '../domain/end-urgency.ts';
import { usualSeverities } from '../domain/incident-severity.ts';
import { combinations } from '../domain/objective-line.ts';
import { calendarPeriods, type PeriodKind } from '../domain/period-kind.ts';
import { lifeStates } from './agreement-life.ts';
import { dateSchema, timeZoneSchema } from './calendars.ts';
import { keySchema, listQuerySchema, references, setOf } from './catalog.ts';

export const agreementKinds = ['SLA', 'OLA', 'UC'] as const;
export type AgreementKind = (typeof agreementKinds)[number];

const lines = { 'x-form': 'lines' };
const name = z.string().trim().max(120);
const markdown = z.string().max(4_000).default('').meta(lines);
const dayMs = 86_400_000;
const duration = durationMs({ min: 1, max: 366 * dayMs });

/** A share in percent as a decimal text, such as "99.95": above 0, below 100, with at most 6 decimals. */
export const percentSchema = z
  .string()
  .regex(/^\d{1,2}(\.\d{1,6})?$/, 'must be percent above 0 and below 100 with at most 6 decimals, such as "99.9"')
  .refine((text) => Number(text) > 0, 'must be above 0');
/** As above, and 100 as well. */
const wholePercentSchema = z
  .string()
  .regex(
    /^(100(\.0{1,6})?|\d{1,2}(\.\d{1,6})?)$/,
    'must be percent from 0 to 100 with at most 6 decimals, such as "95"',
  );

const base = {
  title: name.default('').describe('What is promised, in a few words; left out: its key'),
  note: z.string().max(500).default('').describe('What else is to be said about it').meta(lines),
};
const services = setOf(keySchema.meta(references('services')), 200)
  .default([])
  .describe("Services that it is about; left out: all of the agreement's");
const target = percentSchema.describe('Percent that must be good, such as "99.9"');
const severity = z.int().min(1).max(5).describe('1 the most severe');

const shareOrMisses = {
  target: percentSchema.nullish().describe('Percent that must be in time'),
  allowMisses: z.int().min(0).max(1_000_000).nullish().describe('So many of a period may be late'),
};
interface ShareOrMisses {
  target?: string | null | undefined;
  allowMisses?: number | null | undefined;
}
const hasOne = ({ target: share, allowMisses }: ShareOrMisses): boolean => (share == null) !== (allowMisses == null);
const oneOfThem = { path: ['target'], message: 'must be given, or allowMisses; not both' };

const clocked = {
  ...base,
  severity,
  of: z.enum(['incident', 'request']).default('incident').describe('What is counted'),
  within: duration.describe('Time that it may take, in support hours'),
  ...shareOrMisses,
  services,
};

export const objectiveInputSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('availability'),
    ...base,
    services,
    combine: z
      .enum(combinations)
      .default('any-down')
      .describe('Down when any is, only when all are, or the average of them'),
    target,
  }),
  z.strictObject({ type: z.literal('success'), ...base, services, target }),
  z.strictObject({
    type: z.literal('latency'),
    ...base,
    services,
    threshold: durationMs({ min: 1, max: 300_000 }).describe('A good observation takes at most this'),
    target,
  }),
  z
    .strictObject({
      type: z.literal('outage'),
      ...base,
      services,
      combine: z.enum(['any-down', 'all-down']).default('any-down').describe('Down when any is, or only when all are'),
      longest: duration.nullish().describe('No outage may last longer'),
      atMost: z.int().min(0).max(100_000).nullish().describe('No more outages in a period'),
      meanRestore: duration.nullish().describe('Mean time to restore service, at most'),
      meanBetween: duration.nullish().describe('Mean time between failures, at least'),
    })
    .refine(
      ({ longest, atMost, meanRestore, meanBetween }) =>
        [longest, atMost, meanRestore, meanBetween].filter((limit) => limit != null).length === 1,
      { path: ['longest'], message: 'must be given, or one of atMost, meanRestore and meanBetween; one alone' },
    ),
  z.strictObject({ type: z.literal('response'), ...clocked }).refine(hasOne, oneOfThem),
  z.strictObject({ type: z.literal('resolution'), ...clocked }).refine(hasOne, oneOfThem),
  z
    .strictObject({
      type: z.literal('recovery'),
      ...base,
      services,
      within: duration.nullish().describe('Time from the start of an incident or drill until service is restored'),
      of: z.enum(['incident', 'drill']).default('incident').describe('What is timed'),
      ...shareOrMisses,
      maxAge: duration.nullish().describe('The last good backup or drill is never older; needs its heartbeat'),
      probe: z
        .string()
        .max(130)
        .nullish()
        .describe('Heartbeat probe that tells of backups, such as payroll.backup')
        .meta(references('probes')),
    })
    .refine(({ within, maxAge }) => (within == null) !== (maxAge == null), {
      path: ['within'],
      message: 'must be given, or maxAge; not both',
    })
    .refine(({ maxAge, probe }) => maxAge == null || probe != null, {
      path: ['probe'],
      message: 'is needed for maxAge: the heartbeat that tells of it',
    })
    .refine((objective) => objective.within == null || hasOne(objective), oneOfThem),
  z
    .strictObject({
      type: z.literal('metric'),
      ...base,
      metric: keySchema.describe('Key under which its values are pushed').meta(references('metrics')),
      unit: z.string().trim().max(30).default('').describe('Unit that people read'),
      reading: z
        .enum(['sum', 'average', 'least', 'greatest', 'last'])
        .default('sum')
        .describe('What is made of the values of a period'),
      atLeast: decimalSchema().nullish().describe('Least value that is good'),
      atMost: decimalSchema().nullish().describe('Greatest value that is good'),
    })
    .refine(({ atLeast, atMost }) => (atLeast == null) !== (atMost == null), {
      path: ['atLeast'],
      message: 'must be given, or atMost; not both',
    }),
]);
export type ObjectiveInput = z.infer<typeof objectiveInputSchema>;
export type ObjectiveType = ObjectiveInput['type'];
export type ObjectiveOf<Type extends ObjectiveType> = Extract<ObjectiveInput, { type: Type }>;

function decimalSchema() {
  return z.string().regex(/^-?\d{1,15}(\.\d{1,6})?$/, 'must be a decimal number, such as "120" or "4.5"');
}

export const periodKindSchema = z
  .string()
  .refine(
    (text) => (calendarPeriods as readonly string[]).includes(text) || /^rolling-([1-9]\d{0,2})d$/.test(text),
    'must be week, month, quarter, year, or rolling days such as rolling-30d',
  )
  .transform((text) => text as PeriodKind)
  .describe('Span that the objectives are judged over')
  .meta({ 'x-form': 'period' });

export const countingSchema = z.strictObject({
  degraded: z.enum(['good', 'bad']).default('good').describe('How degraded time counts'),
  unknown: z
    .enum(['excluded', 'good', 'bad'])
    .default('excluded')
    .describe('How time counts of which nothing is known'),
  minimumOutage: durationMs({ min: 0, max: dayMs }).prefault('0s').describe('Shorter outages are forgiven'),
  minimumCoverage: wholePercentSchema
    .default('95')
    .describe('Percent of the time that must be known for a figure to count as proven'),
  maintenanceNotice: durationMs({ min: 0, max: 90 * dayMs })
    .prefault('5d')
    .describe('Maintenance that is announced later than this before it does not excuse'),
  maintenanceAllowance: durationMs({ min: 0, max: 366 * dayMs })
    .nullish()
    .describe('No more maintenance than this is excused in a period; left out: any'),
  upstream: z
    .enum(['counted', 'excused'])
    .default('counted')
    .describe('How downtime counts that comes from a service below'),
  tail: durationMs({ min: 0, max: dayMs })
    .prefault('0s')
    .describe('So long after the recovery of a service below, downtime is still put down to it'),
});
export type Counting = z.infer<typeof countingSchema>;

/** `network-ola/core`: an objective of another agreement. */
export const objectiveReferenceSchema = z
  .string()
  .regex(/^[a-z0-9-]{1,63}\/[a-z0-9-]{1,63}$/, 'must be <agreement>/<objective>, such as network-ola/core')
  .meta(references('objectives'));

const objectiveKey = keySchema
  .describe('The objective of this agreement that it follows from')
  .meta({ 'x-form': 'objective' });

export const consequencesSchema = z.strictObject({
  base: z
    .strictObject({
      amount: z
        .string()
        .regex(/^\d{1,12}(\.\d{1,2})?$/, 'must be an amount with at most 2 decimals, such as "10000.00"')
        .describe('Charge of a period that credits are a share of'),
      currency: z
        .string()
        .regex(/^[A-Z]{3}$/, 'must be a currency of three capital letters (ISO 4217), such as EUR')
        .describe('Currency (ISO 4217)'),
    })
    .nullish()
    .describe('What credits are a share of'),
  credits: z
    .array(
      z.strictObject({
        objective: objectiveKey,
        below: percentSchema.describe('Attained below this earns the credit'),
        percent: wholePercentSchema.describe('Percent of the base'),
      }),
    )
    .max(50)
    .default([])
    .describe('Credits by what was attained; of several tiers of an objective the lowest that was missed counts alone'),
  cap: z
    .strictObject({
      period: wholePercentSchema.nullish().describe('Percent of the base that all credits of a period come to at most'),
      year: wholePercentSchema.nullish().describe('Percent of the base that all credits of a year come to at most'),
    })
    .prefault({})
    .describe('How much credits come to at most'),
  costCentres: z
    .strictObject({
      from: z.string().trim().max(60).describe('Cost centre of the provider'),
      to: z.string().trim().max(60).describe('Cost centre of the customer'),
    })
    .nullish()
    .describe('Between which credits are transferred'),
  actions: z
    .array(
      z.strictObject({
        objective: objectiveKey,
        below: percentSchema.nullish().describe('Attained below this calls for it; left out: whenever it is missed'),
        repeated: z
          .strictObject({
            misses: z.int().min(1).max(12).describe('So many missed'),
            of: z.int().min(1).max(12).describe('of so many periods'),
          })
          .nullish()
          .describe('Only when it was missed again and again'),
        action: z.string().trim().min(1).max(300).describe('What is done then'),
      }),
    )
    .max(50)
    .default([])
    .describe('Formal actions that follow'),
});

const partySchema = z.strictObject({
  contacts: z.array(z.string().trim().min(1).max(200)).max(10).default([]).describe('Who is reached, and how'),
  escalation: z.array(z.string().trim().min(1).max(200)).max(10).default([]).describe('Who is reached next, in turn'),
  signatories: z
    .array(
      z.strictObject({
        name: name.min(1).describe('Name of the person'),
        email: z.email().describe('Where the person is reached'),
        user: z
          .string()
          .trim()
          .max(60)
          .meta(references('people'))
          .nullish()
          .describe('Name of the account that the person signs with; left out: the one named like the e-mail address'),
        role: name.default('').describe('What the person is to the party'),
      }),
    )
    .max(5)
    .default([])
    .describe('People who sign for the party'),
});

export const pauseReasons = ['customer', 'supplier', 'change-window', 'appointment'] as const;

export const textsSchema = z
  .strictObject({
    purpose: markdown.describe('What the agreement is for'),
    leftOut: markdown.describe('What it does not cover'),
    definitions: markdown.describe('Terms of its own, beside those of its objectives'),
    maintenance: markdown.describe('Rules for maintenance'),
    reporting: markdown.describe('How problems are reported'),
    duties: markdown.describe('Duties of the customer'),
    workload: markdown.describe('Limits of the workload that the promises hold for'),
    exceptions: markdown.describe('When the promises do not hold'),
    continuity: markdown.describe('Continuity and recovery after security incidents'),
    charges: markdown.describe('What it costs'),
    termination: markdown.describe('How it is renewed and ended'),
  })
  .describe('Free text, Markdown');

export const renewalSchema = z.strictObject({
  atEnd: z
    .enum(['expires', 'renews'])
    .default('expires')
    .describe('What becomes of it at its end: it expires, or goes on by itself for another term'),
  months: z.int().min(1).max(120).default(12).describe('So many months it goes on each time'),
  notice: durationMs({ min: 0, max: 366 * dayMs })
    .refine((ms) => ms % dayMs === 0, 'must be whole days, such as 30d')
    .prefault('30d')
    .describe('So long before the end of a term a party says that it does not go on'),
});

export const agreementInputSchema = z
  .strictObject({
    kind: z
      .enum(agreementKinds)
      .describe('SLA with a customer, OLA between teams that support one, UC with an outside supplier'),
    title: z.string().trim().min(1, 'must not be empty').max(120).describe('Title that people read'),
    provider: keySchema.describe('The team that promises').meta(references('teams')),
    customer: keySchema.describe('The team that it is promised to').meta(references('teams')),
    effective: z
      .strictObject({
        from: dateSchema.describe('First day on which it holds'),
        to: dateSchema.nullish().describe('First day on which it no longer holds; left out: until it is ended'),
      })
      .refine(({ from, to }) => to == null || from < to, { path: ['to'], message: 'must be after the first day' })
      .describe('When it holds'),
    timeZone: timeZoneSchema,
    calendar: keySchema.nullish().describe('Service hours; left out: around the clock').meta(references('calendars')),
    period: periodKindSchema.prefault('month'),
    supportCalendar: keySchema
      .nullish()
      .describe('Support hours, in which clocks run; left out: around the clock')
      .meta(references('calendars')),
    status: z.literal('declared').nullish().describe('In a config file alone: in force without signatures'),
    services: setOf(keySchema.meta(references('services')), 200)
      .default([])
      .describe('Services that it covers, beside those that its objectives name'),
    counting: countingSchema.prefault({}).describe('How time counts'),
    objectives: z
      .record(keySchema, objectiveInputSchema)
      .refine((all) => Object.keys(all).length > 0, 'must have an objective at least')
      .refine((all) => Object.keys(all).length <= 100, 'must not have more than 100 objectives')
      .describe('What is promised, by key'),
    restsOn: setOf(objectiveReferenceSchema, 50)
      .default([])
      .describe('Objectives of other agreements that it rests on, such as network-ola/core'),
    consequences: consequencesSchema.prefault({}).describe('What follows when an objective is missed'),
    arbiter: keySchema.nullish().describe('The team that decides where the parties disagree').meta(references('teams')),
    review: z
      .strictObject({ every: z.enum(calendarPeriods).default('quarter').describe('How often the parties review it') })
      .prefault({})
      .describe('When the parties look at it together'),
    renewal: renewalSchema.prefault({}).describe('What becomes of it at its end'),
    framework: keySchema
      .nullish()
      .describe('Framework terms that hold where it says nothing of its own')
      .meta(references('frameworks')),
    severities: z
      .array(z.array(z.int().min(1).max(5)).length(3))
      .length(3)
      .default(usualSeverities.map((row) => [...row]))
      .describe('Severity by impact (rows, 1 to 3) and urgency (columns, 1 to 3)'),
    pausedBy: setOf(z.enum(pauseReasons), pauseReasons.length)
      .default(['customer', 'appointment'])
      .describe('Reasons of waiting that stop the resolution clock'),
    parties: z
      .strictObject({
        provider: partySchema.prefault({}).describe('People of the provider'),
        customer: partySchema.prefault({}).describe('People of the customer'),
      })
      .prefault({})
      .describe('People of both parties'),
    texts: textsSchema.prefault({}).describe('Free text, Markdown'),
  })
  .superRefine(({ provider, customer, objectives, consequences, effective, renewal }, { addIssue }) => {
    if (renewal.atEnd === 'renews' && effective.to == null)
      addIssue({ code: 'custom', path: ['effective', 'to'], message: 'is needed: the end of the first term' });
    if (provider === customer)
      addIssue({ code: 'custom', path: ['customer'], message: 'must be another team than the provider' });
    const follows = [
      ...consequences.credits.map((one, index) => ({ one, path: ['consequences', 'credits', index, 'objective'] })),
      ...consequences.actions.map((one, index) => ({ one, path: ['consequences', 'actions', index, 'objective'] })),
    ];
    for (const { one, path } of follows) {
      if (!Object.hasOwn(objectives, one.objective))
        addIssue({
          code: 'custom',
          path,
          message: `names "${one.objective}", which is no objective of this agreement`,
        });
    }
    if (consequences.credits.length > 0 && !consequences.base)
      addIssue({ code: 'custom', path: ['consequences', 'base'], message: 'is needed for credits' });
  });
export type AgreementInput = z.infer<typeof agreementInputSchema>;

const at = z.iso.datetime();

/** What figures rest on: nothing that is agreed, what the config file declares, or what both parties signed. */
export const agreementStatuses = ['draft', 'declared', 'signed'] as const;
export type AgreementStatus = (typeof agreementStatuses)[number];

export const agreementVersionSchema = z.object({
  number: z.int(),
  status: z.enum(lifeStates),
  effective: z.object({ from: dateSchema, to: dateSchema.nullable() }),
  createdAt: at,
  /** As people write it. */
  document: z.record(z.string(), z.unknown()),
});
export type AgreementVersion = z.infer<typeof agreementVersionSchema>;

/** When an agreement ends, or may. */
export const agreementEndingSchema = z.object({
  /** It expires, goes on by itself, was ended by a party, or is over. */
  kind: z.enum(['expires', 'renews', 'ends', 'over']),
  /** The first day on which it no longer holds; of what goes on, the next end that a party can still ask for. */
  on: dateSchema,
  /** Of what goes on: the last day to ask for that. */
  noticeBy: dateSchema.nullable(),
  /** How near that is; null while it is far. */
  urgency: z.enum(endUrgencies).nullable(),
  /** In a few words, once it is near: `Ends in 12 days`. */
  mark: z.string().nullable(),
  /** What that means, in a sentence or two. */
  text: z.string(),
});
export type AgreementEnding = z.infer<typeof agreementEndingSchema>;

export const agreementSummarySchema = z.object({
  key: keySchema,
  title: z.string(),
  kind: z.enum(agreementKinds),
  provider: keySchema,
  customer: keySchema,
  /** Whether it is agreed, and by what. */
  status: z.enum(agreementStatuses),
  /** Where it is in its life. */
  life: z.enum(lifeStates),
  /** What became of the version that is to follow; null where none is on its way. */
  proposal: z.enum(['proposed', 'returned']).nullable(),
  effective: z.object({ from: dateSchema, to: dateSchema.nullable() }),
  /** Null where nothing says that it ends. */
  ending: agreementEndingSchema.nullable(),
  period: z.string(),
  timeZone: z.string(),
  managedBy: z.enum(['file']).nullable(),
  mayChange: z.boolean(),
  updatedAt: at,
});
export type AgreementSummary = z.infer<typeof agreementSummarySchema>;

export const agreementSchema = agreementSummarySchema.extend({
  /** The newest version that is in force or was; without any the draft. As people write it. */
  document: z.record(z.string(), z.unknown()),
  /** What is being edited; null where it is in force as it stands. */
  draft: z.record(z.string(), z.unknown()).nullable(),
  /** In order of number, those that were only proposed too. */
  versions: z.array(agreementVersionSchema),
  /** What is or was in force can be ended, not deleted. */
  mayDelete: z.boolean(),
  createdAt: at,
});
export type Agreement = z.infer<typeof agreementSchema>;

export const agreementListQuerySchema = listQuerySchema.extend({
  team: keySchema.optional().describe('A party to it'),
  service: keySchema.optional().describe('A service that it is about'),
});
export type AgreementListQuery = z.infer<typeof agreementListQuerySchema>;
