import { z } from 'zod';
import type { AlertUrgency } from '../../../contract/channels.ts';
import { addressField, below, tlsField, tokenField } from '../channel-fields.ts';
import { defineChannel, httpTimeoutMs, jsonRequest } from '../channel-kind.ts';
import { factLines, messageText } from '../message-text.ts';

const config = z.strictObject({
  url: addressField('Address of the server'),
  token: tokenField('Token of an application of the server'),
  tls: tlsField,
});

const priorities: Readonly<Record<AlertUrgency, number>> = { page: 8, notify: 5, ticket: 2 };

/** Gotify, a server of your own. */
export const gotifyChannel = defineChannel({
  kind: 'gotify',
  title: 'Gotify',
  description: 'Pushes to phones and browsers by a Gotify server of your own',
  config,
  ...{ concurrency: 1, gapMs: 0, timeoutMs: httpTimeoutMs },
  render({ url, token, tls }, message, { key }) {
    const { headline, facts, links } = messageText(message);
    const lines = [factLines(facts), ...links.map(({ label, url: to }) => `${label}: ${to}`)];
    const body = {
      title: headline,
      message: lines.join('\n'),
      priority: priorities[message.urgency],
      extras: {
        'client::display': { contentType: 'text/plain' },
        ...(message.links.open ? { 'client::notification': { click: { url: message.links.open } } } : {}),
      },
    };
    const headers = { 'x-gotify-key': token };
    return { requests: [jsonRequest(below(url, '/message'), { key }, body, { headers, ...(tls ? { tls } : {}) })] };
  },
});
