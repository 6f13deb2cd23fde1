import { isIP } from 'node:net';
import { z } from 'zod';
import type { AlertMessage } from '../../../contract/channels.ts';
import { addressField, below } from '../channel-fields.ts';
import { defineChannel, httpTimeoutMs, jsonRequest, type ChannelAnswer, type Verdict } from '../channel-kind.ts';
import { factLines, messageText, type MessageLink } from '../message-text.ts';
import { fitted } from '../plain-text.ts';
import { jsonOf } from '../verdicts.ts';

const config = z.strictObject({
  token: z
    .string()
    .regex(
      /^\d{1,20}:[\w-]{20,100}$/,
      'must be the token of a bot, such as 110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw',
    )
    .describe('Token of the bot, as BotFather gives it')
    .meta({ secret: true }),
  chat: z
    .string()
    .regex(/^(-?\d{1,20}|@\w{1,64})$/, 'must be the number of a chat, or @ and the name of a channel')
    .describe('Number of the chat, or @ and the name of a public channel'),
  topic: z.int().positive().optional().describe('Number of the topic, in a group that has topics'),
  url: addressField('Address of the Bot API, where it is a server of your own').default('https://api.telegram.org'),
});

const longestText = 4_096;

/** Telegram, by a bot; the alert's message is changed in place. */
export const telegramChannel = defineChannel({
  kind: 'telegram',
  title: 'Telegram',
  description: 'Writes to a Telegram chat by a bot; one message an alert is kept up to date',
  config,
  ...{ concurrency: 1, gapMs: 1_000, timeoutMs: httpTimeoutMs },
  render({ token, chat, topic, url }, message, { key, previous }) {
    const call = (method: string, body: object) => ({
      requests: [jsonRequest(below(url, `/bot${token}/${method}`), { key }, { chat_id: chat, ...body })],
    });
    const content = contentOf(message);
    const first = Number(previous);
    // What is changed in place rings nowhere: a reminder is to be heard.
    if (previous !== null && message.moment !== 'reminder') {
      return call('editMessageText', { message_id: first, ...content });
    }
    const reply =
      previous === null ? {} : { reply_parameters: { message_id: first, allow_sending_without_reply: true } };
    return call('sendMessage', { ...(topic ? { message_thread_id: topic } : {}), ...reply, ...content });
  },
  read: verdictOf,
});

/** Without a `parse_mode` no text is read as markup. */
function contentOf(message: AlertMessage) {
  const { headline, facts, links } = messageText(message);
  const buttons = links.filter(isForButton);
  const others = links.filter((link) => !isForButton(link)).map(({ label, url }) => `${label}: ${url}`);
  const end = others.length > 0 ? `\n\n${others.join('\n')}` : '';
  return {
    text: fitted(`${headline}\n\n${factLines(facts)}`, longestText - end.length) + end,
    link_preview_options: { is_disabled: true },
    reply_markup: { inline_keyboard: buttons.map(({ label, url }) => [{ text: label, url }]) },
  };
}

/** Telegram refuses a message with a button to what it does not take for a host of the internet. */
function isForButton({ url }: MessageLink): boolean {
  const { hostname } = new URL(url);
  return hostname.includes('.') && isIP(hostname) === 0 && !hostname.startsWith('[');
}

function verdictOf({ status, text }: ChannelAnswer): Verdict | null {
  const { ok, result, description } = jsonOf(text);
  const said = typeof description === 'string' ? description : '';
  if (status === 400 && said.includes('message is not modified')) {
    return { outcome: 'taken', said: 'it says so already' };
  }
  if (status === 400 && /message (to edit not found|can't be edited)|MESSAGE_ID_INVALID/.test(said)) {
    return { outcome: 'lost' };
  }
  if (ok !== true) return null;
  const id = (result as { message_id?: unknown } | undefined)?.message_id;
  return { outcome: 'taken', said: 'ok', ...(typeof id === 'number' ? { reference: String(id) } : {}) };
}
