/** The log of a schedule's shifts on the wire: what was open in each, and what was noted for whoever follows. */
import { z } from 'zod';
import { pageQuerySchema } from './catalog.ts';
import { incidentKinds } from './incidents.ts';
import { shiftSchema } from './on-call.ts';

const at = z.iso.datetime();

export const shiftNoteInputSchema = z.strictObject({
  text: z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(2_000, 'must have at most 2000 letters')
    .describe('What whoever follows has to know'),
});
export type ShiftNoteInput = z.infer<typeof shiftNoteInputSchema>;

export const shiftNoteSchema = z.object({ id: z.int(), text: z.string(), by: z.string(), at });
export type ShiftNote = z.infer<typeof shiftNoteSchema>;

/** An incident or request in one shift. */
export const shiftIncidentSchema = z.object({
  id: z.int(),
  kind: z.enum(incidentKinds),
  title: z.string(),
  severity: z.int(),
  services: z.array(z.string()),
  startedAt: at,
  resolvedAt: at.nullable(),
  /** It was known before the shift. */
  isTakenOver: z.boolean(),
  /** It was open when the shift ended; of the present one, it is open now. */
  isHandedOver: z.boolean(),
});
export type ShiftIncident = z.infer<typeof shiftIncidentSchema>;

export const loggedShiftSchema = shiftSchema.pick({ from: true, member: true, name: true, gap: true }).extend({
  /** Null of a shift that lasts, and ends further off than was looked. */
  to: at.nullable(),
  isPresent: z.boolean(),
  /** The oldest first. */
  notes: z.array(shiftNoteSchema),
  /** The newest first. */
  incidents: z.array(shiftIncidentSchema),
  /** How many there were beside those. */
  moreIncidents: z.int(),
});
export type LoggedShift = z.infer<typeof loggedShiftSchema>;

export const shiftLogQuerySchema = pageQuerySchema.extend({
  limit: z.coerce.number().int().min(1).max(50).default(14),
});
export type ShiftLogQuery = z.infer<typeof shiftLogQuerySchema>;
