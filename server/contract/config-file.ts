/** The config file, `troth.yaml`, and what plan and apply answer. */
import { z } from 'zod';
import { agreementInputSchema } from './agreements.ts';
import { escalationPolicyInputSchema } from './escalation.ts';
import { onCallScheduleInputSchema } from './on-call.ts';
import { calendarInputSchema } from './calendars.ts';
import { frameworkInputSchema } from './frameworks.ts';
import { maintenanceInputSchema } from './maintenance.ts';
import { alertRouteInputSchema } from './alerts.ts';
import { keySchema, locationInputSchema, probeInputSchema, serviceInputSchema, teamInputSchema } from './catalog.ts';

export const configApiVersion = 'troth/v1';

export const configFileSchema = z
  .strictObject({
    apiVersion: z.literal(configApiVersion).describe('The version of this format'),
    teams: z.record(keySchema, teamInputSchema).nullish().describe('Teams by key'),
    locations: z.record(keySchema, locationInputSchema).nullish().describe('Vantage points by key'),
    calendars: z.record(keySchema, calendarInputSchema).nullish().describe('Service hours by key'),
    services: z
      .record(
        keySchema,
        serviceInputSchema.extend({
          probes: z.record(keySchema, probeInputSchema).nullish().describe('Probes of the service by key'),
        }),
      )
      .nullish()
      .describe('Services by key'),
    maintenance: z.record(keySchema, maintenanceInputSchema).nullish().describe('Planned maintenance by key'),
    frameworks: z.record(keySchema, frameworkInputSchema).nullish().describe('Framework terms by key'),
    agreements: z.record(keySchema, agreementInputSchema).nullish().describe('Agreements by key'),
    onCallSchedules: z.record(keySchema, onCallScheduleInputSchema).nullish().describe('On-call schedules by key'),
    escalationPolicies: z
      .record(keySchema, escalationPolicyInputSchema)
      .nullish()
      .describe('Escalation policies by key'),
    alertRoutes: z.record(keySchema, alertRouteInputSchema).nullish().describe('Alert routes by key'),
  })
  .describe('The configuration of Troth');

export const applyQuerySchema = z.object({
  prune: z
    .enum(['true', 'false'])
    .default('true')
    .transform((text) => text === 'true')
    .describe('Whether things are deleted that the file made once and names no more'),
});
export type ApplyQuery = z.infer<typeof applyQuerySchema>;

export const configChangeSchema = z.object({
  /** `adopt`: what people made in the browser belongs to the file from now on. */
  action: z.enum(['create', 'update', 'adopt', 'delete']),
  kind: z.enum([
    'team',
    'location',
    'calendar',
    'service',
    'probe',
    'maintenance',
    'framework',
    'agreement',
    'on-call-schedule',
    'escalation-policy',
    'alert-route',
  ]),
  /** `payroll`, or `payroll.login` for a probe. */
  key: z.string(),
  /** What differs, of a thing that was there and stays; secrets are shown as `********`. */
  fields: z.array(z.object({ path: z.string(), from: z.unknown(), to: z.unknown() })),
});
export type ConfigChange = z.infer<typeof configChangeSchema>;

export const configDifferenceSchema = z.object({ changes: z.array(configChangeSchema), applied: z.boolean() });
export type ConfigDifference = z.infer<typeof configDifferenceSchema>;
