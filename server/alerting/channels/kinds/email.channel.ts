import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AlertMessage } from '../../../contract/channels.ts';
import { escaped, mailHtml } from '../../../platform/mail-html.ts';
import { isMailAddress } from '../../../platform/mailer.ts';
import { defineChannel } from '../channel-kind.ts';
import { factLines, messageText, type MessageText } from '../message-text.ts';

const config = z.strictObject({
  to: z
    .array(z.string().refine(isMailAddress, 'must be an e-mail address'))
    .min(1, 'must name an address at least')
    .max(20)
    .describe('Addresses, all of which get each mail'),
});

/** Mails by the installation's mail server; those about one alert are one conversation. */
export const emailChannel = defineChannel({
  kind: 'email',
  title: 'E-mail',
  description: 'Mails to one or more addresses, by the mail server of TROTH_SMTP_URL; one conversation for each alert',
  config,
  // A mail server may be silent for 20 s at each of its steps before it is given up.
  ...{ concurrency: 2, gapMs: 0, timeoutMs: 60_000 },
  render({ to }, message, { key }) {
    const text = messageText(message);
    return {
      mail: {
        to,
        subject: subjectOf(message, text),
        text: textOf(text),
        html: htmlOf(text),
        id: `alert-${key}`,
        thread: threadOf(message),
        attachments: [],
      },
    };
  },
});

/** The same for all mails about one alert but `Re:`, since programs put together what is called the same. */
function subjectOf({ moment, urgency }: AlertMessage, { title, headline }: MessageText): string {
  if (moment === 'test') return headline;
  const subject = urgency === 'page' ? `Page: ${title}` : title;
  return moment === 'firing' ? subject : `Re: ${subject}`;
}

const threadOf = ({ alert }: AlertMessage): string =>
  `alert-${createHash('sha256').update(`${alert.id} ${alert.fingerprint}`).digest('hex').slice(0, 32)}`;

const textOf = ({ headline, facts, links }: MessageText): string =>
  [headline, '', factLines(facts), '', ...links.map(({ label, url }) => `${label}: ${url}`), ''].join('\n');

function htmlOf({ headline, facts, links }: MessageText): string {
  const cell = 'padding:2px 16px 2px 0;vertical-align:top';
  const rows = facts.map(
    ({ label, text }) =>
      `<tr><td style="${cell};color:#4a5563">${escaped(label)}</td><td style="${cell}">${escaped(text)}</td></tr>`,
  );
  const button =
    'display:inline-block;margin:0 8px 8px 0;padding:8px 14px;border:1px solid #4a5563;border-radius:6px;color:#1a1f26';
  const buttons = links.map(({ label, url }) => `<a style="${button}" href="${escaped(url)}">${escaped(label)}</a>`);
  return mailHtml([
    `<p style="margin:0 0 16px;font-size:19px;font-weight:600">${escaped(headline)}</p>`,
    `<table role="presentation" style="border-collapse:collapse;margin:0 0 16px">${rows.join('')}</table>`,
    ...(buttons.length > 0 ? [`<p style="margin:0">${buttons.join('')}</p>`] : []),
  ]);
}
