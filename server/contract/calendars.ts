/** Calendars, which are service hours, on the wire and in the config file. */
import { z } from 'zod';
import { openingOf, weekdays } from '../domain/opening.ts';
import { isTimeZone } from '../domain/time-zone.ts';
import { keySchema } from './catalog.ts';

export const timeZoneSchema = z
  .string()
  .refine(isTimeZone, 'must be a time zone by its IANA name, such as Europe/Berlin')
  .describe('Time zone by its IANA name')
  .meta({ 'x-form': 'time-zone' });

const noDate = 'must be a date, such as 2026-12-24';
/** A date of the common era: the year 0 has none. */
export const dateSchema = z.iso.date(noDate).refine((text) => !text.startsWith('0000'), noDate);

const opening = z
  .string()
  .refine((text) => openingOf(text) !== null, 'must be hours of a day, such as 08:00-18:00; a day ends at 24:00');
/** Openings of a day, rising and apart from each other; those that meet are fine. */
export const openingsSchema = z
  .array(opening)
  .max(24)
  .superRefine((texts, { addIssue }) => {
    const openings = texts.map(openingOf);
    for (let index = 1; index < openings.length; index += 1) {
      const [before, after] = [openings[index - 1], openings[index]];
      if (before && after && after.fromMinute < before.toMinute)
        addIssue({ code: 'custom', path: [index], message: 'must begin after the hours before it end' });
    }
  });

export const weekSchema = z
  .strictObject(
    Object.fromEntries(weekdays.map((day) => [day, openingsSchema.default([])])) as Record<
      (typeof weekdays)[number],
      z.ZodDefault<typeof openingsSchema>
    >,
  )
  .describe('Hours of each day of the week; a day that is left out is closed')
  .meta({ 'x-form': 'week' });

export const holidaysSchema = z.strictObject({
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'must be a country of two capital letters (ISO 3166), such as DE')
    .describe('Country (ISO 3166)'),
  region: z.string().max(10).nullish().describe('State or region of the country, such as BE'),
});

export const calendarExceptionSchema = z.strictObject({
  date: dateSchema.describe('A date in the time zone of the calendar'),
  hours: openingsSchema.describe('Hours of that date, whatever the week and the holidays say; none: closed'),
  name: z.string().trim().max(120).default('').describe('What the date is'),
});

export const calendarInputSchema = z.strictObject({
  name: z.string().trim().max(120).default('').describe('Name that people read; left out: the key'),
  timeZone: timeZoneSchema,
  week: weekSchema.prefault({}),
  holidays: holidaysSchema.nullish().describe('Public holidays on which it is closed').meta({ 'x-form': 'holidays' }),
  exceptions: z
    .array(calendarExceptionSchema)
    .max(2_000)
    .default([])
    .superRefine((exceptions, { addIssue }) => {
      const dates = exceptions.map(({ date }) => date);
      for (const [index, date] of dates.entries()) {
        if (dates.indexOf(date) !== index)
          addIssue({ code: 'custom', path: [index, 'date'], message: `names ${date} twice` });
      }
    })
    .describe('Dates with hours of their own')
    .meta({ 'x-form': 'exceptions' }),
});
export type CalendarInput = z.infer<typeof calendarInputSchema>;

/** A calendar as it is stored, with what the caller may do to it. */
export const calendarSchema = calendarInputSchema.extend({
  key: keySchema,
  managedBy: z.enum(['file']).nullable(),
  mayChange: z.boolean(),
  updatedAt: z.iso.datetime(),
});
export type Calendar = z.infer<typeof calendarSchema>;

const farthestSeconds = 50 * 366 * 86_400;
export const workingTimeQuerySchema = z
  .object({ from: z.iso.datetime({ offset: true }), to: z.iso.datetime({ offset: true }) })
  .superRefine(({ from, to }, { addIssue }) => {
    const lengthMs = Date.parse(to) - Date.parse(from);
    if (lengthMs < 0) addIssue({ code: 'custom', path: ['to'], message: 'must not be before from' });
    if (lengthMs > farthestSeconds * 1_000)
      addIssue({ code: 'custom', path: ['to'], message: 'must be at most 50 years after from' });
  });
export type WorkingTimeQuery = z.infer<typeof workingTimeQuerySchema>;

/** Working time between two instants. */
export const workingTimeSchema = z.object({ seconds: z.number() });
export type WorkingTime = z.infer<typeof workingTimeSchema>;

export const deadlineQuerySchema = z.object({
  start: z.iso.datetime({ offset: true }),
  seconds: z.coerce
    .number()
    .min(-farthestSeconds)
    .max(farthestSeconds)
    .describe('Working time that passes until then; negative: that passed before'),
});
export type DeadlineQuery = z.infer<typeof deadlineQuerySchema>;
export const deadlineSchema = z.object({ at: z.iso.datetime() });
export type Deadline = z.infer<typeof deadlineSchema>;

export const calendarYearQuerySchema = z.object({
  year: z.coerce.number().int().min(1970).max(2100).describe('A year of the time zone of the calendar'),
});
export type CalendarYearQuery = z.infer<typeof calendarYearQuerySchema>;

export const calendarDaySchema = z.object({
  date: z.iso.date(),
  /** Openings by the wall clock, as they are written: `08:00-18:00`. */
  hours: z.array(z.string()),
  /** What gave the day its hours. */
  kind: z.enum(['week', 'holiday', 'exception']),
  /** Of the holiday or the exception; empty where it has none. */
  name: z.string(),
  /** How long the day really is, and how much of it is open. */
  lengthSeconds: z.number(),
  openSeconds: z.number(),
  /** Whether the clocks go forward or back on that day. */
  clockChange: z.enum(['forward', 'back']).nullable(),
});
export type CalendarDay = z.infer<typeof calendarDaySchema>;
/** Every day of a year, for a view of it. */
export const calendarYearSchema = z.object({
  year: z.int(),
  timeZone: z.string(),
  openSeconds: z.number(),
  days: z.array(calendarDaySchema),
});
export type CalendarYear = z.infer<typeof calendarYearSchema>;

export const calendarImportQuerySchema = z.object({
  preview: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe('Whether it is only told what an import would do'),
});
export type CalendarImportQuery = z.infer<typeof calendarImportQuerySchema>;

/** What an iCalendar file makes of the exceptions; those on other dates stay as they are. */
export const calendarImportSchema = z.object({
  applied: z.boolean(),
  added: z.array(calendarExceptionSchema),
  changed: z.array(z.object({ before: calendarExceptionSchema, after: calendarExceptionSchema })),
  unchanged: z.int(),
  /** Events that could not be used, and why. */
  skipped: z.array(z.object({ event: z.string(), reason: z.string() })),
});
export type CalendarImport = z.infer<typeof calendarImportSchema>;

/** Countries whose public holidays are known, with their states and regions. */
export const holidayCountriesSchema = z.object({
  countries: z.array(
    z.object({
      code: z.string(),
      name: z.string(),
      regions: z.array(z.object({ code: z.string(), name: z.string() })),
    }),
  ),
});
export type HolidayCountries = z.infer<typeof holidayCountriesSchema>;
