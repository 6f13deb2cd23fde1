import type { X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { ProbeFailure, type RunContext } from '../contract.ts';
import { certificateProblem, daysLeftOf, presentedChain, type CertificateVerdict } from './certificate.ts';
import { probeFailure } from './reason.ts';
import { secureContextOf, type TlsSettings } from './tls-settings.ts';

export interface TlsUpgrade extends Partial<TlsSettings> {
  /** Connected; from here on the TLS connection owns it. */
  socket: Socket;
  /** The name or address that was asked for; the certificate has to be for it, unless `serverName` is set. */
  host: string;
  /** Protocols to offer, such as `h2` and `http/1.1`. */
  alpn?: readonly string[];
  /** Nothing but the certificate is wanted: a server that then demands one of the client counts as upgraded, and hangs up. */
  certificateOnly?: boolean;
  context: RunContext;
}

export interface Upgraded {
  socket: TLSSocket;
  tlsMs: number;
  /** The certificates that the server showed, its own first. */
  chain: readonly X509Certificate[];
  /** Whole days until the first certificate of the chain expires; negative when one has expired. */
  certificateDaysLeft: number | null;
  /** What is wrong with the certificate; thrown instead, unless `insecure`. */
  problem: ProbeFailure | null;
  /**
   * What an error means that comes before the first answer: with TLS 1.3 a server that misses the client's certificate
   * says so only after the handshake, and some just close.
   */
  explain(error: unknown): ProbeFailure;
}

/**
 * Makes a connection a TLS one and judges the certificate. Throws a ProbeFailure with the exact reason; nothing but the
 * handshake has been sent then.
 */
export async function upgradeTls(upgrade: TlsUpgrade): Promise<Upgraded> {
  const { socket: raw, host, alpn, certificateOnly: _only, context: _context, ...settings } = upgrade;
  const begun = performance.now();
  const name = settings.serverName ?? host;
  const options: ConnectionOptions & { requestOCSP: boolean } = {
    socket: raw,
    secureContext: usableContext(settings),
    // The verdict on the certificate is ours to give: Node's own does not tell the reasons apart.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    requestOCSP: true,
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...(alpn ? { ALPNProtocols: [...alpn] } : {}),
  };
  const socket = connect(options);
  try {
    return await judged(socket, { ...upgrade, settings, name, begun });
  } catch (error) {
    // Before the connection under it: Node crashes when that one goes first.
    socket.destroy();
    throw error;
  }
}

interface Handshake extends Pick<TlsUpgrade, 'certificateOnly' | 'context'> {
  settings: Partial<TlsSettings>;
  name: string;
  begun: number;
}

async function judged(
  socket: TLSSocket,
  { certificateOnly, context, settings, name, begun }: Handshake,
): Promise<Upgraded> {
  let stapled: Buffer | null = null;
  let shown: Shown | null = null;
  socket.once('OCSPResponse', (response: Buffer | null) => {
    stapled = response;
    if (certificateOnly) shown = shownBy(socket);
  });
  await handshake(socket, settings, context).catch((error: unknown) => {
    if (shown === null || !(error instanceof ProbeFailure) || error.reason !== 'client-certificate-required')
      throw error;
  });
  const tlsMs = performance.now() - begun;
  const { chain, verdict } = shown ?? { chain: presentedChain(socket), verdict: socket };
  const problem = await certificateProblem({ socket: verdict, chain, name, stapled });
  if (problem !== null && !settings.insecure) throw problem;
  const isAsked = isCertificateAsked(socket);
  const explain = (error: unknown) => tlsFailure(error, isAsked, settings);
  return { socket, tlsMs, chain, certificateDaysLeft: daysLeftOf(chain), problem, explain };
}

interface Shown {
  chain: readonly X509Certificate[];
  verdict: CertificateVerdict;
}

/**
 * The server's certificate and OpenSSL's word on it in the midst of the handshake, which is when OCSP is heard: once
 * an older TLS fails for want of a client certificate, Node has let go of both.
 */
function shownBy(socket: TLSSocket): Shown {
  const { _handle: handle } = socket as unknown as { _handle: { verifyError(): { code: string } | null } };
  const error = handle.verifyError();
  return { chain: presentedChain(socket), verdict: { authorized: error === null, authorizationError: error?.code } };
}

function handshake(
  socket: TLSSocket,
  settings: Partial<TlsSettings>,
  { signal, timeoutMs }: RunContext,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let isDone = false;
    const cutOff = () => {
      if (socket.destroyed) return;
      socket.destroy(new ProbeFailure('timeout', `no ${isDone ? 'answer' : 'TLS handshake'} within ${timeoutMs} ms`));
    };
    // Stays for the life of the socket: the abort may destroy it when its user no longer listens.
    socket.on('error', (error) => reject(tlsFailure(error, isCertificateAsked(socket), settings)));
    socket.once('close', () => {
      if (!isDone) reject(new ProbeFailure('connection-closed', 'closed during the TLS handshake'));
    });
    socket.once('secureConnect', () => {
      isDone = true;
      resolve();
    });
    if (signal.aborted) cutOff();
    else signal.addEventListener('abort', cutOff, { once: true });
  });
}

function usableContext(settings: Partial<TlsSettings>) {
  try {
    return secureContextOf(settings);
  } catch (error) {
    throw new ProbeFailure('config-invalid', `certificate or key cannot be used: ${(error as Error).message}`);
  }
}

/** Alerts (RFC 8446) that speak of the client's certificate. */
const clientCertificateAlerts =
  /CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_(?:REVOKED|EXPIRED|UNKNOWN)|UNKNOWN_CA|ACCESS_DENIED/;

/** Only a request for the client's certificate makes OpenSSL learn which signatures the server takes. */
const isCertificateAsked = (socket: TLSSocket): boolean => (socket.getSharedSigalgs() ?? []).length > 0;

function tlsFailure(error: unknown, isAsked: boolean, { certificate }: Partial<TlsSettings>): ProbeFailure {
  const failure = probeFailure(error);
  const { code = '', message = '' } = (failure.cause ?? {}) as NodeJS.ErrnoException;
  const isEnd = failure.reason === 'connection-closed' || failure.reason === 'connection-reset';
  const isRefusal = isAsked && certificate === undefined && (isEnd || code.includes('HANDSHAKE_FAILURE'));
  if (isRefusal || clientCertificateAlerts.test(code)) {
    const what = certificate === undefined ? 'asks for a client certificate' : 'does not accept the client certificate';
    return new ProbeFailure(
      'client-certificate-required',
      `the server ${what} (${sslMessage(message) || failure.message})`,
    );
  }
  if (/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW/.test(code)) {
    return new ProbeFailure('tls-version', `no version of TLS in common: ${sslMessage(message)}`);
  }
  if (code.includes('NO_APPLICATION_PROTOCOL')) {
    return new ProbeFailure('protocol-error', 'the server speaks none of the protocols that were offered');
  }
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') {
    return new ProbeFailure('tls-failed', 'the server does not speak TLS at this port');
  }
  return failure.reason === 'tls-failed' ? new ProbeFailure('tls-failed', sslMessage(message)) : failure;
}

/** OpenSSL's words without the numbers around them. */
const sslMessage = (message: string): string => /:SSL routines:[^:]*:([^:]+):/.exec(message)?.[1] ?? message.trim();
