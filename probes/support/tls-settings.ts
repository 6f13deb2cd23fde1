import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { z } from 'zod';

const pemCertificates = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const pemText = (isUsable: (pem: string) => unknown, message: string) =>
  z
    .string()
    .max(200_000)
    .meta({ 'x-form': 'pem' })
    .refine((pem) => {
      try {
        return Boolean(isUsable(pem));
      } catch {
        return false;
      }
    }, message);
const certificatesOf = (pem: string) => (pem.match(pemCertificates) ?? []).map((one) => new X509Certificate(one));

/** The `tls` field of the kinds that speak TLS. */
export const tlsSettingsSchema = z
  .strictObject({
    ca: pemText((pem) => certificatesOf(pem).length > 0, 'has to be one or more certificates in PEM form')
      .optional()
      .describe('Certificates (PEM) of the authorities to trust instead of the public ones'),
    certificate: pemText((pem) => certificatesOf(pem).length > 0, 'has to be a certificate in PEM form')
      .optional()
      .describe('Certificate (PEM) to show to a server that asks for one, its intermediates behind it'),
    key: pemText(createPrivateKey, 'has to be a private key in PEM form, not encrypted')
      .optional()
      .describe('Private key (PEM) of that certificate')
      .meta({ secret: true }),
    serverName: z
      .string()
      .regex(/^[^\s/:]{1,253}$/, 'has to be a host name')
      .optional()
      .describe('Name to ask the server for and to find in its certificate, instead of the host of the target'),
    insecure: z.boolean().default(false).describe('Accept any certificate, even an expired or a foreign one'),
    minVersion: z.enum(['TLSv1.2', 'TLSv1.3']).default('TLSv1.2').describe('Oldest version of TLS that will do'),
  })
  .refine((tls) => (tls.certificate === undefined) === (tls.key === undefined), {
    message: 'certificate and key go together',
    path: ['key'],
  });
export type TlsSettings = z.infer<typeof tlsSettingsSchema>;

const rememberedContexts = 500;
const remembered = new Map<string, SecureContext>();

/** The secure context of these settings; kept, for the reading of keys and trusted roots is dear. */
export function secureContextOf({ ca, certificate, key, minVersion }: Partial<TlsSettings>): SecureContext {
  const name = [minVersion, ca, certificate, key].join('\0');
  let context = remembered.get(name);
  if (context === undefined) {
    if (remembered.size >= rememberedContexts) remembered.delete(remembered.keys().next().value!);
    context = createSecureContext({
      minVersion: minVersion ?? 'TLSv1.2',
      ...(ca === undefined ? {} : { ca }),
      ...(certificate === undefined ? {} : { cert: certificate }),
      ...(key === undefined ? {} : { key }),
    });
    remembered.set(name, context);
  }
  return context;
}
