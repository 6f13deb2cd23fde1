import { isIP } from 'node:net';
import { z } from 'zod';
import { defineProbe, type Outcome } from '../contract.ts';
import { parseHostAndPort } from '../support/endpoint.ts';
import { matchesPattern, patternSchema } from '../support/pattern.ts';
import { answersOf, normalAnswer, questionName, recordTypes, type RecordType } from './dns-records.ts';
import { look } from './dns-lookup.ts';

const rcodes = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED', 'NOTAUTH', 'NOTZONE'] as const;

const texts = () =>
  z
    .union([z.string().min(1).max(4_000), z.array(z.string().min(1).max(4_000)).min(1).max(100)])
    .transform((value) => [value].flat());
const number = () => z.int().min(0).max(1_000).optional();

const count = z
  .strictObject({
    atLeast: number().describe('The smallest number of answers that is good'),
    atMost: number().describe('The largest number of answers that is good'),
    exactly: number().describe('The only number of answers that is good'),
  })
  .refine((one) => Object.values(one).some((value) => value !== undefined), 'needs atLeast, atMost or exactly');

const answers = z.strictObject({
  equals: texts().optional().describe('All answers, in any order, such as 10.0.0.5 or 10 mail.example.org'),
  contains: texts().optional().describe('Texts that each have to be found in one of the answers'),
  matches: patternSchema
    .optional()
    .describe('Pattern (RE2) that one of the answers has to match; (?i) at its start ignores case'),
  count: count
    .optional()
    .describe('How many answers there have to be; left out, at least one where the response code is NOERROR'),
});

const expectation = z.strictObject({
  rcode: z.enum(rcodes).default('NOERROR').describe('The response code'),
  answers: answers.prefault({}).describe('The records of the type that was asked for, aliases followed'),
  authoritative: z.boolean().default(false).describe('Whether the server has to answer with authority (flag AA)'),
});

const fields = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(255)
    .refine((name) => questionName(name) !== undefined, 'must be a name that DNS can carry, or an IP address')
    .describe('The name to look up; of an IP address, the reverse name'),
  type: z.enum(recordTypes).default('A').describe('The type of record to look up'),
  server: z
    .string()
    .refine(
      (server) => parseHostAndPort(server) !== undefined,
      'must be an address or a name, with its port after a colon if it is not 53',
    )
    .optional()
    .describe(
      "The server to ask, such as 10.0.0.53 or [2001:db8::53]:5353; left out, the resolvers of the agent's system",
    ),
  transport: z
    .enum(['udp', 'tcp'])
    .default('udp')
    .describe('The transport; an answer that UDP cuts short is asked for again over TCP'),
  recursion: z.boolean().default(true).describe('Whether the server is asked to ask others where it does not know'),
  expect: expectation.prefault({}).describe('What counts as good'),
});
const config = fields.refine(({ name, type }) => isIP(name) === 0 || type === 'PTR', {
  path: ['type'],
  message: 'an IP address is looked up with type PTR',
});
export type DnsConfig = z.infer<typeof config>;

export const dnsProbe = defineProbe<DnsConfig>({
  kind: 'dns',
  title: 'DNS',
  description: 'Looks up a name at a DNS server and judges the response code and the answers.',
  mode: 'pull',
  defaults: { everyMs: 30_000, timeoutMs: 3_000 },
  config,
  describe: ({ name, type, server }) => [name, type, ...(server ? [`@${server}`] : [])].join(' '),
  examples: ['payroll.example.org', 'payroll.example.org@10.0.0.53', 'example.org MX @10.0.0.53:5353', '10.0.0.5'],
  fromTarget: (target) => {
    // No name that is looked up holds an @: what stands behind it is the server, with a space before it or without.
    const words = target
      .replaceAll(/\s*@\s*/g, ' @')
      .trim()
      .split(/\s+/);
    const [server, ...servers] = words.filter((word) => word.startsWith('@')).map((word) => word.slice(1));
    const [name = '', ...type] = words.filter((word) => !word.startsWith('@'));
    return {
      name,
      type: type.length > 0 ? type.join(' ').toUpperCase() : isIP(name) ? 'PTR' : 'A',
      ...(server === undefined ? {} : { server: [server, ...servers].join(' ') }),
    };
  },
  run: async (one, context) => {
    const name = questionName(one.name)!;
    const { answer, server, transport, latencyMs } = await look({ ...one, name }, context);
    const found = answersOf(answer, name, one.type);
    const { rcode, flag_aa: authoritative } = answer;
    const facts = { rcode, answers: shortened(found.join(', ')), authoritative, server, transport };
    const fault = shortfall(one, { rcode, authoritative, answers: found });
    return fault ? { verdict: 'down', ...fault, latencyMs, facts } : { verdict: 'up', reason: 'ok', latencyMs, facts };
  },
});

interface Seen {
  rcode: string;
  authoritative: boolean;
  answers: string[];
}

function shortfall(
  { type, expect }: DnsConfig,
  { rcode, authoritative, answers }: Seen,
): Pick<Outcome, 'reason' | 'detail'> | null {
  if (rcode !== expect.rcode) return { reason: 'rcode-unexpected', detail: `expected ${expect.rcode}, got ${rcode}` };
  if (expect.authoritative && !authoritative) {
    return { reason: 'not-authoritative', detail: 'the server answered without authority' };
  }
  const wanted = unmet(expect, type, answers);
  if (wanted === null) return null;
  const got = answers.length === 0 ? `no ${type} record` : shortened(answers.join(', '));
  return { reason: 'answer-unexpected', detail: `expected ${wanted}, got ${got}` };
}

/** What is expected of the answers and does not hold, or null. */
function unmet(
  { rcode, answers: { equals, contains, matches, count } }: DnsConfig['expect'],
  type: RecordType,
  answers: string[],
) {
  const normal = (text: string) => normalAnswer(type, text);
  if (equals && !sameSet(equals.map(normal), answers)) return equals.join(', ');
  const missing = contains?.find((text) => !answers.some((answer) => answer.includes(normal(text))));
  if (missing !== undefined) return `one with "${missing}"`;
  if (matches !== undefined && !answers.some((answer) => matchesPattern(matches, answer)))
    return `one that matches /${matches}/`;
  const { exactly, atMost, atLeast = equals || count || rcode !== 'NOERROR' ? 0 : 1 } = count ?? {};
  if (exactly !== undefined && answers.length !== exactly) return `exactly ${exactly} answers`;
  if (answers.length < atLeast) return `at least ${atLeast} answers`;
  if (atMost !== undefined && answers.length > atMost) return `at most ${atMost} answers`;
  return null;
}

const sameSet = (some: string[], others: string[]): boolean =>
  some.every((one) => others.includes(one)) && others.every((one) => some.includes(one));

const shownCharacters = 400;
const shortened = (text: string): string =>
  text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
