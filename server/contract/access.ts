/** Accounts, sessions, API tokens, the setup link, problems. */
import { z } from 'zod';
import { keySchema, pageQuerySchema } from './catalog.ts';

export const roles = ['viewer', 'operator', 'owner', 'admin'] as const;
export type Role = (typeof roles)[number];

/** What each role may do, in a sentence. */
export const roleNotes: Readonly<Record<Role, string>> = {
  viewer: 'Reads everything on the screens and signs where an agreement names it; changes nothing.',
  operator: 'Also tries probes, records and works on incidents, pushes metrics and reads the configuration.',
  owner: 'Also changes the services of its own teams, and writes, proposes and answers for them in their agreements.',
  admin: 'May do everything, for every team: accounts, tokens, the config file and the audit trail as well.',
};

/** What may be done; a role grants a set of these, and so does an API token's scopes. */
export const permissions = [
  'board:read',
  'probes:try',
  'catalog:write',
  'incidents:write',
  'incidents:delete',
  'metrics:push',
  'config:read',
  'config:apply',
  'access:manage',
  'audit:read',
  'metrics:read',
] as const;
export type Permission = (typeof permissions)[number];

/** What each permission allows, in a sentence. */
export const permissionNotes: Readonly<Record<Permission, string>> = {
  'board:read': 'Reads boards, services, agreements, figures and reports.',
  'probes:try': 'Runs a probe once to see what it would find; nothing is stored.',
  'catalog:write': 'Changes services, probes, calendars, maintenance and agreements, and acts for their parties.',
  'incidents:write': 'Opens incidents and requests and takes them through their life.',
  'incidents:delete': 'Deletes incidents that were recorded by mistake.',
  'metrics:push': 'Pushes values of metrics that promises are judged by.',
  'config:read': 'Reads the whole configuration as a file.',
  'config:apply': 'Applies a config file: changes everything that the file manages.',
  'access:manage': 'Manages accounts, tokens and whatever else is for admins.',
  'audit:read': 'Reads the audit trail: who did what, and when.',
  'metrics:read': 'Reads the figures of Troth itself for Prometheus, at /metrics.',
};

/** A value of a few, each with a sentence for whoever chooses. */
const noted = (notes: Readonly<Record<string, string>>) => ({ 'x-notes': notes });

const userName = z
  .string()
  .trim()
  .min(2)
  .max(60)
  .regex(/^[\w.@+-]+$/, 'may hold letters, digits and . _ @ + -');
const password = z.string().min(10, 'must have at least 10 characters').max(200);
const at = z.iso.datetime();

export const signInSchema = z.strictObject({ name: z.string().min(1).max(200), password: z.string().min(1).max(200) });
export type SignIn = z.infer<typeof signInSchema>;
export const setupSchema = z.strictObject({
  token: z.string().min(1),
  name: userName,
  displayName: z.string().trim().min(1).max(120),
  password,
});
export type Setup = z.infer<typeof setupSchema>;

export const sessionSchema = z.object({
  user: z.object({ name: z.string(), displayName: z.string(), role: z.enum(roles), teams: z.array(keySchema) }),
  permissions: z.array(z.enum(permissions)),
  /** Whether `catalog:write` reaches everything, also what belongs to no team. */
  mayChangeAll: z.boolean(),
  expiresAt: at,
});
export type Session = z.infer<typeof sessionSchema>;

export const passwordChangeSchema = z.strictObject({ current: z.string().min(1).max(200), password });
export type PasswordChange = z.infer<typeof passwordChangeSchema>;

/** One of the sessions of an account, as its owner sees it. */
export const ownSessionSchema = z.object({
  id: z.string(),
  current: z.boolean(),
  createdAt: at,
  lastUsedAt: at,
  expiresAt: at,
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
});
export type OwnSession = z.infer<typeof ownSessionSchema>;

export const userInputSchema = z.strictObject({
  displayName: z.string().trim().min(1).max(120).describe('Name that people read'),
  role: z.enum(roles).describe('What the account may do').meta(noted(roleNotes)),
  teams: z
    .array(keySchema.meta({ 'x-references': 'teams' }))
    .max(100)
    .default([])
    .describe('Whose services an owner may change'),
  disabled: z.boolean().default(false).describe('A disabled account cannot sign in'),
  password: password
    .optional()
    .describe('Needed for a new account; left out, an existing one keeps its own')
    .meta({ writeOnly: true, 'x-secret': true }),
});
export type UserInput = z.infer<typeof userInputSchema>;
export const userSchema = userInputSchema
  .omit({ password: true })
  .extend({ name: userName, createdAt: at, updatedAt: at });
export type User = z.infer<typeof userSchema>;
export const userNameSchema = userName;

export const tokenInputSchema = z.strictObject({
  name: z.string().trim().min(1).max(120).describe('What it is for'),
  scopes: z
    .array(z.enum(permissions).meta(noted(permissionNotes)))
    .min(1)
    .describe('What it may do'),
  expiresAt: z.iso.datetime({ offset: true }).nullish().describe('When it ends by itself; left out: never'),
});
export type TokenInput = z.infer<typeof tokenInputSchema>;
export const apiTokenSchema = z.object({
  id: z.int(),
  name: z.string(),
  scopes: z.array(z.enum(permissions)),
  createdAt: at,
  lastUsedAt: at.nullable(),
  expiresAt: at.nullable(),
  revokedAt: at.nullable(),
});
export type ApiToken = z.infer<typeof apiTokenSchema>;

/** The answer to making a token: the only one that ever holds the token itself. */
export const newApiTokenSchema = apiTokenSchema.extend({ token: z.string() });
export type NewApiToken = z.infer<typeof newApiTokenSchema>;

export const auditQuerySchema = pageQuerySchema.extend({
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, 'is not a cursor of this list')
    .optional(),
  actor: z.string().max(200).optional(),
  action: z.string().max(200).optional(),
  subjectKind: z.string().max(200).optional(),
  subject: z.string().max(200).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
});
export type AuditQuery = z.infer<typeof auditQuerySchema>;

export const auditEntrySchema = z.object({
  id: z.int(),
  at,
  actor: z.object({ kind: z.enum(['user', 'token', 'link', 'kiosk', 'system', 'anonymous']), name: z.string() }),
  action: z.string(),
  subject: z.object({ kind: z.string(), key: z.string() }),
  detail: z.unknown(),
  address: z.string().nullable(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

/** RFC 9457, with a code of Troth's own and the faults of single fields. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  issues: z.array(
    z.object({ path: z.string(), message: z.string(), line: z.int().optional(), column: z.int().optional() }),
  ),
});
export type ProblemDocument = z.infer<typeof problemSchema>;
