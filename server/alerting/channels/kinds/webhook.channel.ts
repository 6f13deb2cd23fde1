import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { addressField, headersField, headersOf, secretHeadersField, tlsField } from '../channel-fields.ts';
import { defineChannel, httpTimeoutMs, jsonRequest } from '../channel-kind.ts';

const config = z.strictObject({
  url: addressField('Address that messages are posted to'),
  secret: z
    .string()
    .min(16, 'must have at least 16 characters')
    .max(500)
    .describe('Signs each message (Standard Webhooks): a text, or whsec_ and a key in base64')
    .meta({ secret: true }),
  headers: headersField,
  secretHeaders: secretHeadersField,
  tls: tlsField,
});

/** JSON to any program, signed as Standard Webhooks has it: `id.timestamp.body` by HMAC-SHA256. */
export const webhookChannel = defineChannel({
  kind: 'webhook',
  title: 'Webhook',
  description: 'Posts JSON to a program of yours, signed so that it can tell who sent it',
  config,
  ...{ concurrency: 4, gapMs: 0, timeoutMs: httpTimeoutMs },
  render(settings, message, { key, at }) {
    const body = { type: `alert.${message.moment}`, timestamp: at.toISOString(), data: message };
    const seconds = String(Math.floor(at.getTime() / 1_000));
    const signature = signatureOf(settings.secret, `${key}.${seconds}.${JSON.stringify(body)}`);
    const signed = { 'webhook-id': key, 'webhook-timestamp': seconds, 'webhook-signature': `v1,${signature}` };
    const headers = { ...headersOf(settings), ...signed };
    return { requests: [jsonRequest(settings.url, { key }, body, { headers, ...tlsOf(settings) })] };
  },
});

function signatureOf(secret: string, content: string): string {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : secret;
  return createHmac('sha256', key).update(content).digest('base64');
}

const tlsOf = ({ tls }: z.infer<typeof config>) => (tls ? { tls } : {});
