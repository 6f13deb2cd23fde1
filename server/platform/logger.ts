import pino from 'pino';

export type Logger = pino.Logger;
/** Nest's token for the Logger. */
export const LOGGER = Symbol('logger');

const secretNames = [
  'password',
  'passwordHash',
  'token',
  'tokenHash',
  'secret',
  'secretKey',
  'privateKey',
  'authorization',
  'cookie',
  'bearer',
  'TROTH_SECRET_KEY',
  'TROTH_ADMIN_TOKEN',
  'TROTH_LOCATION_KEY',
] as const;
const secretNamesLower: ReadonlySet<string> = new Set(secretNames.map((name) => name.toLowerCase()));
const censor = '[redacted]';

/** JSON lines on standard output, or on `destination`; secrets are redacted, and so are passwords inside URLs. */
export function createLogger(level: string, name: string, destination?: pino.DestinationStream): Logger {
  const options: pino.LoggerOptions = {
    level,
    name,
    redact: { paths: secretNames.flatMap((secret) => [secret, `*.${secret}`, `*.*.${secret}`]), censor },
    serializers: { err: describeError },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** A copy of plain data without what its field names say is secret, at any depth. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      secretNamesLower.has(name.toLowerCase()) ? censor : withoutSecrets(item),
    ]),
  );
}

/** Only what says where it failed: database errors carry the statement's parameters, which may be secrets. */
function describeError(error: unknown) {
  if (!(error instanceof Error)) return { type: typeof error, message: clean(String(error)) };
  const { type, message, stack } = pino.stdSerializers.err(error);
  const code = 'code' in error ? error.code : undefined;
  return { type, message: clean(message), stack: clean(stack), ...(code === undefined ? {} : { code }) };
}

const clean = (text: string | undefined) => text?.replace(/(\w+:\/\/[^\s:/@]*):[^\s@/]+@/g, `$1:${censor}@`);
