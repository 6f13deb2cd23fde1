import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigError, type Environment } from './config.ts';

function attempt<T>(variable: string, what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new ConfigError(`Bad configuration.\n  ${variable}: ${what} (${(error as Error).message})`, { cause: error });
  }
}

/** Certificate chain and key for https, checked to belong together; undefined for http. @throws ConfigError */
export function readTls({
  TROTH_TLS_CERT: certFile,
  TROTH_TLS_KEY: keyFile,
}: Environment): { cert: string; key: string } | undefined {
  if (!certFile || !keyFile) return undefined;
  const cert = attempt('TROTH_TLS_CERT', `cannot read ${certFile}`, () => readFileSync(certFile, 'utf8'));
  const key = attempt('TROTH_TLS_KEY', `cannot read ${keyFile}`, () => readFileSync(keyFile, 'utf8'));
  const certificate = attempt(
    'TROTH_TLS_CERT',
    `${certFile} holds no certificate (PEM)`,
    () => new X509Certificate(cert),
  );
  const privateKey = attempt('TROTH_TLS_KEY', `${keyFile} holds no private key (PEM) without a passphrase`, () =>
    createPrivateKey(key),
  );
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new ConfigError('Bad configuration.\n  TROTH_TLS_KEY: does not belong to the certificate in TROTH_TLS_CERT');
  }
  return { cert, key };
}
