import { z } from 'zod';
import type { AlertMessage } from '../../../contract/channels.ts';
import { addressField, below, secretAddressField, tokenField } from '../channel-fields.ts';
import { defineChannel, httpTimeoutMs, jsonRequest, type ChannelAnswer, type Verdict } from '../channel-kind.ts';
import { factLines, messageText } from '../message-text.ts';
import { fitted, lineOf } from '../plain-text.ts';
import { jsonOf, retryAfter } from '../verdicts.ts';

const config = z
  .strictObject({
    webhookUrl: secretAddressField('Address of an incoming webhook: each message is a new one').optional(),
    token: tokenField('Token of a bot (xoxb-...) that may chat:write: messages are changed in place').optional(),
    channel: z
      .string()
      .regex(/^[#@]?[\w.-]{1,80}$/, 'must be the ID or name of a channel')
      .optional()
      .describe('ID of the channel that the bot writes to, such as C024BE91L'),
    api: addressField('Address of the API, where it is not the usual one').default('https://slack.com/api'),
  })
  .superRefine(({ webhookUrl, token, channel }, issues) => {
    const fail = (path: string, message: string) => issues.addIssue({ code: 'custom', path: [path], message });
    if (Boolean(webhookUrl) === Boolean(token)) fail('webhookUrl', 'give either this or a token and a channel');
    if (token && !channel) fail('channel', 'is needed beside a token');
  });

const longestHeader = 150;
const longestSection = 3_000;
const longestButtonUrl = 3_000;

/** Slack, by an incoming webhook, or by a bot that changes the alert's message in place. */
export const slackChannel = defineChannel({
  kind: 'slack',
  title: 'Slack',
  description: 'Writes to a Slack channel; with the token of a bot, one message an alert is kept up to date',
  config,
  ...{ concurrency: 1, gapMs: 1_000, timeoutMs: httpTimeoutMs },
  render({ webhookUrl, token, channel, api }, message, { key, previous }) {
    const content = contentOf(message);
    if (webhookUrl) return { requests: [jsonRequest(webhookUrl, { key }, content)] };
    const headers = { authorization: `Bearer ${token}` };
    const [room, ts] = previous?.split(' ') ?? [];
    const call = (method: string, body: object) => ({
      requests: [jsonRequest(below(api, `/${method}`), { key }, body, { headers })],
    });
    if (!ts) return call('chat.postMessage', { channel, ...content });
    // What is changed in place rings nowhere: a reminder is to be heard.
    if (message.moment === 'reminder') {
      return call('chat.postMessage', { channel: room, thread_ts: ts, reply_broadcast: true, ...content });
    }
    return call('chat.update', { channel: room, ts, ...content });
  },
  read: verdictOf,
});

/** Texts that are marked as plain know no markup; `&`, `<` and `>` are written as entities in every text of Slack. */
const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const plain = (text: string, most: number) => ({
  type: 'plain_text',
  text: fitted(text, most, { escape }),
  emoji: false,
});

function contentOf(message: AlertMessage) {
  const { headline, facts, links } = messageText(message);
  const buttons = links
    .filter(({ url }) => url.length <= longestButtonUrl)
    .map(({ label, url }) => ({
      type: 'button',
      text: plain(label, 75),
      url,
      action_id: `troth-${label.toLowerCase()}`,
    }));
  return {
    // Shown in notifications, and where blocks are not.
    text: fitted(headline, 1_000, { escape }),
    blocks: [
      { type: 'header', text: plain(headline, longestHeader) },
      { type: 'section', text: plain(factLines(facts), longestSection) },
      ...(buttons.length > 0 ? [{ type: 'actions', elements: buttons }] : []),
    ],
    ...{ mrkdwn: false, parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false },
  };
}

const gone = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed', 'thread_not_found']);
const passing = new Set([
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
]);

/** The API answers refusals with 200 and says them in its body; webhooks answer `ok` in plain text. */
function verdictOf(answer: ChannelAnswer): Verdict | null {
  const { ok, error, channel, ts } = jsonOf(answer.text);
  if (answer.status !== 200 || typeof ok !== 'boolean') return null;
  if (ok) {
    const reference = typeof channel === 'string' && typeof ts === 'string' ? { reference: `${channel} ${ts}` } : {};
    return { outcome: 'taken', said: 'ok', ...reference };
  }
  const code = typeof error === 'string' ? lineOf(error) : 'not ok';
  if (gone.has(code)) return { outcome: 'lost' };
  const retryAfterMs = retryAfter(answer, Date.now());
  const said = fitted(code, 300);
  return {
    outcome: 'refused',
    said,
    isFinal: !passing.has(code),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}
