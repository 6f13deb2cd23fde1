import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { z } from 'zod';
import { defineProbe, ProbeFailure, type Outcome, type RunContext } from '../contract.ts';
import { endpointText } from '../support/address-guard.ts';
import { daysLeftOf, isoDate } from '../support/certificate.ts';
import { dial } from '../support/dial.ts';
import { hostField, parseHostAndPort, portField } from '../support/endpoint.ts';
import { tlsSettingsSchema } from '../support/tls-settings.ts';
import { upgradeTls } from '../support/upgrade-tls.ts';
import { startTls, startTlsField } from './tcp-starttls.ts';

const { ca, serverName, minVersion } = tlsSettingsSchema.shape;

const expectation = z.strictObject({
  daysLeft: z
    .int()
    .min(0)
    .max(1_000)
    .default(14)
    .describe('The fewest days for which the certificate has to be valid still; with fewer the probe is degraded'),
  minVersion,
});

const config = z.strictObject({
  host: hostField().describe('The host name or IP address to connect to'),
  port: portField().default(443).describe('The port to connect to'),
  family: z.literal(['any', 4, 6]).default('any').describe('The IP version: 4, 6, or any for whichever connects first'),
  serverName,
  ca,
  startTls: startTlsField(),
  expect: expectation.prefault({}).describe('What counts as good'),
});
export type TlsConfig = z.infer<typeof config>;

export const tlsProbe = defineProbe<TlsConfig>({
  kind: 'tls',
  title: 'TLS certificate',
  description:
    'Makes a TLS handshake and judges the certificate: its names, its issuer, its strength and the days it has left.',
  mode: 'pull',
  defaults: { everyMs: 300_000, timeoutMs: 5_000 },
  config,
  describe: ({ host, port, startTls: protocol }) =>
    [endpointText(host, port), ...(protocol ? [protocol] : [])].join(' '),
  examples: ['payroll.example.org', 'ldap.example.org:636', 'mail.example.org:25 smtp'],
  fromTarget: (target) => {
    const [endpoint = '', protocol] = target.trim().split(/\s+/);
    return { ...(parseHostAndPort(endpoint) ?? { host: endpoint }), ...(protocol ? { startTls: protocol } : {}) };
  },
  run,
});

async function run(config: TlsConfig, context: RunContext): Promise<Outcome> {
  const { host, port, family, startTls: protocol, expect } = config;
  const { socket: plain, address, timings } = await dial({ host, port, family, context });
  const begun = performance.now() - timings.connect;
  let secure: TLSSocket | undefined;
  try {
    if (protocol) await startTls(plain, protocol);
    const { socket, chain, tlsMs, certificateDaysLeft, problem } = await upgradeTls({
      socket: plain,
      host,
      minVersion: expect.minVersion,
      ...(config.serverName === undefined ? {} : { serverName: config.serverName }),
      ...(config.ca === undefined ? {} : { ca: config.ca }),
      // What is wrong with the certificate is told below, together with its facts.
      insecure: true,
      certificateOnly: true,
      context,
    });
    const latencyMs = performance.now() - begun;
    secure = socket;
    const daysLeft = certificateDaysLeft === null ? {} : { daysLeft: certificateDaysLeft };
    const facts = { address, ...connectionFacts(socket), ...certificateFacts(chain), ...daysLeft };
    return { ...judge(chain, problem, expect.daysLeft), latencyMs, timings: { ...timings, tls: tlsMs }, facts };
  } finally {
    // Before the connection under it: Node crashes when that one goes first.
    secure?.destroy();
    plain.destroy();
  }
}

type Judgement = Pick<Outcome, 'verdict' | 'reason' | 'detail'>;

function judge(chain: readonly X509Certificate[], problem: ProbeFailure | null, wantedDays: number): Judgement {
  const fault = problem ?? weakKey(chain);
  if (fault) return { verdict: 'down', reason: fault.reason, detail: fault.message };
  const daysLeft = daysLeftOf(chain);
  if (daysLeft === null || daysLeft >= wantedDays) return { verdict: 'up', reason: 'ok' };
  const soonest = chain.find((certificate) => daysLeftOf([certificate]) === daysLeft)!;
  const detail = `${nameOf(soonest)} has ${daysLeft} days left, until ${isoDate(soonest.validTo)}; at least ${wantedDays} are wanted`;
  return { verdict: 'degraded', reason: 'certificate-expiring', detail };
}

const shortestRsaBits = 2048;

/** OpenSSL lets RSA keys of 1024 bits pass; browsers and authorities have not since 2013. */
function weakKey(chain: readonly X509Certificate[]): ProbeFailure | null {
  for (const certificate of chain) {
    const { asymmetricKeyType = '', asymmetricKeyDetails } = certificate.publicKey;
    const bits = asymmetricKeyDetails?.modulusLength;
    if (bits !== undefined && bits < shortestRsaBits) {
      const key = `${asymmetricKeyType.toUpperCase()} key of ${bits} bits`;
      return new ProbeFailure(
        'tls-failed',
        `${nameOf(certificate)} has a weak ${key}; at least ${shortestRsaBits} are needed`,
      );
    }
  }
  return null;
}

function connectionFacts(socket: TLSSocket): Record<string, string> {
  const protocol = socket.getProtocol();
  // Neither is known where the server hung up for want of a client certificate.
  return protocol === null || socket.destroyed ? {} : { protocol, cipher: socket.getCipher().standardName };
}

function certificateFacts([leaf]: readonly X509Certificate[]): Record<string, string> {
  if (!leaf) return {};
  return { subject: oneLine(leaf.subject), issuer: oneLine(leaf.issuer), validTo: isoDate(leaf.validTo) };
}

const factLength = 300;
/** Node writes a name as one line an attribute. */
const oneLine = (name: string | undefined): string => (name ?? '').replaceAll('\n', ', ').slice(0, factLength);
const nameOf = (certificate: X509Certificate): string => oneLine(certificate.subject) || 'a nameless certificate';
