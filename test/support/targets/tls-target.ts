import { createServer, type TlsOptions } from 'node:tls';
import { ProbeFailure, type RunContext } from '../../../probes/contract.ts';
import { createAddressGuard } from '../../../probes/support/address-guard.ts';
import { dial } from '../../../probes/support/dial.ts';
import { upgradeTls, type TlsUpgrade, type Upgraded } from '../../../probes/support/upgrade-tls.ts';
import type { Identity } from './certificates.ts';
import { listening, type Target } from './listening.ts';

export interface TlsTargetOptions extends TlsOptions {
  /** Intermediates that the server shows. */
  chain?: readonly Identity[];
  /** OCSP response that it staples. */
  ocsp?: Buffer;
}

/** A TLS server that says nothing after the handshake. */
export function tlsTarget(
  identity: Identity,
  { chain = [], ocsp, ...options }: TlsTargetOptions = {},
): Promise<Target> {
  const cert = [identity, ...chain].map((one) => one.certificate).join('');
  const server = createServer({ key: identity.key, cert, ...options }, (socket) => {
    socket.on('error', () => socket.destroy());
    socket.resume();
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  if (ocsp) server.on('OCSPRequest', (_certificate, _issuer, done) => done(null, ocsp));
  return listening(server);
}

/** Connects to a target and upgrades the connection, by default for the name `probe.test`. */
export async function upgraded(target: Target, changes: Partial<TlsUpgrade> = {}): Promise<Upgraded> {
  const context: RunContext = {
    signal: new AbortController().signal,
    timeoutMs: 5000,
    guard: createAddressGuard({ allowLoopback: true }),
  };
  const { socket } = await dial({ host: '127.0.0.1', port: target.port, context });
  return upgradeTls({ socket, host: 'probe.test', context, ...changes });
}

/** The reason and detail of an upgrade that fails; reason `none` where it does not. */
export async function upgradeFailure(
  target: Target,
  changes: Partial<TlsUpgrade> = {},
): Promise<{ reason: string; detail: string }> {
  try {
    (await upgraded(target, changes)).socket.destroy();
    return { reason: 'none', detail: '' };
  } catch (error) {
    if (!(error instanceof ProbeFailure)) throw error;
    return { reason: error.reason, detail: error.message };
  }
}
