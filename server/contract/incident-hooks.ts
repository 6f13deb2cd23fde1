/** Where other systems tell of their tickets. */
import { z } from 'zod';
import { keySchema, references } from './catalog.ts';
import { incidentStates } from './incidents.ts';

export const hookKinds = ['generic', 'jira', 'glpi', 'servicenow'] as const;
export type HookKind = (typeof hookKinds)[number];

/** What is read from what comes in, each from one place. */
export const hookFields = [
  ...(['reference', 'title', 'description', 'state', 'severity', 'impact', 'urgency'] as const),
  ...(['service', 'reportedAt', 'resolvedAt'] as const),
] as const;
export type HookField = (typeof hookFields)[number];

const path = z.string().min(1).max(500);
const word = z.string().max(200);
const rank = z.int().min(1).max(3);

export const hookMappingSchema = z.strictObject({
  paths: z
    .partialRecord(z.enum(hookFields), path)
    .default({})
    .describe('Where each field is read from: a JSON path (RFC 9535), such as $.issue.key'),
  states: z.record(word, z.enum(incidentStates)).default({}).describe('What words for its state mean here'),
  severities: z.record(word, z.int().min(1).max(5)).default({}).describe('What words for its severity mean here'),
  ranks: z.record(word, rank).default({}).describe('What words for impact and urgency mean here'),
  services: z.record(word, keySchema).default({}).describe('Which service a word stands for; a key stands for itself'),
  service: keySchema.nullish().describe('The service of what names none').meta(references('services')),
});
export type HookMapping = z.infer<typeof hookMappingSchema>;

export const incidentHookInputSchema = z.strictObject({
  name: z.string().trim().min(1).max(120).describe('Name that people read'),
  kind: z.enum(hookKinds).default('generic').describe('Whose payloads come: those have a mapping that is ready'),
  mapping: hookMappingSchema.prefault({}).describe('What is read otherwise than the kind has it'),
});
export type IncidentHookInput = z.infer<typeof incidentHookInputSchema>;

export const incidentHookSchema = z.object({
  key: keySchema,
  name: z.string(),
  kind: z.enum(hookKinds),
  mapping: hookMappingSchema,
  /** Where to send it to; the token in it is the right to. */
  path: z.string(),
  /** What it is signed with: HMAC-SHA256. */
  secret: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type IncidentHook = z.infer<typeof incidentHookSchema>;

export const hookAnswerSchema = z.object({ incident: z.int(), isNew: z.boolean() });
export type HookAnswer = z.infer<typeof hookAnswerSchema>;
