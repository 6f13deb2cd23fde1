import { z } from 'zod';
import type { AlertMessage } from '../../../contract/channels.ts';
import { addressField, headersField, headersOf, secretHeadersField, tlsField } from '../channel-fields.ts';
import { defineChannel, httpTimeoutMs, type ChannelRequest } from '../channel-kind.ts';
import { messageText } from '../message-text.ts';
import { fitted, jsonEscaped, lineOf } from '../plain-text.ts';
import { saidOf } from '../verdicts.ts';
import { escaped as xmlEscaped } from '../../../platform/mail-html.ts';

/** How a text is written into a body of each sort. */
const sorts = {
  json: { type: 'application/json; charset=utf-8', escape: jsonEscaped },
  form: {
    type: 'application/x-www-form-urlencoded',
    escape: (text: string) => encodeURIComponent(text).replaceAll('%20', '+'),
  },
  xml: { type: 'application/xml; charset=utf-8', escape: xmlEscaped },
  text: { type: 'text/plain; charset=utf-8', escape: (text: string) => text },
} as const;

const config = z
  .strictObject({
    to: z
      .string()
      .regex(/^\+?[\d ()-]{3,30}$/, 'must be a phone number')
      .describe('Phone number, as the gateway wants it'),
    method: z.enum(['POST', 'PUT', 'GET']).default('POST').describe('Method of the request'),
    url: addressField("Address of the gateway's API; {to}, {text} and {id} stand for number, text and message").refine(
      (url) => !/^https?:\/\/[^/?#]*\{/i.test(url),
      'must not have a placeholder in its host',
    ),
    contentType: z
      .enum(['json', 'form', 'xml', 'text'])
      .default('json')
      .describe('What the body is: what is put into it is escaped for that'),
    body: z
      .string()
      .max(20_000)
      .optional()
      .describe('Body of the request, with {to}, {text} and {id}: {"to": "{to}", "message": "{text}"}')
      .meta({ 'x-form': 'lines' }),
    headers: headersField,
    secretHeaders: secretHeadersField,
    accepted: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('Text that the answer holds where the gateway took the message; left out: its status says so'),
    maxCharacters: z.int().min(70).max(1_600).default(300).describe('Longest text, in characters'),
    tls: tlsField,
  })
  .superRefine(({ method, body, url }, issues) => {
    const fail = (path: string, message: string) => issues.addIssue({ code: 'custom', path: [path], message });
    if (method !== 'GET' && body === undefined) fail('body', `is needed with ${method}`);
    if (method === 'GET' && body !== undefined) fail('body', 'cannot be sent with GET');
    if (!`${url}${body ?? ''}`.includes('{text}')) fail(method === 'GET' ? 'url' : 'body', 'must hold {text}');
  });
type SmsConfig = z.infer<typeof config>;

/** SMS by any gateway with an HTTP interface, also one inside the network. */
export const smsChannel = defineChannel({
  kind: 'sms',
  title: 'SMS',
  description: 'Sends text messages by an HTTP gateway, of a provider or inside the network, after a template of yours',
  config,
  ...{ concurrency: 1, gapMs: 0, timeoutMs: httpTimeoutMs },
  render(settings, message, { key }) {
    return { requests: [requestOf(settings, key, smsText(message, settings.maxCharacters))] };
  },
  read(answer, { accepted }) {
    if (accepted === undefined || answer.status < 200 || answer.status > 299) return null;
    if (answer.text.includes(accepted)) return { outcome: 'taken', said: saidOf(answer) };
    return { outcome: 'refused', said: `${saidOf(answer)} (does not hold "${accepted}")`, isFinal: false };
  },
});

function requestOf(settings: SmsConfig, key: string, text: string): ChannelRequest {
  const { to, method, url, contentType, body, tls } = settings;
  const { type, escape } = sorts[contentType];
  const values = { to, text, id: key };
  return {
    method,
    url: filled(url, values, encodeURIComponent),
    headers: {
      ...(body === undefined ? {} : { 'content-type': type }),
      ...headersOf(settings),
      'idempotency-key': key,
    },
    body: body === undefined ? null : filled(body, values, escape),
    ...(tls ? { tls } : {}),
  };
}

/** Everything is put in at once: what is put in is not looked at for further placeholders. */
const filled = (
  template: string,
  values: { to: string; text: string; id: string },
  escape: (text: string) => string,
): string => template.replaceAll(/\{(to|text|id)\}/g, (_, name: keyof typeof values) => escape(values[name]));

/** What must be known at once, and the link to say that one has it; a link is whole or left out. */
function smsText(message: AlertMessage, most: number): string {
  const { headline } = messageText(message);
  const { acknowledge, open } = message.links;
  const link = acknowledge ?? open ?? '';
  const hasRoom = link !== '' && link.length + 40 <= most;
  const reason = message.reason ? ` (${lineOf(message.reason)})` : '';
  const since = `, since ${message.sinceAt.slice(11, 16)} UTC`;
  const words = fitted(`${headline}${since}${reason}`, hasRoom ? most - link.length - 1 : most);
  return hasRoom ? `${words} ${link}` : words;
}
