import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { ProbeFailure, type Reason } from '../contract.ts';

const dayMs = 86_400_000;
const longestChain = 12;

/** The certificates that a server showed, its own first; none before the handshake. */
export function presentedChain(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let next = socket.getPeerX509Certificate();
  while (next !== undefined && chain.length < longestChain) {
    chain.push(next);
    next = next.issuerCertificate;
  }
  return chain;
}

/**
 * Whole days until the first certificate of a chain expires, self-signed roots left out; null for an empty chain, and
 * for one with a date that is none.
 */
export function daysLeftOf(chain: readonly X509Certificate[], now: number = Date.now()): number | null {
  const judged = chain.filter((certificate, index) => index === 0 || !isSelfIssued(certificate));
  const soonestMs = Math.min(...judged.map(validToMs));
  return Number.isFinite(soonestMs) ? Math.floor((soonestMs - now) / dayMs) : null;
}

/** What OpenSSL says of the chain: the part of a TLSSocket that tells. */
export interface CertificateVerdict {
  authorized: boolean;
  /** Node sets it to a code such as CERT_HAS_EXPIRED; its type says Error. */
  authorizationError?: unknown;
}

export interface CertificateEvidence {
  socket: CertificateVerdict;
  chain: readonly X509Certificate[];
  /** The name or address that the certificate has to be for. */
  name: string;
  /** The OCSP response that the server stapled. */
  stapled: Buffer | null;
}

/** What is wrong with the certificate that a server showed, judged as browsers do; null when nothing is. */
export async function certificateProblem({
  socket,
  chain,
  name,
  stapled,
}: CertificateEvidence): Promise<ProbeFailure | null> {
  const [leaf] = chain;
  if (leaf === undefined) return new ProbeFailure('tls-failed', 'the server showed no certificate');
  const code = socket.authorizationError as string | null | undefined;
  if (!socket.authorized && code) return problemOf(code, chain);
  const wrongName = wrongNameProblem(leaf, name);
  if (wrongName !== null || stapled === null) return wrongName;
  const { revocationOf } = await import('./ocsp.ts');
  const revoked = revocationOf(stapled, leaf);
  if (revoked === null) return null;
  return new ProbeFailure('certificate-revoked', `${shortName(leaf)} was revoked on ${revoked.toISOString()}`);
}

function problemOf(code: string, chain: readonly X509Certificate[]): ProbeFailure {
  const [leaf] = chain;
  const [reason, detail] = ((): [Reason, string] => {
    switch (code) {
      case 'CERT_HAS_EXPIRED':
        return ['certificate-expired', expiredDetail(chain)];
      case 'CERT_NOT_YET_VALID':
        return ['certificate-not-yet-valid', notYetDetail(chain)];
      case 'DEPTH_ZERO_SELF_SIGNED_CERT':
        return ['certificate-self-signed', `${shortName(leaf!)} is signed by itself and not trusted`];
      case 'SELF_SIGNED_CERT_IN_CHAIN':
        return ['certificate-unknown-issuer', `the root ${shortName(chain.at(-1)!)} is not trusted`];
      case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      case 'UNABLE_TO_GET_ISSUER_CERT':
      case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
        return missingIssuer(chain);
      case 'CERT_REVOKED':
        return ['certificate-revoked', shortName(leaf!)];
      default:
        return ['tls-failed', `the certificate does not verify: ${code}`];
    }
  })();
  return new ProbeFailure(reason, detail);
}

function expiredDetail(chain: readonly X509Certificate[]): string {
  const index = chain.findIndex((certificate) => validToMs(certificate) < Date.now());
  if (index < 0) return 'a trusted certificate above the chain has expired';
  return `${roleOf(index)} ${shortName(chain[index]!)} expired on ${isoDate(chain[index]!.validTo)}`;
}

function notYetDetail(chain: readonly X509Certificate[]): string {
  const index = chain.findIndex((certificate) => Date.parse(certificate.validFrom) > Date.now());
  if (index < 0) return 'a trusted certificate above the chain is not valid yet';
  return `${roleOf(index)} ${shortName(chain[index]!)} is valid from ${isoDate(chain[index]!.validFrom)}`;
}

/**
 * The topmost certificate has an issuer that is neither shown nor trusted. A server may leave out a root, not an
 * intermediate: what the certificate says of its issuer tells which of them this one is.
 */
function missingIssuer(chain: readonly X509Certificate[]): [Reason, string] {
  const top = chain.at(-1)!;
  const issuer = commonName(top.issuer);
  const isIntermediate =
    chain.length === 1 &&
    !/\broot\b/i.test(issuer) &&
    (hasIssuerUrl(top) || /intermediate|issuing|\bsub\b/i.test(issuer));
  if (isIntermediate) {
    return ['certificate-incomplete-chain', `the server shows ${shortName(top)} without its intermediate ${issuer}`];
  }
  return ['certificate-unknown-issuer', `${issuer}, which signed ${shortName(top)}, is not trusted`];
}

/** A name that stands only as the common name does not count: browsers have not looked there since 2017. */
function wrongNameProblem(leaf: X509Certificate, name: string): ProbeFailure | null {
  const matches =
    isIP(name) === 0 ? leaf.checkHost(name, { subject: 'never', partialWildcards: false }) : leaf.checkIP(name);
  if (matches !== undefined) return null;
  const names = leaf.subjectAltName ?? `no alternative names, only the common name ${commonName(leaf.subject)}`;
  return new ProbeFailure('certificate-wrong-name', `expected ${name}, the certificate is for ${names}`);
}

const roleOf = (index: number) => (index === 0 ? 'the certificate' : 'the intermediate certificate');
const validToMs = (certificate: X509Certificate) => Date.parse(certificate.validTo);
/** A certificate may carry a date that is none, such as a thirteenth month: it is told as it is written. */
export const isoDate = (text: string): string => (Number.isNaN(Date.parse(text)) ? text : new Date(text).toISOString());
const isSelfIssued = (certificate: X509Certificate) => certificate.subject === certificate.issuer;
const hasIssuerUrl = (certificate: X509Certificate) => /^CA Issuers - URI:/m.test(certificate.infoAccess ?? '');
/** The common name out of Node's one-attribute-a-line form of a name; all of it where there is none. */
const commonName = (name: string | undefined) =>
  /^CN=(.*)$/m.exec(name ?? '')?.[1] ?? (name ? name.replaceAll('\n', ', ') : 'a nameless issuer');
const shortName = (certificate: X509Certificate) => commonName(certificate.subject);
