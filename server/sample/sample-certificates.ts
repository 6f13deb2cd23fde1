import 'reflect-metadata';
import { randomBytes, webcrypto, X509Certificate as NodeCertificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { sampleHost, sampleName } from './part.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 86_400_000;
const authorityDays = 3_650;
const certificateDays = 365;
const renewBeforeDays = 60;
const authorityName = 'CN=Sample authority of Troth';

export interface SampleCertificates {
  /** PEM of the authority's certificate: what a client must trust. */
  ca: string;
  cert: string;
  key: string;
}

/** The sample's own authority and its certificate, made on first use and kept; the certificate is renewed in time. */
export async function sampleCertificates(folder: string): Promise<SampleCertificates> {
  mkdirSync(folder, { recursive: true });
  const authorityFiles = { cert: join(folder, 'ca.pem'), key: join(folder, 'ca-key.pem') };
  const files = { cert: join(folder, 'certificate.pem'), key: join(folder, 'key.pem') };
  if (!isGood(authorityFiles)) await makeAuthority(authorityFiles);
  if (!isGood(files) || !isFrom(files.cert, authorityFiles.cert)) await makeCertificate(files, authorityFiles);
  const [ca, cert, key] = [authorityFiles.cert, files.cert, files.key].map((file) => readFileSync(file, 'utf8'));
  return { ca: ca!, cert: cert!, key: key! };
}

interface Files {
  cert: string;
  key: string;
}

function isGood({ cert, key }: Files): boolean {
  if (!existsSync(cert) || !existsSync(key)) return false;
  const { validTo } = new NodeCertificate(readFileSync(cert));
  return Date.parse(validTo) - Date.now() > renewBeforeDays * dayMs;
}

const isFrom = (cert: string, authority: string): boolean =>
  new NodeCertificate(readFileSync(cert)).verify(new NodeCertificate(readFileSync(authority)).publicKey);

const span = (days: number) => ({
  serialNumber: `5a${randomBytes(8).toString('hex')}`,
  notBefore: new Date(Date.now() - dayMs),
  notAfter: new Date(Date.now() + days * dayMs),
});

const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);

async function makeAuthority(files: Files): Promise<void> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...span(authorityDays),
    name: authorityName,
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
    ],
  });
  await write(files, certificate, keys.privateKey);
}

async function makeCertificate(files: Files, authority: Files): Promise<void> {
  const keys = await newKeys();
  const [authorityKey] = PemConverter.decode(readFileSync(authority.key, 'utf8'));
  const certificate = await X509CertificateGenerator.create({
    ...span(certificateDays),
    subject: `CN=${sampleName}`,
    issuer: authorityName,
    publicKey: keys.publicKey,
    signingKey: await webcrypto.subtle.importKey('pkcs8', authorityKey!, algorithm, false, ['sign']),
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new SubjectAlternativeNameExtension([
        { type: 'dns', value: sampleName },
        { type: 'ip', value: sampleHost },
      ]),
    ],
  });
  await write(files, certificate, keys.privateKey);
}

async function write(
  { cert, key }: Files,
  certificate: X509Certificate,
  privateKey: webcrypto.CryptoKey,
): Promise<void> {
  const der = await webcrypto.subtle.exportKey('pkcs8', privateKey);
  writeFileSync(key, `${PemConverter.encode(der, 'PRIVATE KEY')}\n`, { mode: 0o600 });
  writeFileSync(cert, `${certificate.toString('pem')}\n`);
}
