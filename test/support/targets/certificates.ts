import 'reflect-metadata';
import { randomBytes, type webcrypto } from 'node:crypto';
import {
  BasicOCSPResponse,
  CertID,
  CertStatus,
  OCSPResponse,
  OCSPResponseStatus,
  ResponderID,
  ResponseBytes,
  ResponseData,
  RevokedInfo,
  SingleResponse,
  id_pkix_ocsp_basic,
} from '@peculiar/asn1-ocsp';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier } from '@peculiar/asn1-x509';
import * as x509 from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 86_400_000;

export interface Identity {
  /** PEM of the certificate alone. */
  certificate: string;
  /** PEM of the private key, PKCS#8. */
  key: string;
  /** Serial number, hexadecimal. */
  serial: string;
  name: string;
  keys: webcrypto.CryptoKeyPair;
  parsed: x509.X509Certificate;
}

export interface Wish {
  /** Common name of the subject. */
  name: string;
  /** Left out: signed by itself. */
  issuer?: Identity;
  isAuthority?: boolean;
  /** DNS names and IP addresses; none for a certificate that has only a common name. */
  altNames?: readonly string[];
  /** Days from now; default from yesterday to in 30 days and a half. */
  fromDays?: number;
  toDays?: number;
  /** Says where its issuer's certificate can be had, as public authorities do. */
  issuerUrl?: string;
}

/** Makes a throwaway certificate with an EC P-256 key. */
export async function makeCertificate(wish: Wish): Promise<Identity> {
  const { name, issuer, isAuthority = false, altNames = [], fromDays = -1, toDays = 30.5, issuerUrl } = wish;
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const serial = `5a${randomBytes(8).toString('hex')}`;
  const parsed = await x509.X509CertificateGenerator.create({
    serialNumber: serial,
    subject: `CN=${name}`,
    issuer: `CN=${issuer?.name ?? name}`,
    notBefore: new Date(Date.now() + fromDays * dayMs),
    notAfter: new Date(Date.now() + toDays * dayMs),
    publicKey: keys.publicKey,
    signingKey: issuer?.keys.privateKey ?? keys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(isAuthority, undefined, true),
      ...(isAuthority ? [new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true)] : []),
      ...(altNames.length > 0 ? [new x509.SubjectAlternativeNameExtension(altNames.map(altName))] : []),
      ...(issuerUrl ? [new x509.AuthorityInfoAccessExtension({ caIssuers: issuerUrl })] : []),
    ],
  });
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
  const key = `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`;
  return { certificate: `${parsed.toString('pem')}\n`, key, serial, name, keys, parsed };
}

const altName = (value: string): x509.JsonGeneralName => ({ type: /[:]|^[\d.]+$/.test(value) ? 'ip' : 'dns', value });

/** An OCSP response, as a server staples it, that calls the certificate good or revoked at an instant. */
export function ocspResponse(certificate: Identity, revokedAt: Date | null): Buffer {
  const status = revokedAt
    ? new CertStatus({ revoked: new RevokedInfo({ revocationTime: revokedAt }) })
    : new CertStatus({ good: null });
  const single = new SingleResponse({
    certID: new CertID({
      hashAlgorithm: new AlgorithmIdentifier({ algorithm: '1.3.14.3.2.26' }),
      issuerNameHash: new OctetString(randomBytes(20)),
      issuerKeyHash: new OctetString(randomBytes(20)),
      serialNumber: new Uint8Array(Buffer.from(certificate.serial, 'hex')).buffer,
    }),
    certStatus: status,
    thisUpdate: new Date(),
  });
  const basic = new BasicOCSPResponse({
    tbsResponseData: new ResponseData({
      responderID: new ResponderID({ byKey: new OctetString(randomBytes(20)) }),
      producedAt: new Date(),
      responses: [single],
    }),
    signatureAlgorithm: new AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.2' }),
    signature: new Uint8Array(randomBytes(64)).buffer,
  });
  const response = new OCSPResponse({
    responseStatus: OCSPResponseStatus.successful,
    responseBytes: new ResponseBytes({
      responseType: id_pkix_ocsp_basic,
      response: new OctetString(AsnConvert.serialize(basic)),
    }),
  });
  return Buffer.from(AsnConvert.serialize(response));
}
