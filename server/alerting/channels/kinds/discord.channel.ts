import { z } from 'zod';
import type { AlertMessage } from '../../../contract/channels.ts';
import { secretAddressField } from '../channel-fields.ts';
import { defineChannel, httpTimeoutMs, jsonRequest } from '../channel-kind.ts';
import { messageText } from '../message-text.ts';
import { fitted, markdownEscaped as escape } from '../plain-text.ts';
import { jsonOf } from '../verdicts.ts';

const config = z.strictObject({
  webhookUrl: secretAddressField('Address of a webhook of the channel'),
});

const longestTitle = 256;
const longestName = 256;
/** Discord takes 1,024 in a field, and 6,000 in all texts of a message. */
const longestValue = 450;
const unknownMessage = 10_008;

/** Discord, by a webhook; the alert's message is changed in place. */
export const discordChannel = defineChannel({
  kind: 'discord',
  title: 'Discord',
  description: 'Writes to a Discord channel by a webhook; one message an alert is kept up to date',
  config,
  ...{ concurrency: 1, gapMs: 500, timeoutMs: httpTimeoutMs },
  render({ webhookUrl }, message, { key, previous }) {
    const url = new URL(webhookUrl);
    // A message that is changed rings nowhere: a reminder is to be heard.
    if (previous === null || message.moment === 'reminder') {
      url.searchParams.set('wait', 'true');
      return { requests: [jsonRequest(url.href, { key }, contentOf(message))] };
    }
    url.pathname = `${url.pathname.replace(/\/+$/, '')}/messages/${previous}`;
    return { requests: [jsonRequest(url.href, { key }, contentOf(message), { method: 'PATCH' })] };
  },
  read({ status, text }) {
    const { id, code } = jsonOf(text);
    if (status === 404 && code === unknownMessage) return { outcome: 'lost' };
    if (status < 200 || status > 299) return null;
    const reference = typeof id === 'string' && /^\d{1,30}$/.test(id) ? { reference: id } : {};
    return { outcome: 'taken', said: String(status), ...reference };
  },
});

function contentOf(message: AlertMessage) {
  const { headline, facts, links } = messageText(message);
  const lines = links.map(({ label, url }) => `${label}: <${url}>`);
  return {
    // Nobody is called by what a message says, whatever it says.
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: fitted(headline, longestTitle, { escape }),
        description: withinAll(lines, 2_000),
        color: message.moment === 'resolved' ? 0x2e7d32 : message.urgency === 'page' ? 0xc62828 : 0xe08600,
        fields: facts.slice(0, 25).map(({ label, text }) => ({
          name: fitted(label, longestName, { escape }),
          value: fitted(text, longestValue, { escape }),
          inline: false,
        })),
      },
    ],
  };
}

/** As many whole lines as fit: half a link leads nowhere. */
function withinAll(lines: readonly string[], most: number): string {
  let all = '';
  for (const line of lines) if (all.length + line.length + 1 <= most) all += `${line}\n`;
  return all.trimEnd();
}
