import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTlsProtocols, type StartTlsProtocol } from '../../../probes/kinds/tcp-starttls.ts';
import { tcpProbe } from '../../../probes/kinds/tcp.probe.ts';
import { runProbe } from '../../../probes/run-probe.ts';
import { makeCertificate, type Identity } from '../../support/targets/certificates.ts';
import { startTlsTarget, type Prelude, type TlsTarget } from '../../support/tls-target.ts';

let identity: Identity;
beforeAll(async () => {
  identity = await makeCertificate({ name: 'localhost', altNames: ['localhost', '127.0.0.1'] });
});
let target: TlsTarget | undefined;
afterEach(async () => {
  await target?.stop();
  target = undefined;
});

const run = async (startTls: StartTlsProtocol, prelude: Prelude, timeoutMs = 2_000) => {
  target = await startTlsTarget({ cert: identity.certificate, key: identity.key, prelude, greeting: 'safe now\r\n' });
  const config = tcpProbe.config.parse({
    host: '127.0.0.1',
    port: target.port,
    tls: { startTls, ca: identity.certificate },
    conversation: [{ expect: { contains: 'safe now' } }],
  });
  return runProbe(tcpProbe, config, { timeoutMs, guard: { check: () => {} } });
};

const ldapRequest = Buffer.from('301d02010177188016312e332e362e312e342e312e313436362e3230303337', 'hex');
const ldapReply = (code: number) => Buffer.from([0x30, 0x0c, 2, 1, 1, 0x78, 7, 0x0a, 1, code, 4, 0, 4, 0]);
/** As Active Directory writes it: each length in four bytes. */
const ldapLongReply = Buffer.from('3084000000100201017884000000070a010004000400', 'hex');
const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

const preludes: Record<StartTlsProtocol, Prelude> = {
  smtp: [
    { say: '220-mail.internal\r\n220 ready\r\n' },
    { hear: 'EHLO [127.0.0.1]\r\n' },
    { say: '250-mail.internal\r\n250-SIZE 1000\r\n' },
    { say: '250 STARTTLS\r\n' },
    { hear: 'STARTTLS\r\n' },
    { say: '220 go on\r\n' },
  ],
  imap: [
    { say: '* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n' },
    { hear: 't1 STARTTLS\r\n' },
    { say: '* 1 EXISTS\r\n' },
    { say: 'T1 ok Begin TLS\r\n' },
  ],
  pop3: [{ say: '+OK ready\r\n' }, { hear: 'STLS\r\n' }, { say: '+OK begin\r\n' }],
  ftp: [{ say: '220-Welcome\r\n to this server\r\n220 ready\r\n' }, { hear: 'AUTH TLS\r\n' }, { say: '234 go on\r\n' }],
  ldap: [{ hear: ldapRequest }, { say: ldapReply(0).subarray(0, 5) }, { say: ldapReply(0).subarray(5) }],
  postgres: [{ hear: sslRequest }, { say: 'S' }],
};

describe('STARTTLS', () => {
  it.each(startTlsProtocols)('begins TLS in the words of %s', async (protocol) => {
    const outcome = await run(protocol, preludes[protocol]);
    expect(target?.misheard).toEqual([]);
    expect(outcome).toMatchObject({
      verdict: 'up',
      reason: 'ok',
      facts: { protocol: 'TLSv1.3', certificateDaysLeft: 30 },
    });
    expect(Object.keys(outcome.timings ?? {})).toEqual(['connect', 'tls', 'transfer']);
    expect(outcome.latencyMs).toBeGreaterThan(outcome.timings!.connect! + outcome.timings!.tls!);
  });

  it('reads an LDAP answer with long lengths', async () => {
    expect(await run('ldap', [{ hear: ldapRequest }, { say: ldapLongReply }])).toMatchObject({ verdict: 'up' });
  });

  it.each<[StartTlsProtocol, Prelude, string]>([
    ['smtp', [{ say: '554 no service\r\n' }], 'expected 220, got "554 no service"'],
    [
      'smtp',
      [{ say: '220 hi\r\n' }, { hear: 'EHLO [127.0.0.1]\r\n' }, { say: '250 plain\r\n' }],
      'expected STARTTLS among the extensions, got "250 plain"',
    ],
    ['smtp', [...preludes.smtp.slice(0, -1), { say: '454 not now\r\n' }], 'expected 220, got "454 not now"'],
    [
      'smtp',
      [...preludes.smtp.slice(0, -1), { say: '220 go on\r\n250 slipped in\r\n' }],
      'expected 220, got "220 go on 250 slipped in"',
    ],
    ['imap', [{ say: '* BYE\r\n' }], 'expected * OK, got "* BYE"'],
    ['imap', [{ say: '* OK\r\n' }, { hear: 't1 STARTTLS\r\n' }, { say: 't1 NO\r\n' }], 'expected t1 OK, got "t1 NO"'],
    ['pop3', [{ say: '+OK\r\n' }, { hear: 'STLS\r\n' }, { say: '-ERR no\r\n' }], 'expected +OK, got "-ERR no"'],
    [
      'ftp',
      [{ say: '220 hi\r\n' }, { hear: 'AUTH TLS\r\n' }, { say: '530 log in\r\n' }],
      'expected 234, got "530 log in"',
    ],
    ['ldap', [{ hear: ldapRequest }, { say: ldapReply(2) }], 'expected LDAP result 0, got'],
    ['postgres', [{ hear: sslRequest }, { say: 'N' }], 'expected S (yes to TLS), got "N"'],
  ])('of %s is unexpected where the server will not: %#', async (protocol, prelude, detail) => {
    const outcome = await run(protocol, [...prelude, { hear: 'never' }]);
    expect(outcome).toMatchObject({ verdict: 'down', reason: 'answer-unexpected' });
    expect(outcome.detail).toContain(detail);
  });

  it.each(startTlsProtocols)('of %s breaks the protocol where the server speaks something else', async (protocol) => {
    const hears = ['ldap', 'postgres'].includes(protocol) ? [preludes[protocol][0]!] : [];
    const outcome = await run(protocol, [...hears, { say: 'SSH-2.0-OpenSSH_9.2\r\n' }, { hear: 'never' }]);
    expect(outcome).toMatchObject({ verdict: 'down', reason: 'protocol-error' });
    expect(outcome.detail).toContain('got "SSH-2.0-OpenSSH_9.2"');
  });

  it('refuses what came in clear text behind the agreement to begin', async () => {
    const outcome = await run('postgres', [{ hear: sslRequest }, { say: 'SX' }, { hear: 'never' }]);
    expect(outcome).toMatchObject({ verdict: 'down', reason: 'protocol-error' });
  });

  it('is down when the server stays silent or hangs up', async () => {
    expect(await run('smtp', [{ hear: 'never' }], 150)).toMatchObject({ verdict: 'down', reason: 'timeout' });
    await target!.stop();
    expect(await run('ldap', [{ hear: Buffer.alloc(31) }])).toMatchObject({
      verdict: 'down',
      reason: 'connection-closed',
    });
  });
});
