import { z } from 'zod';
import type { AlertUrgency } from '../../../contract/channels.ts';
import { addressField, tlsField, tokenField } from '../channel-fields.ts';
import { defineChannel, httpTimeoutMs, jsonRequest } from '../channel-kind.ts';
import { factLines, messageText } from '../message-text.ts';
import { fitted, utf8Bytes as size } from '../plain-text.ts';

const config = z.strictObject({
  url: addressField('Address of the server, without the topic').default('https://ntfy.sh'),
  topic: z
    .string()
    .regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, "_" and "-"')
    .describe('Topic that is published to: on a public server, whoever knows it can read along')
    .meta({ secret: true }),
  token: tokenField('Access token, where the server asks for one').optional(),
  tls: tlsField,
});

const priorities: Readonly<Record<AlertUrgency, number>> = { page: 5, notify: 3, ticket: 2 };
/** What is longer becomes an attachment. */
const longestMessageBytes = 4_000;
const mostActions = 3;

/** ntfy, on the public server or one of your own. */
export const ntfyChannel = defineChannel({
  kind: 'ntfy',
  title: 'ntfy',
  description: 'Pushes to phones by ntfy, on the public server or one of your own',
  config,
  ...{ concurrency: 1, gapMs: 0, timeoutMs: httpTimeoutMs },
  render({ url, topic, token, tls }, message, { key }) {
    const { headline, facts, links } = messageText(message);
    const isLoud = message.moment === 'firing' || message.moment === 'reminder';
    const body = {
      topic,
      title: fitted(headline, 250, { size }),
      message: fitted(factLines(facts), longestMessageBytes, { size }),
      priority: isLoud ? priorities[message.urgency] : Math.min(3, priorities[message.urgency]),
      ...(message.links.open ? { click: message.links.open } : {}),
      actions: links.slice(0, mostActions).map(({ label, url: to }) => ({ action: 'view', label, url: to })),
    };
    const headers = token ? { authorization: `Bearer ${token}` } : {};
    return { requests: [jsonRequest(url, { key }, body, { headers, ...(tls ? { tls } : {}) })] };
  },
});
