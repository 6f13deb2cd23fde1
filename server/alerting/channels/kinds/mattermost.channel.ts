import { z } from 'zod';
import { secretAddressField, tlsField } from '../channel-fields.ts';
import { defineChannel, httpTimeoutMs, jsonRequest } from '../channel-kind.ts';
import { messageText } from '../message-text.ts';
import { fitted, markdownEscaped as escape } from '../plain-text.ts';

const config = z.strictObject({
  webhookUrl: secretAddressField('Address of an incoming webhook'),
  channel: z
    .string()
    .regex(/^@?[\w.-]{1,64}$/, 'must be the name of a channel, or @ and that of a person')
    .optional()
    .describe('Name of another channel than that of the webhook'),
  tls: tlsField,
});

/** A server that is not told otherwise takes as much in one message. */
const longestText = 4_000;

/** Mattermost, by an incoming webhook. */
export const mattermostChannel = defineChannel({
  kind: 'mattermost',
  title: 'Mattermost',
  description: 'Writes to a Mattermost channel by an incoming webhook',
  config,
  ...{ concurrency: 1, gapMs: 200, timeoutMs: httpTimeoutMs },
  render({ webhookUrl, channel, tls }, message, { key }) {
    const { headline, facts, links } = messageText(message);
    const fields = facts.map(({ label, text }) => ({ short: text.length < 40, title: label, value: escape(text) }));
    const attachment = {
      fallback: fitted(headline, longestText, { escape }),
      title: fitted(headline, longestText, { escape }),
      color: message.moment === 'resolved' ? '#2e7d32' : message.urgency === 'page' ? '#c62828' : '#e08600',
      text: links.map(({ label, url }) => `[${label}](${linkTarget(url)})`).join(' · '),
      fields,
    };
    const body = { ...(channel ? { channel } : {}), attachments: [attachment] };
    return { requests: [jsonRequest(webhookUrl, { key }, body, tls ? { tls } : {})] };
  },
});

/** Signs at which Markdown would end a link. */
const linkTarget = (url: string): string =>
  url.replaceAll(/[()<>\s\\]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
