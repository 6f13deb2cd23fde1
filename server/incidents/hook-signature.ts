/** Whether a payload was signed with a secret, and when: pure. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export type SignatureHeaders = Readonly<Record<string, string | string[] | undefined>>;

interface Claim {
  /** When the sender says it was signed, epoch ms. */
  readonly atMs: number;
  readonly signature: string;
  /** What the signature is of. */
  readonly signed: readonly (string | Buffer)[];
}

/** How far the sender's clock may be from ours. */
export const toleranceMs = 300_000;

const textOf = (value: string | string[] | undefined): string => (typeof value === 'string' ? value : '');

/** `Troth-Signature: t=<unix seconds>,v1=<hex of "<t>.<body>">`, or as Jira and GLPI sign. */
function claimOf(headers: SignatureHeaders, body: Buffer): Claim | null {
  const [, seconds, own] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(textOf(headers['troth-signature'])) ?? [];
  if (seconds !== undefined) return { atMs: Number(seconds) * 1_000, signature: own!, signed: [`${seconds}.`, body] };
  const glpi = textOf(headers['x-glpi-timestamp']);
  if (/^\d{1,12}$/.test(glpi))
    return { atMs: Number(glpi) * 1_000, signature: textOf(headers['x-glpi-signature']), signed: [body, glpi] };
  const [, jira] = /^sha256=([0-9a-f]{64})$/.exec(textOf(headers['x-hub-signature'])) ?? [];
  // Jira's time stands in what it signs.
  return jira === undefined ? null : { atMs: timestampIn(body), signature: jira, signed: [body] };
}

function timestampIn(body: Buffer): number {
  const { timestamp } = JSON.parse(body.toString('utf8')) as { timestamp?: unknown };
  return typeof timestamp === 'number' ? timestamp : Number.NaN;
}

/** What tells a signed payload from every other; null where it is not signed with the secret, or not of now. */
export function signatureDigest(headers: SignatureHeaders, body: Buffer, secret: string, nowMs: number): string | null {
  const claim = claimOf(headers, body);
  if (!claim || !(Math.abs(claim.atMs - nowMs) <= toleranceMs)) return null;
  const mac = createHmac('sha256', secret);
  for (const part of claim.signed) mac.update(part);
  const [expected, given] = [Buffer.from(mac.digest('hex')), Buffer.from(claim.signature)];
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return null;
  return createHash('sha256').update(expected).digest('hex');
}
