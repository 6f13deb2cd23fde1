import { z } from 'zod';
import { jsonExpectationSchema, textExpectationSchema } from '../support/assertions.ts';
import { tlsSettingsSchema } from '../support/tls-settings.ts';

/** An http or https address without credentials. */
export const httpUrlSchema = z
  .string()
  .max(4000)
  .superRefine((text, issues) => {
    const message = urlObjection(text);
    if (message !== null) issues.addIssue({ code: 'custom', message });
  });

function urlObjection(text: string): string | null {
  if (!/^https?:\/\//i.test(text)) return 'has to begin with http:// or https://';
  if (/[\s\p{Cc}]/u.test(text)) return 'must not hold spaces or control characters: write them as %20';
  if (!URL.canParse(text)) return 'is not a URL';
  const { username, password } = new URL(text);
  return username || password ? 'must not hold a user name or password: put them into basic' : null;
}

/** Headers that belong to the connection, which is the probe's own. */
export const ownHeaders = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const headerNamePattern = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,200}$/;

/** A record by header name. Zod says no more of a key than that it is invalid: the names are judged here. */
export const byHeader = <Value extends z.ZodType>(value: Value, refusedNames: ReadonlySet<string> = new Set()) =>
  z.record(z.string(), value).superRefine((record, issues) => {
    for (const name of Object.keys(record)) {
      if (!headerNamePattern.test(name)) {
        issues.addIssue({ code: 'custom', path: [name], message: 'is not a header name' });
      } else if (refusedNames.has(name.toLowerCase())) {
        issues.addIssue({ code: 'custom', path: [name], message: 'is set by the probe itself' });
      }
    }
  });
export const headerValue = z
  .string()
  .max(8000)
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'must not hold line ends, control characters or characters beyond Latin-1');

const statusPattern = /^(?:[1-5]\d\d(?:-[1-5]\d\d)?|[1-5]xx)$/i;
const error = 'has to be a status from 100 to 599, a class such as 2xx, or a range such as 200-204';
const status = z.union([z.int({ error }).min(100, error).max(599, error), z.string().regex(statusPattern, error)], {
  error,
});

const headerExpectation = textExpectationSchema.extend({
  equals: z.string().max(8000).optional().describe('The value that the header has to have'),
});

const expectation = z.strictObject({
  status: z
    .array(status)
    .min(1)
    .max(50)
    .optional()
    .describe('Statuses that are good: 200, 2xx, 200-204; left out, 2xx, and 3xx too where no redirect is followed'),
  headers: byHeader(headerExpectation).optional().describe('What headers of the answer have to say'),
  body: textExpectationSchema.optional().describe('What the body has to hold, in its first 1 MiB'),
  json: z.array(jsonExpectationSchema).max(50).optional().describe('What a JSON body has to hold'),
  certificateDaysLeft: z
    .int()
    .min(0)
    .max(1000)
    .optional()
    .describe('Fewest days that the certificate has to be valid for; with fewer the probe is degraded'),
  latencyMs: z.int().positive().optional().describe('Longest time to the end of the answer, in ms; above it is down'),
});

const basic = z.strictObject({
  username: z
    .string()
    .max(1000)
    .regex(/^[^:\p{Cc}]*$/u, 'must not hold a colon or control characters')
    .describe('User name'),
  password: z
    .string()
    .max(1000)
    .regex(/^[^\p{Cc}]*$/u, 'must not hold control characters')
    .describe('Password')
    .meta({ secret: true }),
});

/** What an http probe can be told. */
export const httpConfigSchema = z
  .strictObject({
    url: httpUrlSchema.describe('Address to fetch: http:// or https://'),
    method: z
      .enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
      .default('GET')
      .describe('Method of the request'),
    headers: byHeader(headerValue, ownHeaders).default({}).describe('Headers to send'),
    secretHeaders: byHeader(headerValue.meta({ secret: true }), ownHeaders)
      .default({})
      .describe('Headers to send whose values are kept secret, such as an API key'),
    body: z
      .string()
      .max(1_048_576)
      .optional()
      .describe('Body to send; JSON is labelled as such unless a content-type header says otherwise')
      .meta({ 'x-form': 'lines' }),
    basic: basic.optional().describe('User name and password for basic authentication'),
    bearer: z
      .string()
      .regex(/^[\x21-\x7e]{1,8000}$/, 'must not hold spaces or control characters')
      .optional()
      .describe('Token for bearer authentication')
      .meta({ secret: true }),
    httpVersion: z
      .enum(['auto', '1.1', '2'])
      .default('auto')
      .describe('Version of HTTP; auto lets an https server choose and is 1.1 over http'),
    redirects: z
      .strictObject({
        follow: z
          .int()
          .min(0)
          .max(20)
          .default(5)
          .describe('Most redirects to follow; with 0 the redirect itself is the answer'),
      })
      .prefault({})
      .describe('What to do about redirects; credentials are never taken to another origin'),
    expect: expectation.prefault({}).describe('What counts as up'),
    tls: tlsSettingsSchema.prefault({}).describe('Certificates and versions, for https'),
    family: z
      .literal(['any', 4, 6])
      .default('any')
      .describe('The IP version: 4, 6, or any for whichever connects first'),
  })
  .superRefine((config, issues) => {
    const fail = (path: string, message: string) => issues.addIssue({ code: 'custom', path: [path], message });
    const names = [...Object.keys(config.headers), ...Object.keys(config.secretHeaders)].map((name) =>
      name.toLowerCase(),
    );
    if (new Set(names).size < names.length) fail('secretHeaders', 'names a header twice');
    if (config.basic && config.bearer) fail('bearer', 'cannot be used beside basic');
    if ((config.basic || config.bearer) && names.includes('authorization')) {
      fail(config.basic ? 'basic' : 'bearer', 'cannot be used beside an authorization header');
    }
    if (config.method === 'HEAD' && (config.expect.body || config.expect.json)) {
      fail('expect', 'an answer to HEAD has no body to expect anything of');
    }
  });
export type HttpConfig = z.infer<typeof httpConfigSchema>;
