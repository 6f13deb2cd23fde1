import 'reflect-metadata';
import { generateKeyPairSync } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ProbeFailure } from '../../../probes/contract.ts';
import { tlsProbe } from '../../../probes/kinds/tls.probe.ts';
import { runProbe } from '../../../probes/run-probe.ts';
import { makeCertificate, ocspResponse, type Identity, type Wish } from '../../support/targets/certificates.ts';
import { startTlsTarget, type TlsTarget, type TlsTargetOptions } from '../../support/tls-target.ts';

const open = { check: () => {} };
const names = ['localhost', '127.0.0.1'];

let root: Identity;
let sub: Identity;
beforeAll(async () => {
  root = await makeCertificate({ name: 'Test Root', isAuthority: true, toDays: 400 });
  sub = await makeCertificate({ name: 'Test Issuing', issuer: root, isAuthority: true, toDays: 300 });
});
const leafOf = (wish: Partial<Wish> = {}) =>
  makeCertificate({ name: 'localhost', altNames: names, issuer: sub, ...wish });

let target: TlsTarget | undefined;
afterEach(async () => {
  await target?.stop();
  target = undefined;
});

type Served = Partial<Omit<TlsTargetOptions, 'cert' | 'key'>>;
/** Probes a server that shows these certificates, its own first. */
async function probe(chain: Pick<Identity, 'certificate' | 'key'>[], input: object = {}, served: Served = {}) {
  target = await startTlsTarget({ cert: chain.map((one) => one.certificate).join(''), key: chain[0]!.key, ...served });
  const config = tlsProbe.config.parse({ host: '127.0.0.1', port: target.port, ca: root.certificate, ...input });
  return runProbe(tlsProbe, config, { timeoutMs: 2_000, guard: open });
}

describe('a good certificate', () => {
  it('is up, with its facts', async () => {
    const leaf = await leafOf();
    const outcome = await probe([leaf, sub]);
    expect(outcome).toEqual({
      verdict: 'up',
      reason: 'ok',
      latencyMs: expect.any(Number),
      timings: { connect: expect.any(Number), tls: expect.any(Number) },
      facts: {
        address: '127.0.0.1',
        protocol: 'TLSv1.3',
        cipher: expect.stringMatching(/^TLS_/),
        subject: 'CN=localhost',
        issuer: 'CN=Test Issuing',
        validTo: leaf.parsed.notAfter.toISOString(),
        daysLeft: 30,
      },
    });
    expect(outcome.latencyMs).toBeGreaterThanOrEqual(outcome.timings!.connect! + outcome.timings!.tls!);
  });

  it('is degraded with too few days left, its own or those of an intermediate', async () => {
    const soon = await leafOf({ toDays: 13.9 });
    expect(await probe([soon, sub])).toMatchObject({
      verdict: 'degraded',
      reason: 'certificate-expiring',
      detail: `CN=localhost has 13 days left, until ${soon.parsed.notAfter.toISOString()}; at least 14 are wanted`,
      facts: { daysLeft: 13 },
    });
    await target!.stop();
    expect(await probe([soon, sub], { expect: { daysLeft: 13 } })).toMatchObject({ verdict: 'up' });
    await target!.stop();
    const shortSub = await makeCertificate({ name: 'Test Short', issuer: root, isAuthority: true, toDays: 5.5 });
    const outcome = await probe([await leafOf({ issuer: shortSub }), shortSub]);
    expect(outcome).toMatchObject({ verdict: 'degraded', facts: { daysLeft: 5 } });
    expect(outcome.detail).toContain('CN=Test Short has 5 days left');
  });

  it('is looked for under another name where told so', async () => {
    const leaf = await leafOf({ altNames: ['payroll.internal'] });
    expect(await probe([leaf, sub], { serverName: 'payroll.internal' })).toMatchObject({ verdict: 'up' });
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'is proven before a client certificate is demanded over %s',
    async (version) => {
      const leaf = await leafOf();
      const served = { requestCert: true, ca: root.certificate, maxVersion: version };
      expect(await probe([leaf, sub], {}, served)).toMatchObject({
        verdict: 'up',
        facts: { subject: 'CN=localhost', daysLeft: 30 },
      });
      await target!.stop();
      const expired = await leafOf({ fromDays: -9, toDays: -1 });
      expect(await probe([expired, sub], {}, served)).toMatchObject({ verdict: 'down', reason: 'certificate-expired' });
    },
  );

  it('is read after STARTTLS', async () => {
    const prelude = [{ say: '+OK\r\n' }, { hear: 'STLS\r\n' }, { say: '+OK\r\n' }];
    expect(await probe([await leafOf(), sub], { startTls: 'pop3' }, { prelude })).toMatchObject({ verdict: 'up' });
  });
});

describe('a bad certificate', () => {
  const outcomeOf = async (chain: Pick<Identity, 'certificate' | 'key'>[], input: object = {}, served: Served = {}) => {
    const { verdict, reason, detail = '', facts } = await probe(chain, input, served);
    expect(verdict).toBe('down');
    expect(facts).toMatchObject({
      subject: expect.any(String),
      issuer: expect.any(String),
      daysLeft: expect.any(Number),
    });
    return { reason, detail };
  };

  it('has expired', async () => {
    const { reason, detail } = await outcomeOf([await leafOf({ fromDays: -9, toDays: -1 }), sub]);
    expect([reason, detail]).toEqual(['certificate-expired', expect.stringContaining('localhost expired on')]);
  });

  it('stands on an intermediate that has expired', async () => {
    const old = await makeCertificate({ name: 'Test Old', issuer: root, isAuthority: true, fromDays: -9, toDays: -1 });
    const { reason, detail } = await outcomeOf([await leafOf({ issuer: old }), old]);
    expect([reason, detail]).toEqual([
      'certificate-expired',
      expect.stringContaining('intermediate certificate Test Old'),
    ]);
  });

  it('is not valid yet', async () => {
    expect(await outcomeOf([await leafOf({ fromDays: 1 }), sub])).toMatchObject({
      reason: 'certificate-not-yet-valid',
    });
  });

  it('is for another name', async () => {
    const { reason, detail } = await outcomeOf([await leafOf({ altNames: ['other.internal'] }), sub]);
    expect([reason, detail]).toEqual([
      'certificate-wrong-name',
      'expected 127.0.0.1, the certificate is for DNS:other.internal',
    ]);
  });

  it('has its name only as the common name', async () => {
    const { reason, detail } = await outcomeOf([await leafOf({ altNames: [] }), sub], { serverName: 'localhost' });
    expect([reason, detail]).toEqual([
      'certificate-wrong-name',
      expect.stringContaining('only the common name localhost'),
    ]);
  });

  it('is signed by itself', async () => {
    const own = await makeCertificate({ name: 'localhost', altNames: names });
    expect(await outcomeOf([own])).toMatchObject({ reason: 'certificate-self-signed' });
  });

  it('comes from an unknown issuer', async () => {
    const otherRoot = await makeCertificate({ name: 'Other Root', isAuthority: true });
    const leaf = await leafOf({ issuer: otherRoot });
    expect(await outcomeOf([leaf, otherRoot])).toMatchObject({ reason: 'certificate-unknown-issuer' });
  });

  it('comes without its intermediate', async () => {
    const leaf = await leafOf({ issuerUrl: 'http://ca.internal/sub.crt' });
    expect(await outcomeOf([leaf])).toMatchObject({ reason: 'certificate-incomplete-chain' });
  });

  it('was revoked, as the stapled answer says', async () => {
    const leaf = await leafOf();
    const ocsp = ocspResponse(leaf, new Date('2026-01-02T03:04:05Z'));
    const { reason, detail } = await outcomeOf([leaf, sub], {}, { ocsp });
    expect([reason, detail]).toEqual(['certificate-revoked', 'localhost was revoked on 2026-01-02T03:04:05.000Z']);
    await target!.stop();
    expect(await probe([leaf, sub], {}, { ocsp: ocspResponse(leaf, null) })).toMatchObject({ verdict: 'up' });
  });

  it('has an RSA key of 1024 bits', async () => {
    const weak = await weakCertificate();
    const { reason, detail } = await outcomeOf([weak], { ca: weak.certificate }, { ciphers: 'DEFAULT@SECLEVEL=0' });
    expect([reason, detail]).toEqual([
      'tls-failed',
      'CN=localhost has a weak RSA key of 1024 bits; at least 2048 are needed',
    ]);
  });
});

describe('a handshake', () => {
  it('fails with a version of TLS that is too old', async () => {
    const chain = [await leafOf(), sub];
    const served = { maxVersion: 'TLSv1.2' } as const;
    expect(await probe(chain, {}, served)).toMatchObject({ verdict: 'up', facts: { protocol: 'TLSv1.2' } });
    await target!.stop();
    const outcome = await probe(chain, { expect: { minVersion: 'TLSv1.3' } }, served);
    expect(outcome).toMatchObject({ verdict: 'down', reason: 'tls-version' });
  });

  it('fails where the server speaks clear text', async () => {
    const outcome = await probe([await leafOf()], {}, { prelude: [{ say: '220 mail ready\r\n' }, { hear: 'never' }] });
    expect(outcome).toMatchObject({
      verdict: 'down',
      reason: 'tls-failed',
      detail: 'the server does not speak TLS at this port',
    });
  });

  it('is down when the server hangs or has gone', async () => {
    target = await startTlsTarget({ cert: root.certificate, key: root.key, prelude: [{ hear: 'x'.repeat(10_000) }] });
    const config = tlsProbe.config.parse({ host: '127.0.0.1', port: target.port });
    expect(await runProbe(tlsProbe, config, { timeoutMs: 200, guard: open })).toMatchObject({
      verdict: 'down',
      reason: 'timeout',
    });
    await target.stop();
    const gone = await runProbe(tlsProbe, config, { timeoutMs: 200, guard: open });
    target = undefined;
    expect(gone).toMatchObject({ verdict: 'down', reason: 'connection-refused' });
  });

  it('is not begun where the guard refuses', async () => {
    const guard = {
      check: () => {
        throw new ProbeFailure('address-refused', 'not here');
      },
    };
    const outcome = await runProbe(tlsProbe, tlsProbe.config.parse({ host: '127.0.0.1' }), { timeoutMs: 200, guard });
    expect(outcome).toMatchObject({ verdict: 'unknown', reason: 'address-refused' });
  });
});

describe('a config', () => {
  it.each([
    ['payroll.internal', 'payroll.internal:443'],
    ['payroll.internal:8443', 'payroll.internal:8443'],
    ['mail.internal:25 smtp', 'mail.internal:25 smtp'],
  ])('is read from the target %s', (text, described) => {
    const config = tlsProbe.config.parse(tlsProbe.fromTarget(text));
    expect(tlsProbe.describe(config)).toBe(described);
    expect(tlsProbe.config.parse(tlsProbe.fromTarget(described))).toEqual(config);
  });

  it.each([{ host: 'a', ca: 'no' }, { host: 'a', expect: { minVersion: 'TLSv1.1' } }, { host: 'a', port: 1.5 }, {}])(
    'is refused: %j',
    (input) => expect(tlsProbe.config.safeParse(input).success).toBe(false),
  );
});

/** Signed by itself, with an RSA key of 1024 bits. */
async function weakCertificate(): Promise<Pick<Identity, 'certificate' | 'key'>> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;
  const pair = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const der = {
    publicKey: pair.publicKey.export({ type: 'spki', format: 'der' }),
    privateKey: pair.privateKey.export({ type: 'pkcs8', format: 'der' }),
  };
  const keys = {
    publicKey: await crypto.subtle.importKey('spki', der.publicKey, algorithm, true, ['verify']),
    privateKey: await crypto.subtle.importKey('pkcs8', der.privateKey, algorithm, true, ['sign']),
  };
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=localhost',
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() - 86_400_000),
    notAfter: new Date(Date.now() + 30 * 86_400_000),
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }])],
  });
  return {
    certificate: certificate.toString('pem'),
    key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

describe('a certificate with a date that is none', () => {
  it('is told as it is written, and ends nothing but the run', async () => {
    const leaf = await leafOf({ toDays: 60 });
    const der = Buffer.from(leaf.parsed.rawData);
    const utcTime = Buffer.from([0x17, 13]);
    const notAfter = der.indexOf(utcTime, der.indexOf(utcTime) + 1) + utcTime.length;
    der.write('13', notAfter + 2, 'ascii');
    const certificate = `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
    const outcome = await probe([{ ...leaf, certificate }, sub]);
    expect(outcome).toMatchObject({ verdict: 'down', reason: 'tls-failed', facts: { subject: 'CN=localhost' } });
    expect(outcome.facts!['validTo']).not.toMatch(/Z$/);
    expect(outcome.facts).not.toHaveProperty('daysLeft');
  });
});
