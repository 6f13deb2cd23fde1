import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TlsUpgrade } from '../../../probes/support/upgrade-tls.ts';
import { makeCertificate, ocspResponse, type Identity } from '../../support/targets/certificates.ts';
import type { Target } from '../../support/targets/listening.ts';
import { tlsTarget, upgraded, upgradeFailure } from '../../support/targets/tls-target.ts';

const targets: Target[] = [];
afterEach(async () => {
  await Promise.all(targets.splice(0).map((target) => target.close()));
});
async function serve(...[identity, options]: Parameters<typeof tlsTarget>): Promise<Target> {
  const target = await tlsTarget(identity, options);
  targets.push(target);
  return target;
}
const trusting = (changes: Partial<TlsUpgrade>): Partial<TlsUpgrade> => ({ ca: root.certificate, ...changes });
const upgrade = (target: Target, changes: Partial<TlsUpgrade> = {}) => upgraded(target, trusting(changes));
const failureOf = (target: Target, changes: Partial<TlsUpgrade> = {}) => upgradeFailure(target, trusting(changes));
const failed = (reason: string, detail: RegExp) => ({ reason, detail: expect.stringMatching(detail) as string });

let root: Identity;
let good: Identity;
beforeAll(async () => {
  root = await makeCertificate({ name: 'Test Root', isAuthority: true, toDays: 1000 });
  good = await makeCertificate({
    name: 'leaf',
    issuer: root,
    altNames: ['probe.test', '*.wild.test', '127.0.0.1', '::1'],
  });
});

describe('a good certificate', () => {
  it('is accepted for each of its names and addresses', async () => {
    const target = await serve(good);
    for (const host of ['probe.test', 'PROBE.TEST', 'a.wild.test', '127.0.0.1', '::1']) {
      const { socket, tlsMs, certificateDaysLeft, problem, chain } = await upgrade(target, { host });
      expect(socket.getProtocol()).toBe('TLSv1.3');
      expect(tlsMs).toBeGreaterThan(0);
      expect(certificateDaysLeft).toBe(30);
      expect(problem).toBeNull();
      expect(chain[0]!.subject).toBe('CN=leaf');
      socket.destroy();
    }
  });

  it('is looked for under the server name of the settings', async () => {
    const names: string[] = [];
    const target = await serve(good, {
      SNICallback: (name, done) => {
        names.push(name);
        done(null);
      },
    });
    const { socket } = await upgrade(target, { host: '127.0.0.1', serverName: 'a.wild.test' });
    socket.destroy();
    expect(names).toEqual(['a.wild.test']);
  });

  it('counts the days of the certificate of its chain that expires first', async () => {
    const intermediate = await makeCertificate({ name: 'Short', issuer: root, isAuthority: true, toDays: 5.5 });
    const leaf = await makeCertificate({ name: 'leaf', issuer: intermediate, altNames: ['probe.test'] });
    const { socket, certificateDaysLeft } = await upgrade(await serve(leaf, { chain: [intermediate, root] }));
    socket.destroy();
    expect(certificateDaysLeft).toBe(5);
  });

  it('is accepted with an OCSP response that calls it good, or that makes no sense', async () => {
    for (const ocsp of [ocspResponse(good, null), Buffer.from('junk')]) {
      expect((await failureOf(await serve(good, { ocsp }))).reason).toBe('none');
    }
  });
});

describe('a bad certificate', () => {
  const leafOf = (wish: Partial<Parameters<typeof makeCertificate>[0]>) =>
    makeCertificate({ name: 'leaf', issuer: root, altNames: ['probe.test'], ...wish });

  it('that has expired', async () => {
    const leaf = await leafOf({ fromDays: -30, toDays: -2 });
    expect(await failureOf(await serve(leaf))).toEqual(
      failed('certificate-expired', /^the certificate leaf expired on \d{4}-\d\d-\d\dT/),
    );
  });

  it('whose intermediate has expired, which is said', async () => {
    const intermediate = await makeCertificate({
      name: 'Old CA',
      issuer: root,
      isAuthority: true,
      fromDays: -30,
      toDays: -2,
    });
    const leaf = await leafOf({ issuer: intermediate });
    const served = serve(leaf, { chain: [intermediate] });
    expect(await failureOf(await served)).toEqual(
      failed('certificate-expired', /^the intermediate certificate Old CA expired on/),
    );
  });

  it('whose trusted root has expired', async () => {
    const old = await makeCertificate({ name: 'Old Root', isAuthority: true, fromDays: -30, toDays: -2 });
    const served = serve(await leafOf({ issuer: old }));
    expect(await failureOf(await served, { ca: old.certificate })).toEqual(
      failed('certificate-expired', /above the chain/),
    );
  });

  it('that is not valid yet', async () => {
    const leaf = await leafOf({ fromDays: 2, toDays: 30 });
    expect(await failureOf(await serve(leaf))).toEqual(
      failed('certificate-not-yet-valid', /^the certificate leaf is valid from/),
    );
  });

  it('that is for another name or address', async () => {
    const target = serve(good);
    const expected = /^expected other\.test, the certificate is for DNS:probe\.test/;
    expect(await failureOf(await target, { host: 'other.test' })).toEqual(failed('certificate-wrong-name', expected));
    expect(await failureOf(await target, { host: 'a.b.wild.test' })).toEqual(
      failed('certificate-wrong-name', /^expected a\.b\.wild\.test/),
    );
    expect(await failureOf(await target, { host: '127.0.0.2' })).toEqual(
      failed('certificate-wrong-name', /^expected 127\.0\.0\.2/),
    );
  });

  it('that has its name in the common name alone', async () => {
    const leaf = await leafOf({ name: 'probe.test', altNames: [] });
    expect(await failureOf(await serve(leaf))).toEqual(
      failed('certificate-wrong-name', /only the common name probe\.test/),
    );
  });

  it('that is signed by itself', async () => {
    const leaf = await makeCertificate({ name: 'probe.test', altNames: ['probe.test'] });
    expect(await failureOf(await serve(leaf))).toEqual(
      failed('certificate-self-signed', /probe\.test is signed by itself/),
    );
    expect((await failureOf(await serve(leaf), { ca: leaf.certificate })).reason).toBe('none');
  });

  it('that comes from an unknown issuer, shown or not', async () => {
    const other = await makeCertificate({ name: 'Other CA', isAuthority: true });
    const intermediate = await makeCertificate({ name: 'Other Intermediate', issuer: other, isAuthority: true });
    const direct = await leafOf({ issuer: other });
    const indirect = await leafOf({ issuer: intermediate });
    expect(await failureOf(await serve(direct))).toEqual(
      failed('certificate-unknown-issuer', /^Other CA, which signed leaf, is not trusted/),
    );
    const withRoot = serve(direct, { chain: [other] });
    expect(await failureOf(await withRoot)).toEqual(
      failed('certificate-unknown-issuer', /^the root Other CA is not trusted/),
    );
    const withIntermediate = serve(indirect, { chain: [intermediate] });
    expect(await failureOf(await withIntermediate)).toEqual(
      failed('certificate-unknown-issuer', /^Other CA, which signed Other Intermediate/),
    );
  });

  it('that is shown without its intermediate', async () => {
    const intermediate = await makeCertificate({ name: 'R11', issuer: root, isAuthority: true });
    const leaf = await leafOf({ issuer: intermediate, issuerUrl: 'http://r11.invalid/r11.crt' });
    expect(await failureOf(await serve(leaf))).toEqual(
      failed('certificate-incomplete-chain', /without its intermediate R11/),
    );
    expect((await failureOf(await serve(leaf, { chain: [intermediate] }))).reason).toBe('none');
    const named = await makeCertificate({ name: 'Test Issuing CA', issuer: root, isAuthority: true });
    expect(await failureOf(await serve(await leafOf({ issuer: named })))).toEqual(
      failed('certificate-incomplete-chain', /Test Issuing CA/),
    );
  });

  it('that the stapled OCSP response calls revoked', async () => {
    const ocsp = ocspResponse(good, new Date('2026-01-02T03:04:05Z'));
    expect(await failureOf(await serve(good, { ocsp }))).toEqual(
      failed('certificate-revoked', /leaf was revoked on 2026-01-02T03:04:05/),
    );
  });

  it('is let through when told so, with what is wrong with it', async () => {
    const leaf = await leafOf({ fromDays: -30, toDays: -1.5 });
    const { socket, problem, certificateDaysLeft } = await upgrade(await serve(leaf), { insecure: true });
    socket.destroy();
    expect(problem?.reason).toBe('certificate-expired');
    expect(certificateDaysLeft).toBe(-2);
  });
});
