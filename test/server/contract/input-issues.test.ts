import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { probeKinds } from '../../../probes/registry.ts';
import {
  auditQuerySchema,
  passwordChangeSchema,
  setupSchema,
  signInSchema,
  tokenInputSchema,
  userInputSchema,
} from '../../../server/contract/access.ts';
import {
  keySchema,
  pageQuerySchema,
  probeInputSchema,
  probeKeySchema,
  serviceInputSchema,
  serviceListQuerySchema,
  teamInputSchema,
} from '../../../server/contract/catalog.ts';
import { applyQuerySchema, configFileSchema } from '../../../server/contract/config-file.ts';
import { parseInput } from '../../../server/contract/input-issues.ts';
import { probeRunSchema, spanQuerySchema } from '../../../server/contract/probing.ts';
import { environmentSchema } from '../../../server/platform/config.ts';

const told = (schema: z.ZodType, input: unknown) =>
  parseInput(schema, input).issues.map(({ path, message }) => [path.join('.'), message]);
const config = (kind: string) => probeKinds.find((one) => one.kind === kind)!.config;

const service = { name: 'Payroll', owner: 'hr' };
const probe = { kind: 'http' };
const http = { url: 'http://a.example/' };
const tcp = { host: 'a.example', port: 25 };
const span = { from: '2026-10-01T00:00:00Z', to: '2026-10-02T00:00:00Z' };
const duration = (low: string, high: string) =>
  `must be a duration from ${low} to ${high}: a whole number with its unit, such as 500ms, 30s, 5m, 2h or 5d`;
const levels = '"fatal", "error", "warn", "info", "debug", "trace" or "silent"';

const table: Record<string, [schema: z.ZodType, input: unknown, path: string, message: string][]> = {
  environment: [
    [environmentSchema, { PORT: 'http' }, 'PORT', 'must be a whole number from 0 to 65535'],
    [environmentSchema, { PORT: '80.5' }, 'PORT', 'must be a whole number from 0 to 65535'],
    [environmentSchema, { PORT: '65536' }, 'PORT', 'must be a whole number from 0 to 65535'],
    [environmentSchema, { HOST: '' }, 'HOST', 'must not be empty'],
    [
      environmentSchema,
      { TROTH_RETENTION_DAYS: '7' },
      'TROTH_RETENTION_DAYS',
      'must be a whole number from 31 to 3660',
    ],
    [
      environmentSchema,
      { LOG_LEVEL: 'inof' },
      'LOG_LEVEL',
      `must be one of ${levels}, not "inof"; did you mean "info"?`,
    ],
    [environmentSchema, { LOG_LEVEL: 'loud' }, 'LOG_LEVEL', `must be one of ${levels}, not "loud"`],
    [environmentSchema, { LOG_LEVEL: '' }, 'LOG_LEVEL', `must be one of ${levels}, not empty`],
    [
      environmentSchema,
      { TROTH_ROLES: 'api,cook' },
      'TROTH_ROLES.1',
      'must be one of "api", "dispatch" or "ingest", not "cook"',
    ],
    [
      environmentSchema,
      { PUBLIC_URL: 'ftp://x' },
      'PUBLIC_URL',
      'must be an address that begins with http:// or https://',
    ],
    [
      environmentSchema,
      { DATABASE_URL: 'mysql://x' },
      'DATABASE_URL',
      'must be an address that begins with postgres://',
    ],
    [
      environmentSchema,
      { REDIS_URL: 'x:6379' },
      'REDIS_URL',
      'must be an address that begins with redis:// or rediss://',
    ],
    [environmentSchema, { TROTH_SECRET_KEY: 'short' }, 'TROTH_SECRET_KEY', 'must have at least 32 characters'],
    [environmentSchema, { TROTH_LOCATION_KEY: 'short' }, 'TROTH_LOCATION_KEY', 'must have at least 32 characters'],
    [
      environmentSchema,
      { TROTH_LOCATION: 'Head Office' },
      'TROTH_LOCATION',
      'must be 1 to 63 of a-z, 0-9 and "-", and begin and end with a letter or digit',
    ],
  ],
  body: [
    [serviceInputSchema, undefined, '', 'is required'],
    [serviceInputSchema, [], '', 'must be a map of fields, not a list'],
    [serviceInputSchema, { owner: 'hr' }, 'name', 'is required'],
    [serviceInputSchema, { ...service, name: '' }, 'name', 'must not be empty'],
    [serviceInputSchema, { ...service, name: 'x'.repeat(121) }, 'name', 'must have 1 to 120 characters'],
    [serviceInputSchema, { ...service, name: 7 }, 'name', 'must be text, not a number'],
    [serviceInputSchema, { ...service, tier: 'high' }, 'tier', 'must be a whole number from 1 to 4, not text'],
    [serviceInputSchema, { ...service, tier: 9 }, 'tier', 'must be a whole number from 1 to 4'],
    [serviceInputSchema, { ...service, tier: 0 }, 'tier', 'must be a whole number from 1 to 4'],
    [serviceInputSchema, { ...service, tier: 1.5 }, 'tier', 'must be a whole number from 1 to 4'],
    [serviceInputSchema, { ...service, tier: 1e300 }, 'tier', 'must be a whole number from 1 to 4'],
    [serviceInputSchema, { ...service, atLeast: 0 }, 'atLeast', 'must be a whole number from 1 to 100'],
    [serviceInputSchema, { ...service, paused: 'yes' }, 'paused', 'must be true or false, not text'],
    [serviceInputSchema, { ...service, tags: 'a' }, 'tags', 'must be a list, not text'],
    [
      serviceInputSchema,
      { ...service, tags: Array.from({ length: 51 }, (_, i) => `t${i}`) },
      'tags',
      'must have at most 50 items',
    ],
    [
      serviceInputSchema,
      { ...service, category: null },
      'category',
      'must be one of "network", "application", "security", "support" or "process", not empty (null)',
    ],
    [serviceInputSchema, { ...service, ownr: 'x' }, 'ownr', '"ownr" is not a known field; did you mean "owner"?'],
    [teamInputSchema, { name: 'HR', email: 'nowhere' }, 'email', 'must be an e-mail address such as name@example.org'],
    [teamInputSchema, { name: 'HR', email: 5 }, 'email', 'must be text, not a number'],
    [
      setupSchema,
      { token: 't', name: 'a', displayName: 'A', password: '0123456789' },
      'name',
      'must have 2 to 60 characters',
    ],
    [passwordChangeSchema, { current: 'x', password: 'short' }, 'password', 'must have at least 10 characters'],
    [passwordChangeSchema, { current: 'x', password: 'x'.repeat(201) }, 'password', 'must have 10 to 200 characters'],
    [signInSchema, { name: 'a' }, 'password', 'is required'],
    [
      userInputSchema,
      { displayName: 'A', role: 'owners' },
      'role',
      'must be one of "viewer", "operator", "owner" or "admin", not "owners"; did you mean "owner"?',
    ],
    [tokenInputSchema, { name: 't', scopes: [] }, 'scopes', 'must have at least 1 item'],
    [
      tokenInputSchema,
      { name: 't', scopes: ['board:read'], expiresAt: 'soon' },
      'expiresAt',
      'must be a date and time such as 2026-10-01T00:00:00Z',
    ],
    [probeRunSchema, { ...probe, config: http, timeoutMs: 5 }, 'timeoutMs', 'must be a whole number from 100 to 60000'],
    [probeRunSchema, { ...probe, config: [] }, 'config', 'must be a map of fields, not a list'],
  ],
  'query and path': [
    [spanQuerySchema, { to: span.to }, 'from', 'is required'],
    [spanQuerySchema, { ...span, from: 'today' }, 'from', 'must be a date and time such as 2026-10-01T00:00:00Z'],
    [spanQuerySchema, { ...span, from: ['a', 'b'] }, 'from', 'must be text, not a list'],
    [spanQuerySchema, { from: span.to, to: span.from }, 'to', 'must be after from'],
    [pageQuerySchema, { limit: 'many' }, 'limit', 'must be a whole number from 1 to 1000'],
    [pageQuerySchema, { limit: '0' }, 'limit', 'must be a whole number from 1 to 1000'],
    [auditQuerySchema, { cursor: 'x' }, 'cursor', 'is not a cursor of this list'],
    [serviceListQuerySchema, { text: 'x'.repeat(201) }, 'text', 'must have at most 200 characters'],
    [applyQuerySchema, { prune: 'no' }, 'prune', 'must be "true" or "false", not "no"'],
    [keySchema, 'H Q', '', 'must be 1 to 63 of a-z, 0-9 and "-", and begin and end with a letter or digit'],
    [probeKeySchema, 'payroll', '', 'must be <service>.<probe>, such as payroll.login'],
  ],
  'config file': [
    [
      configFileSchema,
      { apiVersion: 'troth/v9' },
      'apiVersion',
      'must be "troth/v1", not "troth/v9"; did you mean "troth/v1"?',
    ],
    [configFileSchema, { apiVersion: 'troth/v1', teams: [] }, 'teams', 'must be a map of fields, not a list'],
    [
      configFileSchema,
      { apiVersion: 'troth/v1', locations: { 'H Q': { name: 'x' } } },
      'locations.H Q',
      'the key "H Q" must be 1 to 63 of a-z, 0-9 and "-", and begin and end with a letter or digit',
    ],
    [
      configFileSchema,
      { apiVersion: 'troth/v1', services: { a: { ...service, tier: 5 } } },
      'services.a.tier',
      'must be a whole number from 1 to 4',
    ],
    [
      configFileSchema,
      { apiVersion: 'troth/v1', services: { a: { ...service, probes: { b: { kind: 'tcp', quorum: 0 } } } } },
      'services.a.probes.b.quorum',
      'must be a whole number from 1 to 100',
    ],
    [probeInputSchema, { ...probe, every: '30 sec' }, 'every', duration('1s', '1d')],
    [probeInputSchema, { ...probe, every: true }, 'every', duration('1s', '1d')],
    [probeInputSchema, { ...probe, every: '2d' }, 'every', 'must be from 1s to 1d'],
    [
      probeInputSchema,
      { ...probe, confirm: { failures: 0 } },
      'confirm.failures',
      'must be a whole number from 1 to 10',
    ],
    [probeInputSchema, { ...probe, role: 'main' }, 'role', 'must be "critical" or "supporting", not "main"'],
    [probeInputSchema, { ...probe, locations: ['hq', 'hq'] }, 'locations.1', 'names "hq" twice'],
    [probeInputSchema, { ...probe, locations: [7] }, 'locations.0', 'must be text, not a number'],
  ],
  'probe configs': [
    [
      config('http'),
      { ...http, expect: { status: ['2xx', 600] } },
      'expect.status.1',
      'has to be a status from 100 to 599, a class such as 2xx, or a range such as 200-204',
    ],
    [config('http'), { ...http, expect: { status: [] } }, 'expect.status', 'must have 1 to 50 items'],
    [config('http'), { ...http, expect: { latencyMs: 0 } }, 'expect.latencyMs', 'must be a whole number above 0'],
    [
      config('http'),
      { ...http, expect: { bdy: {} } },
      'expect.bdy',
      '"bdy" is not a known field; did you mean "body"?',
    ],
    [config('http'), { ...http, family: 5 }, 'family', 'must be one of "any", 4 or 6, not 5'],
    [
      config('http'),
      { ...http, expect: { json: [{ path: '$.a', value: [] }] } },
      'expect.json.0.value',
      'must be text, a number, true or false or null, not a list',
    ],
    [config('tcp'), { host: 'a.example' }, 'port', 'is required'],
    [
      config('icmp'),
      { host: '1.2.3' },
      'host',
      'is no IPv4 address: these have four numbers from 0 to 255, such as 10.0.0.5',
    ],
    [config('icmp'), { host: 'a/b' }, 'host', 'must be a host name or an IP address, without scheme, port or path'],
    [config('tcp'), { ...tcp, port: 'smtp' }, 'port', 'must be a whole number from 1 to 65535, not text'],
    [config('tcp'), { ...tcp, port: 70_000 }, 'port', 'must be a whole number from 1 to 65535'],
    [
      config('icmp'),
      { host: 'a.example', expect: { lossPercentAtMost: 100 } },
      'expect.lossPercentAtMost',
      'must be a number from 0 to 99',
    ],
    [
      config('icmp'),
      { host: 'a.example', expect: { averageMsAtMost: 0 } },
      'expect.averageMsAtMost',
      'must be a number above 0',
    ],
    [
      config('dns'),
      { name: 'a.example', expect: { answers: { equals: 5 } } },
      'expect.answers.equals',
      'must be text or a list, not a number',
    ],
    [config('dns'), { name: '' }, 'name', 'must not be empty'],
    [config('heartbeat'), { grace: 'long' }, 'grace', duration('0ms', '31d')],
    [config('heartbeat'), { graze: '1m' }, 'graze', '"graze" is not a known field; did you mean "grace"?'],
  ],
};

describe.each(Object.keys(table))('a fault of the %s', (name) => {
  it.each(table[name]!.map((row) => [row[2], row[3], row] as const))('%s: %s', (path, message, [schema, input]) => {
    expect(told(schema, input)).toContainEqual([path, message]);
  });
});

describe('any fault', () => {
  const odd: [z.ZodType, unknown][] = [
    [z.int().multipleOf(5), 7],
    [z.bigint(), 'x'],
    [z.iso.date(), 'x'],
    [z.string().startsWith('a'), 'x'],
    [z.string().endsWith('a'), 'x'],
    [z.string().includes('a'), 'x'],
    [z.uuid(), 'x'],
    [z.string().length(3), 'x'],
    [z.string().refine(() => false), 'x'],
    [
      z.discriminatedUnion('kind', [z.object({ kind: z.literal('a') }), z.object({ kind: z.literal('b') })]),
      { kind: 'c' },
    ],
    [z.tuple([z.int().max(3)]), [9]],
    [z.map(z.string(), z.int().max(3)), new Map([['a', 9]])],
    [z.never(), 1],
  ];

  it('is told in words of ours, whatever zod calls it', () => {
    const messages = odd.map(([schema, input]) =>
      told(schema, input)
        .map(([, message]) => message)
        .join('; '),
    );
    expect(messages).toEqual([
      'must be a multiple of 5',
      'must be a whole number, not text',
      'must be a date such as 2026-10-01',
      'must begin with "a"',
      'must end with "a"',
      'must hold "a"',
      'must be a UUID',
      'must have exactly 3 characters',
      'is not what is allowed here',
      'is not what is allowed here',
      'must be a whole number of at most 3',
      'must be a number of at most 3',
      'must be left out, not a number',
    ]);
  });

  it('carries its whole path below a prefix', () => {
    expect(parseInput(config('tcp'), tcp, ['config']).issues).toEqual([]);
    expect(parseInput(config('tcp'), { ...tcp, port: 0 }, ['config']).issues.map(({ path }) => path)).toEqual([
      ['config', 'port'],
    ]);
  });
});
