import { z } from 'zod';
import { keySchema } from '../contract/catalog.ts';
import { parseInput } from '../contract/input-issues.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const roles = ['api', 'dispatch', 'ingest'] as const;
export type ServerRole = (typeof roles)[number];

const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

/** An address, or a name and an address, of one line. */
const mailSender = /^(?:[^<>\r\n]{0,100}<[^\s<>@,;]+@[^\s<>@,;]+>|[^\s<>@,;]+@[^\s<>@,;]+)$/;

/** Every environment variable of server and agent, with what it allows. The README's table is generated from here. */
export const environmentSchema = z.object({
  PORT: port.default(8484).describe('Port of the dashboard and API; 0 picks a free one'),
  HOST: z.string().min(1).default('127.0.0.1').describe('Address to listen on; 0.0.0.0 for all interfaces'),
  PUBLIC_URL: optional(
    z.url({ protocol: /^https?$/, error: 'must be an address that begins with http:// or https://' }),
  ).describe('Address that people use, for links; left out: made from HOST and PORT'),
  DATABASE_URL: optional(
    z.url({ protocol: /^postgres(ql)?$/, error: 'must be an address that begins with postgres://' }),
  ).describe('postgres://user:password@host:port/database; left out: the embedded PostgreSQL'),
  REDIS_URL: optional(
    z.url({ protocol: /^rediss?$/, error: 'must be an address that begins with redis:// or rediss://' }),
  ).describe('redis://host:port; left out: queues live in PostgreSQL'),
  TROTH_DATA: z.string().min(1).default('.troth').describe('Folder for the embedded database, keys and agent spools'),
  TROTH_CONFIG: optional(z.string()).describe('A config file that is applied at start'),
  TROTH_SECRET_KEY: optional(z.string().min(32, 'must have at least 32 characters')).describe(
    'Seals secrets at rest; left out: made once and kept in TROTH_DATA',
  ),
  TROTH_ADMIN_TOKEN: optional(z.string().min(32, 'must have at least 32 characters')).describe(
    'An API token with every right, for automation',
  ),
  TROTH_ROLES: z
    .string()
    .default('api,dispatch,ingest')
    .transform((value) => value.split(',').map((role) => role.trim()))
    .pipe(z.array(z.enum(roles)).min(1))
    .describe('What this server does: api, dispatch, ingest'),
  TROTH_LOCATION: optional(keySchema).describe('The location of an agent'),
  TROTH_LOCATION_KEY: optional(z.string().min(32, 'must have at least 32 characters')).describe(
    "Opens the secrets of an agent's location; printed by `troth location-key <location>`",
  ),
  TROTH_ALLOW_LOOPBACK: z
    .string()
    .default('false')
    .describe('Probe targets on loopback: true, false, or a list of ports such as 8080,8443'),
  TROTH_TLS_CERT: optional(z.string()).describe(
    'File of the certificate chain (PEM); with TROTH_TLS_KEY turns on https',
  ),
  TROTH_TLS_KEY: optional(z.string()).describe('File of the private key (PEM)'),
  TROTH_TRUST_PROXY: optional(z.string()).describe(
    'Reverse proxies whose X-Forwarded-For is believed, such as 10.0.0.5 or 10.0.0.0/8; left out: none',
  ),
  TROTH_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(31)
    .max(3_660)
    .default(775)
    .describe('Days that packed observations are kept (25 months and a margin)'),
  TROTH_SMTP_URL: optional(
    z.url({ protocol: /^smtps?$/, error: 'must be an address that begins with smtp:// or smtps://' }),
  ).describe('smtp://user:password@host:port of the mail server; left out: no mail is sent'),
  TROTH_MAIL_FROM: optional(
    z.string().regex(mailSender, 'must be an e-mail address, or a name and one such as Troth <troth@example.org>'),
  ).describe('Sender of mails, such as Troth <troth@example.org>; with TROTH_SMTP_URL'),
  TROTH_DEADMAN_URL: optional(
    z.url({ protocol: /^https?$/, error: 'must be an address that begins with https:// or http://' }),
  ).describe('An address outside that is asked each minute while everything works, and tells people when that stops'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Least level logged'),
});

export type Environment = z.infer<typeof environmentSchema>;

/** A bad value stops the start; the message names each variable and what is allowed. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** Parses the environment once. @throws ConfigError */
export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  const { value, issues } = parseInput(environmentSchema, env);
  if (value === undefined) {
    const lines = issues.map(({ path: [name], message }) => {
      return `${name}: ${message} (${environmentSchema.shape[name as keyof Environment]?.description ?? 'unknown'})`;
    });
    throw new ConfigError(`Bad configuration.\n  ${lines.join('\n  ')}`);
  }
  const { TROTH_TLS_CERT: cert, TROTH_TLS_KEY: key } = value;
  if (Boolean(cert) !== Boolean(key)) {
    throw new ConfigError('Bad configuration.\n  TROTH_TLS_CERT and TROTH_TLS_KEY must be given together');
  }
  const { TROTH_SMTP_URL: smtp, TROTH_MAIL_FROM: from } = value;
  if (Boolean(smtp) !== Boolean(from)) {
    throw new ConfigError('Bad configuration.\n  TROTH_SMTP_URL and TROTH_MAIL_FROM must be given together');
  }
  return value;
}

/** Nest's token for the parsed Environment. */
export const ENVIRONMENT = Symbol('environment');

/** Where people find this Troth, such as `https://troth.example.org`. */
export const publicAddress = ({ PUBLIC_URL, HOST, PORT, TROTH_TLS_CERT }: Environment): string =>
  PUBLIC_URL ?? `${TROTH_TLS_CERT ? 'https' : 'http'}://${HOST.includes(':') ? `[${HOST}]` : HOST}:${PORT}`;
