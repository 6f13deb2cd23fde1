/** Planned maintenance on the wire and in the config file: windows, once or recurring, in which work is done. */
import { z } from 'zod';
import { durationMs } from '../../probes/support/duration.ts';
import { dateSchema, timeZoneSchema } from './calendars.ts';
import { keySchema, references, setOf } from './catalog.ts';

const localTime = /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d$/;

/** Whether the times it names ever come is for the server to tell: the browser has no calendar of zones. */
export const maintenanceInputSchema = z.strictObject({
  name: z.string().trim().max(120).default('').describe('What is done; left out: the key'),
  note: z
    .string()
    .max(2_000)
    .default('')
    .describe('What else those it concerns should know')
    .meta({ 'x-form': 'lines' }),
  services: setOf(keySchema.meta(references('services')), 200)
    .min(1, 'must name a service at least')
    .describe('Services that are worked on'),
  dependents: z.boolean().default(false).describe('Whether it holds for the services that rest on them too'),
  start: z
    .string()
    .regex(localTime, 'must be a local date and time to the minute, such as 2026-03-01T02:00')
    .describe('When it begins, by the wall clock of its time zone')
    .meta({ 'x-form': 'local-time' }),
  timeZone: timeZoneSchema,
  duration: durationMs({ min: 60_000, max: 7 * 86_400_000 }).describe('How long it lasts'),
  repeat: z
    .string()
    .max(500)
    .nullish()
    .describe('How it recurs (RFC 5545 RRULE), such as FREQ=WEEKLY;BYDAY=SU; left out: once')
    .meta({ 'x-form': 'recurrence' }),
  except: setOf(dateSchema, 500).default([]).describe('Dates on which it does not take place'),
  announced: z.iso
    .datetime({ offset: true })
    .nullish()
    .describe('When the customer was told, where that was before it was entered here: a declared notice'),
});
export type MaintenanceInput = z.infer<typeof maintenanceInputSchema>;

export const maintenanceWindowSchema = z.object({ from: z.iso.datetime(), to: z.iso.datetime() });
export type MaintenanceWindow = z.infer<typeof maintenanceWindowSchema>;

/** A maintenance as it is stored; its duration in milliseconds, `announced` in UTC. */
export const maintenanceSchema = maintenanceInputSchema.omit({ duration: true }).extend({
  key: keySchema,
  durationMs: z.int(),
  repeat: z.string().nullable(),
  announced: z.iso.datetime().nullable(),
  /** The window that runs now, and the next one within the horizon of 13 months. */
  running: maintenanceWindowSchema.nullable(),
  next: maintenanceWindowSchema.nullable(),
  managedBy: z.enum(['file']).nullable(),
  mayChange: z.boolean(),
  updatedAt: z.iso.datetime(),
});
export type Maintenance = z.infer<typeof maintenanceSchema>;

const longestDays = 800;
export const windowsQuerySchema = z
  .object({ from: z.iso.datetime({ offset: true }), to: z.iso.datetime({ offset: true }) })
  .superRefine(({ from, to }, { addIssue }) => {
    const lengthMs = Date.parse(to) - Date.parse(from);
    if (lengthMs <= 0) addIssue({ code: 'custom', path: ['to'], message: 'must be after from' });
    if (lengthMs > longestDays * 86_400_000)
      addIssue({ code: 'custom', path: ['to'], message: `must be at most ${longestDays} days after from` });
  });
export type WindowsQuery = z.infer<typeof windowsQuerySchema>;

/** How many windows one answer holds at most. */
export const mostWindows = 1_000;
/** Windows that touch the asked span, whole, oldest first. */
export const occurrencesSchema = z.object({ windows: z.array(maintenanceWindowSchema) });
export type Occurrences = z.infer<typeof occurrencesSchema>;

/** What a maintenance that is being written would do next, up to 20 windows that have not ended. */
export const maintenancePreviewSchema = z.object({
  windows: z.array(
    maintenanceWindowSchema.extend({
      /** What the wall clock shows at both ends, `2026-03-29T03:00`, and its offset from UTC then, `+02:00`. */
      localFrom: z.string(),
      localTo: z.string(),
      offsetFrom: z.string(),
      offsetTo: z.string(),
      /** Whether the clock jumps over the wanted start, which is then the end of the jump, or shows it twice, of which the first counts. */
      clockNote: z.enum(['skipped', 'repeated']).nullable(),
    }),
  ),
  /** Whether more follow within the horizon. */
  more: z.boolean(),
});
export type MaintenancePreview = z.infer<typeof maintenancePreviewSchema>;

/** Maintenance of one service over a span: for the overlay of its timeline. */
export const serviceMaintenanceSchema = z.object({
  windows: z.array(
    maintenanceWindowSchema.extend({
      key: keySchema,
      name: z.string(),
      /** When the server learnt of it. */
      receivedAt: z.iso.datetime(),
      /** When the customer was told, by the claim of the provider. */
      declaredAt: z.iso.datetime().nullable(),
    }),
  ),
});
export type ServiceMaintenance = z.infer<typeof serviceMaintenanceSchema>;

/** What was announced of a maintenance and when the server learnt of it, and what of it was ended early; newest first. */
export const maintenanceNoticesSchema = z.object({
  notices: z.array(
    z.object({
      receivedAt: z.iso.datetime(),
      /** When the customer was told, by the claim of the provider. */
      declaredAt: z.iso.datetime().nullable(),
      /** From then on; null where it was deleted. */
      schedule: maintenanceSchema
        .pick({ start: true, timeZone: true, durationMs: true, repeat: true, except: true })
        .nullable(),
    }),
  ),
  ends: z.array(maintenanceWindowSchema.extend({ endedAt: z.iso.datetime(), by: z.string() })),
});
export type MaintenanceNotices = z.infer<typeof maintenanceNoticesSchema>;
