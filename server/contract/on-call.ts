/** On-call schedules on the wire and in the config file: who is told when something burns, at any instant. */
import { z } from 'zod';
import { durationMs } from '../../probes/support/duration.ts';
import { weekdays } from '../domain/opening.ts';
import { userNameSchema } from './access.ts';
import { dateSchema, timeZoneSchema, weekSchema } from './calendars.ts';
import { keySchema, pageQuerySchema, references, setOf } from './catalog.ts';

const at = z.iso.datetime();
const hourMs = 3_600_000;

export const rotations = ['daily', 'weekly', 'custom'] as const;

const layerFields = z.strictObject({
  name: z.string().trim().max(120).default('').describe('What people call the layer; left out: its place'),
  members: setOf(userNameSchema.meta(references('people')), 100)
    .min(1, 'must name a person at least')
    .describe('Accounts in the order of their turns'),
  rotation: z.enum(rotations).default('weekly').describe('How often the turn changes'),
  length: durationMs({ min: hourMs, max: 366 * 24 * hourMs })
    .refine((ms) => ms % hourMs === 0, 'must be whole hours')
    .nullish()
    .describe('How long a turn of a custom rotation lasts by the wall clock, such as 12h or 14d'),
  handOver: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day, such as 09:00')
    .default('09:00')
    .describe('When the turn changes, by the wall clock of the time zone'),
  handOverDay: z.enum(weekdays).default('mon').describe('The day on which a weekly turn changes'),
  start: dateSchema.describe('The date from whose hand-over time on it holds'),
  hours: weekSchema
    .prefault({})
    .describe('Hours of the week in which the layer holds, such as nights and weekends; none at all: around the clock'),
});
export const onCallLayerSchema = layerFields.refine(
  ({ rotation, length }) => (rotation === 'custom') === (length != null),
  { path: ['length'], message: 'is needed for a custom rotation, and for no other' },
);
export type OnCallLayerInput = z.infer<typeof onCallLayerSchema>;

export const onCallScheduleInputSchema = z.strictObject({
  name: z.string().trim().min(1, 'must not be empty').max(120).describe('Name that people read'),
  team: keySchema
    .meta(references('teams'))
    .nullish()
    .describe('Whose schedule it is: who leaves this team leaves a gap; left out: anybody may be in it'),
  timeZone: timeZoneSchema,
  layers: z
    .array(onCallLayerSchema)
    .min(1, 'must have a layer at least')
    .max(10)
    .describe('Rotations, the topmost first: where one holds, those below it do not'),
});
export type OnCallScheduleInput = z.infer<typeof onCallScheduleInputSchema>;

/** Why nobody is reached: nobody has the turn, or who has it has no account, cannot sign in, or left the team. */
export const gapReasons = ['nobody', 'gone', 'disabled', 'not-in-team'] as const;
export type GapReason = (typeof gapReasons)[number];

export const shiftSchema = z.object({
  from: at,
  to: at,
  /** The name of the account, also of one that is gone; null where nobody has the turn. */
  member: z.string().nullable(),
  /** As people read it; of an account that is gone its name. */
  name: z.string(),
  /** The name of the layer; null of an override, and of a gap that nobody fills. */
  layer: z.string().nullable(),
  override: z.int().nullable(),
  /** Null where somebody is reached. */
  gap: z.enum(gapReasons).nullable(),
});
export type OnCallShift = z.infer<typeof shiftSchema>;

/** A shift of which one end may lie further off than was looked. */
export const standingShiftSchema = shiftSchema.extend({ from: at.nullable(), to: at.nullable() });
export type StandingShift = z.infer<typeof standingShiftSchema>;

export const onCallNowSchema = z.object({
  at,
  current: standingShiftSchema,
  /** Who or what follows; null where that is further off than was looked. */
  next: standingShiftSchema.nullable(),
});
export type OnCallNow = z.infer<typeof onCallNowSchema>;

export const comingGapsSchema = z.object({
  /** All of them in the coming four weeks. */
  seconds: z.int(),
  count: z.int(),
  /** The first few. */
  first: z.array(shiftSchema.pick({ from: true, to: true, name: true, gap: true })),
});

export const onCallScheduleSchema = onCallScheduleInputSchema.extend({
  key: keySchema,
  layers: z.array(layerFields.extend({ length: z.string().nullable() })),
  managedBy: z.enum(['file']).nullable(),
  mayChange: z.boolean(),
  /** Whether the caller may put somebody in the place of who has the turn. */
  mayOverride: z.boolean(),
  now: onCallNowSchema.omit({ at: true }),
  gaps: comingGapsSchema,
  /** Escalation policies that tell it. */
  usedBy: z.array(z.object({ key: keySchema, name: z.string() })),
  updatedAt: at,
});
export type OnCallSchedule = z.infer<typeof onCallScheduleSchema>;

const longestDays = 400;
const spanFields = { from: z.iso.datetime({ offset: true }), to: z.iso.datetime({ offset: true }) };
export const shiftsQuerySchema = z.object(spanFields).superRefine(({ from, to }, { addIssue }) => {
  const lengthMs = Date.parse(to) - Date.parse(from);
  if (lengthMs <= 0) addIssue({ code: 'custom', path: ['to'], message: 'must be after from' });
  if (lengthMs > longestDays * 24 * hourMs)
    addIssue({ code: 'custom', path: ['to'], message: `must be at most ${longestDays} days after from` });
});
export type ShiftsQuery = z.infer<typeof shiftsQuerySchema>;

/** What a span is made of, cut at both its ends: all of it in `shifts`, and each layer by itself. */
export const shiftsSchema = z.object({
  timeZone: z.string(),
  shifts: z.array(shiftSchema),
  layers: z.array(z.object({ name: z.string(), shifts: z.array(shiftSchema) })),
});
export type OnCallShifts = z.infer<typeof shiftsSchema>;

export const overrideInputSchema = z
  .strictObject({
    member: userNameSchema.meta(references('people')).describe('The account that is on call instead'),
    ...spanFields,
    reason: z.string().trim().max(500).default('').describe('Why, for those who ask later'),
  })
  .superRefine(({ from, to }, { addIssue }) => {
    const lengthMs = Date.parse(to) - Date.parse(from);
    if (lengthMs <= 0) addIssue({ code: 'custom', path: ['to'], message: 'must be after its begin' });
    if (lengthMs > 100 * 24 * hourMs)
      addIssue({ code: 'custom', path: ['to'], message: 'must be at most 100 days after its begin' });
  });
export type OverrideInput = z.infer<typeof overrideInputSchema>;

export const overrideSchema = z.object({
  id: z.int(),
  member: z.string(),
  name: z.string(),
  from: at,
  to: at,
  reason: z.string(),
  by: z.string(),
  createdAt: at,
  gap: z.enum(gapReasons).nullable(),
});
export type OnCallOverride = z.infer<typeof overrideSchema>;

/** A person as a form offers them: `key` is the name of the account. */
export const personSchema = z.object({ key: z.string(), name: z.string() });
export type OnCallPerson = z.infer<typeof personSchema>;
export const peopleQuerySchema = pageQuerySchema.extend({ text: z.string().trim().max(200).optional() });
export type PeopleQuery = z.infer<typeof peopleQuerySchema>;

const turn = z.object({ from: at.nullable(), to: at.nullable() });
/** The schedules in which the caller has a turn, now or within half a year; those in which that is now first. */
export const ownShiftsSchema = z.array(
  z.object({
    schedule: z.object({ key: keySchema, name: z.string(), timeZone: z.string() }),
    current: turn.nullable(),
    next: turn.nullable(),
  }),
);
export type OwnShifts = z.infer<typeof ownShiftsSchema>;

export const feedInputSchema = z.strictObject({
  name: z.string().trim().min(1, 'must not be empty').max(120).describe('Where it is read, such as Phone'),
});
export type FeedInput = z.infer<typeof feedInputSchema>;
export const feedSchema = z.object({
  id: z.int(),
  name: z.string(),
  by: z.string(),
  createdAt: at,
  lastUsedAt: at.nullable(),
});
export type OnCallFeed = z.infer<typeof feedSchema>;
/** The answer to making a feed: the only one that ever holds its address. */
export const newFeedSchema = feedSchema.extend({ path: z.string() });
export type NewOnCallFeed = z.infer<typeof newFeedSchema>;
export const feedQuerySchema = z.object({ token: z.string().max(200).default('') });
export type FeedQuery = z.infer<typeof feedQuerySchema>;
