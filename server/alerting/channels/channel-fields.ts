/** Fields that the configs of several kinds have. */
import { z } from 'zod';
import { byHeader, headerValue, httpUrlSchema, ownHeaders } from '../../../probes/kinds/http-config.ts';
import { tlsSettingsSchema } from '../../../probes/support/tls-settings.ts';

/** The address of a receiver that people may know. */
export const addressField = (what: string) => httpUrlSchema.describe(what);

/** An address that lets in whoever knows it. */
export const secretAddressField = (what: string) => httpUrlSchema.describe(what).meta({ secret: true });

/** A token as headers and addresses can carry it. */
export const tokenField = (what: string) =>
  z
    .string()
    .regex(/^[\x21-\x7e]{1,2000}$/, 'must not hold spaces or control characters')
    .describe(what)
    .meta({ secret: true });

export const tlsField = tlsSettingsSchema
  .optional()
  .describe('Certificates and versions, for receivers inside the network that the public authorities do not vouch for');

const refused = new Set([...ownHeaders, 'host', 'idempotency-key']);
export const headersField = byHeader(headerValue, refused).default({}).describe('Headers to send');
export const secretHeadersField = byHeader(headerValue.meta({ secret: true }), refused)
  .default({})
  .describe('Headers to send whose values are kept secret, such as an API key');

/** Headers as they are sent: names in lower case. */
export const headersOf = ({
  headers,
  secretHeaders,
}: {
  headers: Record<string, string>;
  secretHeaders: Record<string, string>;
}): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ ...headers, ...secretHeaders }).map(([name, value]) => [name.toLowerCase(), value]),
  );

/** A base address with a path behind it, whether or not it ends with a slash. */
export const below = (base: string, path: string): string => base.replace(/\/+$/, '') + path;
