import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { TlsOptions } from 'node:tls';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runHttp } from '../../support/http-runs.ts';
import { makeCertificate, ocspResponse, type Identity } from '../../support/targets/certificates.ts';
import { http2Target, httpsTarget, httpTarget, type WebTarget } from '../../support/targets/http-target.ts';
import { sayingTarget } from '../../support/targets/tcp-target.ts';
import { tlsTarget } from '../../support/targets/tls-target.ts';

let root: Identity;
let good: Identity;
const seen: string[] = [];
const targets: { close(): Promise<void> }[] = [];
async function open<Opened extends { close(): Promise<void> }>(target: Promise<Opened>): Promise<Opened> {
  targets.push(await target);
  return target;
}
const page: RequestListener = (request: IncomingMessage, response: ServerResponse) => {
  seen.push(`${request.httpVersion} ${request.url}`);
  response.end('secure page');
};
const serve = (identity = good, options: TlsOptions = {}): Promise<WebTarget> =>
  open(httpsTarget(identity, page, options));
const run = (url: string, config: Record<string, unknown> = {}) =>
  runHttp({ url, tls: { ca: root.certificate }, ...config });

beforeAll(async () => {
  root = await makeCertificate({ name: 'Test Root', isAuthority: true });
  good = await makeCertificate({ name: 'leaf', issuer: root, altNames: ['127.0.0.1', 'localhost', 'probe.test'] });
});
beforeEach(() => {
  seen.length = 0;
});
afterEach(async () => {
  await Promise.all(targets.splice(0).map((target) => target.close()));
});

describe('https', () => {
  it('is up with the handshake timed and the days of the certificate noted', async () => {
    const { url } = await serve();
    const outcome = await run(url, { expect: { body: { contains: 'secure' } } });
    expect(outcome).toMatchObject({
      verdict: 'up',
      facts: { statusCode: 200, certificateDaysLeft: 30, httpVersion: '1.1' },
    });
    expect(Object.keys(outcome.timings!)).toEqual(['connect', 'tls', 'firstByte', 'transfer']);
    expect(outcome.timings!.tls).toBeGreaterThan(0);
  });

  it('is degraded when the certificate expires soon', async () => {
    const { url } = await serve();
    expect((await run(url, { expect: { certificateDaysLeft: 30 } })).verdict).toBe('up');
    expect(await run(url, { expect: { certificateDaysLeft: 31 } })).toMatchObject({
      verdict: 'degraded',
      reason: 'certificate-expiring',
      detail: 'the certificate is valid for 30 more days, fewer than 31',
    });
    expect((await run(url, { expect: { certificateDaysLeft: 31, status: [500] } })).reason).toBe('status-unexpected');
  });

  it.each([
    ['auto', '2'],
    ['2', '2'],
    ['1.1', '1.1'],
  ])('speaks HTTP version %s with a server of both as %s', async (httpVersion, spoken) => {
    const { url } = await open(http2Target(good, page));
    const outcome = await run(url, { httpVersion, expect: { body: { contains: 'secure page' } } });
    expect(outcome).toMatchObject({
      verdict: 'up',
      facts: { httpVersion: spoken, bytes: 11, certificateDaysLeft: 30 },
    });
    expect(seen).toEqual([`${spoken === '2' ? '2.0' : '1.1'} /`]);
  });

  it('is down when HTTP/2 is demanded of a server that has none', async () => {
    const { url } = await serve();
    expect(await run(url, { httpVersion: '2' })).toMatchObject({ verdict: 'down', reason: 'protocol-error' });
    expect(seen).toEqual([]);
  });

  it('asks for the server name of the settings, and follows redirects without it', async () => {
    const other = await makeCertificate({ name: 'other', issuer: root, altNames: ['127.0.0.1'] });
    const away = await open(httpsTarget(other, page));
    const named = await makeCertificate({ name: 'named', issuer: root, altNames: ['virtual.test'] });
    const home = await open(httpsTarget(named, (_, response) => response.writeHead(302, { location: away.url }).end()));
    const tls = { ca: root.certificate, serverName: 'virtual.test' };
    expect(await runHttp({ url: home.url, tls })).toMatchObject({ verdict: 'up', facts: { redirects: 1 } });
    expect((await run(home.url)).reason).toBe('certificate-wrong-name');
  });
});

describe('a certificate', () => {
  const leafOf = (wish: Partial<Parameters<typeof makeCertificate>[0]>) =>
    makeCertificate({ name: 'leaf', issuer: root, altNames: ['127.0.0.1'], ...wish });

  it.each([
    ['has expired', () => leafOf({ fromDays: -9, toDays: -1 }), 'certificate-expired'],
    ['is not valid yet', () => leafOf({ fromDays: 1 }), 'certificate-not-yet-valid'],
    ['is for another name', () => leafOf({ altNames: ['other.test'] }), 'certificate-wrong-name'],
    [
      'is signed by itself',
      () => makeCertificate({ name: '127.0.0.1', altNames: ['127.0.0.1'] }),
      'certificate-self-signed',
    ],
    [
      'comes from an unknown issuer',
      async () => leafOf({ issuer: await makeCertificate({ name: 'Other CA', isAuthority: true }) }),
      'certificate-unknown-issuer',
    ],
    [
      'lacks its intermediate',
      async () => leafOf({ issuer: await makeCertificate({ name: 'Intermediate', issuer: root, isAuthority: true }) }),
      'certificate-incomplete-chain',
    ],
  ])('that %s makes the target down before anything is sent, unless told otherwise', async (_, make, reason) => {
    const { url } = await serve(await make());
    const secret = { bearer: 'secret' };
    const outcome = await run(url, secret);
    expect(outcome).toMatchObject({ verdict: 'down', reason, latencyMs: null, facts: { address: '127.0.0.1' } });
    expect(outcome.detail!.length).toBeGreaterThan(10);
    expect(seen).toEqual([]);
    expect((await runHttp({ url, ...secret, tls: { insecure: true } })).verdict).toBe('up');
    expect(seen).toEqual(['1.1 /']);
  });

  it('that was revoked makes the target down', async () => {
    const target = await open(tlsTarget(good, { ocsp: ocspResponse(good, new Date()) }));
    expect((await run(`https://127.0.0.1:${target.port}/`)).reason).toBe('certificate-revoked');
  });

  it('that no public authority signed is not trusted by default', async () => {
    const { url } = await serve();
    expect((await runHttp({ url })).reason).toBe('certificate-unknown-issuer');
  });
});

describe('a server that demands a client certificate', () => {
  const versions: [string, TlsOptions][] = [
    ['1.2', { maxVersion: 'TLSv1.2' }],
    ['1.3', { minVersion: 'TLSv1.3' }],
  ];

  it.each(versions)('gets it, or the target is down and says why (TLS %s)', async (_, options) => {
    const { url } = await serve(good, { ...options, requestCert: true, ca: root.certificate });
    expect(await run(url)).toMatchObject({ verdict: 'down', reason: 'client-certificate-required' });
    const { certificate, key } = await makeCertificate({ name: 'agent', issuer: root });
    expect((await run(url, { tls: { ca: root.certificate, certificate, key } })).verdict).toBe('up');
  });

  it.each(versions)('refuses one that it does not trust (TLS %s)', async (_, options) => {
    const { url } = await serve(good, { ...options, requestCert: true, ca: root.certificate });
    const { certificate, key } = await makeCertificate({ name: 'stranger' });
    const outcome = await run(url, { tls: { ca: root.certificate, certificate, key } });
    // Node's server closes without an alert; with a certificate at hand the probe does not guess why.
    expect(outcome).toMatchObject({ verdict: 'down', reason: 'connection-closed' });
  });

  it('never sees it where a redirect leads to another origin', async () => {
    const away = await serve(good, { requestCert: true, ca: root.certificate });
    const home = await open(httpsTarget(good, (_, response) => response.writeHead(307, { location: away.url }).end()));
    const { certificate, key } = await makeCertificate({ name: 'agent', issuer: root });
    const outcome = await run(home.url, { tls: { ca: root.certificate, certificate, key } });
    expect(outcome).toMatchObject({ verdict: 'down', reason: 'client-certificate-required' });
  });
});

describe('the scheme of the URL', () => {
  it('has to be that of the server', async () => {
    const plain = await open(httpTarget(page));
    expect(await run(`https://127.0.0.1:${plain.port}/`)).toMatchObject({
      verdict: 'down',
      reason: 'tls-failed',
      detail: 'the server does not speak TLS at this port',
    });
    const secure = await serve();
    const outcome = await run(`http://127.0.0.1:${secure.port}/`);
    expect(outcome).toMatchObject({ verdict: 'down', reason: 'connection-closed' });
  });

  it('may be met by something that is no server of either', async () => {
    const odd = await open(sayingTarget('220 mail ready\r\n'));
    expect((await run(`https://127.0.0.1:${odd.port}/`)).reason).toBe('tls-failed');
  });
});
