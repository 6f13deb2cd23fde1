import type { TlsOptions } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ProbeFailure } from '../../../probes/contract.ts';
import { createAddressGuard } from '../../../probes/support/address-guard.ts';
import type { TlsUpgrade } from '../../../probes/support/upgrade-tls.ts';
import { makeCertificate, type Identity } from '../../support/targets/certificates.ts';
import type { Target } from '../../support/targets/listening.ts';
import { closingTarget, hangingTarget, resettingTarget, sayingTarget } from '../../support/targets/tcp-target.ts';
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

describe('a handshake', () => {
  const versions: [string, TlsOptions][] = [
    ['1.2', { maxVersion: 'TLSv1.2' }],
    ['1.3', { minVersion: 'TLSv1.3' }],
  ];

  it.each(versions)('tells that the server demands a client certificate (TLS %s)', async (_, options) => {
    const target = await serve(good, { ...options, requestCert: true, ca: root.certificate });
    const failure = await upgrade(target).then(
      // With TLS 1.3 the server says so only after the handshake.
      ({ socket, explain }) =>
        new Promise<ProbeFailure>((resolve) => socket.on('error', (error) => resolve(explain(error)))),
      (error: unknown) => error as ProbeFailure,
    );
    expect(failure.reason).toBe('client-certificate-required');
    expect(failure.message).toContain('asks for a client certificate');
  });

  it.each(versions)('shows the client certificate to a server that asks (TLS %s)', async (version, options) => {
    const client = await makeCertificate({ name: 'agent', issuer: root });
    const target = await serve(good, { ...options, requestCert: true, ca: root.certificate });
    const { socket } = await upgrade(target, { certificate: client.certificate, key: client.key });
    expect(socket.getProtocol()).toBe(`TLSv${version}`);
    socket.destroy();
  });

  it('blames no client certificate on a server that does not ask for one', async () => {
    const { socket, explain } = await upgrade(await serve(good));
    socket.destroy();
    expect(explain(new ProbeFailure('connection-closed', 'closed')).reason).toBe('connection-closed');
  });

  it('tells that the server is too old', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const;
    expect((await failureOf(await serve(good, old))).reason).toBe('tls-version');
    const older = await serve(good, { maxVersion: 'TLSv1.2' });
    expect((await failureOf(older, { minVersion: 'TLSv1.3' })).reason).toBe('tls-version');
  });

  it.each([
    ['does not speak TLS', () => sayingTarget('HTTP/1.1 400 Bad Request\r\n\r\n'), 'tls-failed', /does not speak TLS/],
    ['closes', closingTarget, 'connection-closed', /closed|disconnected/],
    ['resets', resettingTarget, 'connection-reset', /ECONNRESET/],
  ])('tells that the server %s', async (_, start, reason, detail) => {
    const target = await start();
    targets.push(target);
    expect(await failureOf(target)).toEqual(failed(reason, detail));
  });

  it('tells that the server does not answer in time, and lets go of the connection', async () => {
    const target = await hangingTarget();
    targets.push(target);
    const context = {
      signal: AbortSignal.timeout(30),
      timeoutMs: 30,
      guard: createAddressGuard({ allowLoopback: true }),
    };
    expect(await failureOf(target, { context })).toEqual({
      reason: 'timeout',
      detail: 'no TLS handshake within 30 ms',
    });
    await expect.poll(() => target.openSockets()).toBe(0);
  });

  it('tells that no protocol is in common', async () => {
    const target = await serve(good, { ALPNProtocols: ['http/1.1'] });
    expect((await failureOf(target, { alpn: ['h2'] })).reason).toBe('protocol-error');
  });

  it('tells that the key does not fit the certificate', async () => {
    const other = await makeCertificate({ name: 'agent', issuer: root });
    const failure = await failureOf(await serve(good), { certificate: good.certificate, key: other.key });
    expect(failure.reason).toBe('config-invalid');
  });
});
