import { createSocket } from 'node:dgram';
import dns from 'node:dns';
import { once } from 'node:events';
import {
  AUTHORITATIVE_ANSWER,
  encode,
  TRUNCATED_RESPONSE,
  type Answer,
  type DecodedPacket,
  type Packet,
} from 'dns-packet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProbeFailure } from '../../../probes/contract.ts';
import { dnsProbe } from '../../../probes/kinds/dns.probe.ts';
import { runProbe } from '../../../probes/run-probe.ts';
import { startDnsServer, type DnsServer } from '../../support/dns-server.ts';

const open = { check: () => {} };
const run = (input: object, timeoutMs = 2_000, guard: { check(address: string, port: number): void } = open) =>
  runProbe(dnsProbe, dnsProbe.config.parse(input), { timeoutMs, guard });

const reply = ({ id, questions }: DecodedPacket, rest: Packet = {}): Packet => ({
  type: 'response',
  ...(id === undefined ? {} : { id }),
  ...(questions ? { questions } : {}),
  ...rest,
});
const addresses: Answer[] = [
  { type: 'A', name: 'payroll.internal', data: '10.0.0.5' },
  { type: 'A', name: 'payroll.internal', data: '10.0.0.6' },
];
const nxdomain = 3;
const refused = 5;

let server: DnsServer | undefined;
const serve = async (...answering: Parameters<typeof startDnsServer>) => {
  server = await startDnsServer(...answering);
  return `127.0.0.1:${server.port}`;
};
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

describe('a lookup', () => {
  it('is up with an answer, and tells what came', async () => {
    const at = await serve((query) => [reply(query, { answers: addresses, flags: AUTHORITATIVE_ANSWER })]);
    const outcome = await run({ name: 'Payroll.internal.', server: at });
    expect(outcome).toEqual({
      verdict: 'up',
      reason: 'ok',
      latencyMs: expect.any(Number),
      facts: { rcode: 'NOERROR', answers: '10.0.0.5, 10.0.0.6', authoritative: true, server: at, transport: 'udp' },
    });
    expect(outcome.latencyMs).toBeGreaterThan(0);
    expect(server?.queries).toMatchObject([
      { transport: 'udp', query: { flag_rd: true, questions: [{ name: 'Payroll.internal', type: 'A', class: 'IN' }] } },
    ]);
  });

  it('asks with another id each time, and for no recursion where told so', async () => {
    const at = await serve((query) => [reply(query, { answers: addresses })]);
    for (let i = 0; i < 5; i++) await run({ name: 'payroll.internal', server: at, recursion: false });
    const queries = server!.queries.map((one) => one.query);
    expect(new Set(queries.map((one) => one.id)).size).toBeGreaterThan(2);
    expect(queries.map((one) => one.flag_rd)).toEqual([false, false, false, false, false]);
  });

  it('goes over TCP where told so', async () => {
    const at = await serve((query) => [reply(query, { answers: addresses })]);
    const outcome = await run({ name: 'payroll.internal', server: at, transport: 'tcp' });
    expect(outcome).toMatchObject({ verdict: 'up', facts: { transport: 'tcp', answers: '10.0.0.5, 10.0.0.6' } });
    expect(server?.queries.map((one) => one.transport)).toEqual(['tcp']);
  });

  it('asks again over TCP when UDP cut the answer short', async () => {
    const at = await serve((query, transport) =>
      transport === 'udp'
        ? [reply(query, { flags: TRUNCATED_RESPONSE, answers: addresses.slice(0, 1) })]
        : [reply(query, { answers: addresses })],
    );
    const outcome = await run({ name: 'payroll.internal', server: at, expect: { answers: { count: { exactly: 2 } } } });
    expect(outcome).toMatchObject({ verdict: 'up', facts: { transport: 'tcp' } });
    expect(server?.queries.map((one) => one.transport)).toEqual(['udp', 'tcp']);
  });

  it('of an address is for its reverse name', async () => {
    const name = '5.0.0.10.in-addr.arpa';
    const at = await serve((query) => [reply(query, { answers: [{ type: 'PTR', name, data: 'payroll.internal' }] })]);
    const outcome = await run({
      name: '10.0.0.5',
      type: 'PTR',
      server: at,
      expect: { answers: { equals: 'payroll.internal.' } },
    });
    expect(outcome).toMatchObject({ verdict: 'up', facts: { answers: 'payroll.internal' } });
    expect(server?.queries[0]?.query.questions).toMatchObject([{ name, type: 'PTR' }]);
  });
});

describe('an answer', () => {
  it('to another id, question or name is passed over', async () => {
    const at = await serve((query) => [
      reply({ ...query, id: (query.id! + 1) % 65_536 }, { answers: [{ ...addresses[0], data: '6.6.6.1' } as Answer] }),
      reply(
        { ...query, questions: [{ type: 'A', name: 'evil.internal' }] },
        { answers: [{ ...addresses[0], data: '6.6.6.2' } as Answer] },
      ),
      reply({ ...query, questions: [{ type: 'AAAA', name: 'payroll.internal' }] }),
      { ...reply(query, { answers: addresses }), type: 'query' },
      Buffer.from([1, 2, 3]),
      reply(query, { answers: [...addresses, { type: 'A', name: 'evil.internal', data: '6.6.6.3' }] }),
    ]);
    const outcome = await run({ name: 'payroll.internal', server: at });
    expect(outcome).toMatchObject({ verdict: 'up', facts: { answers: '10.0.0.5, 10.0.0.6' } });
  });

  it('that cannot be decoded breaks the protocol', async () => {
    const at = await serve((query) => [encode(reply(query, { answers: addresses })).subarray(0, 40)]);
    const outcome = await run({ name: 'payroll.internal', server: at });
    expect(outcome).toMatchObject({ verdict: 'down', reason: 'protocol-error' });
    expect(outcome.detail).toContain('the answer cannot be decoded');
  });

  it('to another question breaks the protocol over TCP', async () => {
    const at = await serve((query) => [reply({ ...query, id: (query.id! + 1) % 65_536 }, { answers: addresses })]);
    const outcome = await run({ name: 'payroll.internal', server: at, transport: 'tcp' });
    expect(outcome).toMatchObject({ verdict: 'down', reason: 'protocol-error' });
  });

  it('that refuses may leave the question out', async () => {
    const at = await serve((query) => [reply({ ...query, questions: [] }, { flags: refused })]);
    expect(await run({ name: 'payroll.internal', server: at })).toMatchObject({
      verdict: 'down',
      reason: 'rcode-unexpected',
      detail: 'expected NOERROR, got REFUSED',
    });
  });
});

describe('an expectation', () => {
  const judged = async (expected: object, rest: Packet = { answers: addresses }) => {
    const at = await serve((query) => [reply(query, rest)]);
    const { verdict, reason, detail } = await run({ name: 'payroll.internal', server: at, expect: expected });
    return verdict === 'up' ? verdict : `${verdict} ${reason}: ${detail}`;
  };
  const unexpected = 'down answer-unexpected: expected';

  it.each<[object, string]>([
    [{ answers: { equals: ['10.0.0.6', '10.0.0.5'] } }, 'up'],
    [{ answers: { equals: '10.0.0.5' } }, `${unexpected} 10.0.0.5, got 10.0.0.5, 10.0.0.6`],
    [
      { answers: { equals: ['10.0.0.5', '10.0.0.6', '10.0.0.7'] } },
      `${unexpected} 10.0.0.5, 10.0.0.6, 10.0.0.7, got 10.0.0.5, 10.0.0.6`,
    ],
    [{ answers: { contains: ['.0.5', '.0.6'] } }, 'up'],
    [{ answers: { contains: ['.0.5', '.0.7'] } }, `${unexpected} one with ".0.7", got 10.0.0.5, 10.0.0.6`],
    [{ answers: { matches: '^10\\.0\\.0\\.6$' } }, 'up'],
    [{ answers: { matches: '^0' } }, `${unexpected} one that matches /^0/, got 10.0.0.5, 10.0.0.6`],
    [{ answers: { count: { atLeast: 2, atMost: 2 } } }, 'up'],
    [{ answers: { count: { atLeast: 3 } } }, `${unexpected} at least 3 answers, got 10.0.0.5, 10.0.0.6`],
    [{ answers: { count: { atMost: 1 } } }, `${unexpected} at most 1 answers, got 10.0.0.5, 10.0.0.6`],
    [{ answers: { count: { exactly: 1 } } }, `${unexpected} exactly 1 answers, got 10.0.0.5, 10.0.0.6`],
    [{ authoritative: true }, 'down not-authoritative: the server answered without authority'],
    [{ rcode: 'NXDOMAIN' }, 'down rcode-unexpected: expected NXDOMAIN, got NOERROR'],
  ])('of %j is %s', async (expected, judgement) => expect(await judged(expected)).toBe(judgement));

  it('of a name is an answer, unless told otherwise', async () => {
    expect(await judged({}, {})).toBe('down answer-unexpected: expected at least 1 answers, got no A record');
    await server!.stop();
    expect(await judged({ answers: { count: { exactly: 0 } } }, {})).toBe('up');
    await server!.stop();
    expect(await judged({ rcode: 'NXDOMAIN' }, { flags: nxdomain })).toBe('up');
    await server!.stop();
    expect(await judged({ authoritative: true }, { answers: addresses, flags: AUTHORITATIVE_ANSWER })).toBe('up');
  });
});

describe('a server that does not answer', () => {
  it('is down when it was named', async () => {
    const at = await serve(() => []);
    expect(await run({ name: 'payroll.internal', server: at }, 200)).toMatchObject({
      verdict: 'down',
      reason: 'timeout',
    });
  });

  it('is down when nothing listens', async () => {
    const at = await serve(() => []);
    await server!.stop();
    server = undefined;
    for (const transport of ['udp', 'tcp']) {
      const outcome = await run({ name: 'payroll.internal', server: at, transport });
      expect(outcome).toMatchObject({ verdict: 'down', reason: 'connection-refused' });
    }
  });

  it('is down when it hangs up', async () => {
    const at = await serve(() => []);
    const hangUp = run({ name: 'payroll.internal', server: at, transport: 'tcp' });
    await expect.poll(() => server!.queries.length).toBe(1);
    await server!.stop();
    server = undefined;
    expect(await hangUp).toMatchObject({
      verdict: 'down',
      reason: expect.stringMatching(/^connection-(closed|reset)$/),
    });
  });

  it('is not asked where the guard refuses its address', async () => {
    const at = await serve((query) => [reply(query, { answers: addresses })]);
    const checked: string[] = [];
    const guard = {
      check: (address: string, port: number) => {
        checked.push(`${address}:${port}`);
        throw new ProbeFailure('address-refused', 'not this one');
      },
    };
    for (const transport of ['udp', 'tcp']) {
      const outcome = await run({ name: 'payroll.internal', server: at, transport }, 2_000, guard);
      expect(outcome).toMatchObject({ verdict: 'unknown', reason: 'address-refused' });
    }
    expect([checked, server!.queries]).toEqual([[at, at], []]);
  });
});

describe("the system's resolvers", () => {
  const before = dns.getServers();
  let silent: ReturnType<typeof createSocket>;
  beforeEach(async () => {
    silent = createSocket('udp4').bind(0, '127.0.0.1');
    await once(silent, 'listening');
  });
  afterEach(async () => {
    dns.setServers(before);
    silent.close();
    await once(silent, 'close');
  });
  const silentAt = () => `127.0.0.1:${silent.address().port}`;

  it('are asked in turn where no server is named, whatever the guard says', async () => {
    const at = await serve((query) => [reply(query, { answers: addresses })]);
    dns.setServers([silentAt(), at]);
    const guard = {
      check: () => {
        throw new ProbeFailure('address-refused', 'not on loopback');
      },
    };
    expect(await run({ name: 'payroll.internal' }, 400, guard)).toMatchObject({ verdict: 'up', facts: { server: at } });
  });

  it('are our own fault when none answers', async () => {
    dns.setServers([silentAt()]);
    const outcome = await run({ name: 'payroll.internal' }, 400);
    expect(outcome).toMatchObject({ verdict: 'unknown', reason: 'resolver-unavailable' });
    expect(outcome.detail).toMatch(new RegExp(`^${silentAt()} did not answer within 3\\d\\d ms$`));
  });
});

describe('a config', () => {
  it.each([
    { name: 'a..b' },
    { name: '10.0.0.1', type: 'A' },
    { name: 'a', server: 'dns://a' },
    { name: 'a', server: '-x' },
    { name: 'a', type: 'SPF' },
    { name: 'a', expect: { answers: { count: {} } } },
    { name: 'a', expect: { answers: { matches: '(' } } },
    { name: 'a', exepct: {} },
  ])('is refused: %j', (input) => expect(dnsProbe.config.safeParse(input).success).toBe(false));

  it.each(['', '@10.0.0.53', 'a@', 'a MX b', 'a @b @c', 'a@b@c'])('is not read from the target %j', (target) => {
    expect(dnsProbe.config.safeParse(dnsProbe.fromTarget(target)).success).toBe(false);
  });

  it.each([
    ['payroll.internal', 'payroll.internal A'],
    ['payroll.internal mx @10.0.0.53:5353', 'payroll.internal MX @10.0.0.53:5353'],
    ['@::1 10.0.0.5', '10.0.0.5 PTR @::1'],
    ['sample.troth.test@127.0.0.1:22613', 'sample.troth.test A @127.0.0.1:22613'],
    ['payroll.internal TXT@10.0.0.53', 'payroll.internal TXT @10.0.0.53'],
    ['payroll.internal @ 10.0.0.53', 'payroll.internal A @10.0.0.53'],
  ])('is read from the target %s', (target, text) => {
    const described = dnsProbe.describe(dnsProbe.config.parse(dnsProbe.fromTarget(target)));
    expect(described).toBe(text);
    expect(dnsProbe.describe(dnsProbe.config.parse(dnsProbe.fromTarget(described)))).toBe(text);
  });
});
