import { z } from 'zod';
import { secretAddressField } from '../channel-fields.ts';
import { defineChannel, httpTimeoutMs, jsonRequest } from '../channel-kind.ts';
import { messageText } from '../message-text.ts';

const config = z.strictObject({
  url: secretAddressField('Address of the workflow "Post to a channel when a webhook request is received"'),
});

/** Microsoft Teams, by a workflow that posts an Adaptive Card. */
export const teamsChannel = defineChannel({
  kind: 'teams',
  title: 'Microsoft Teams',
  description: 'Posts cards to a channel or chat of Microsoft Teams by a workflow (Power Automate)',
  config,
  ...{ concurrency: 1, gapMs: 500, timeoutMs: httpTimeoutMs },
  render({ url }, message, { key }) {
    const { headline, facts, links } = messageText(message);
    const content = {
      $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
      type: 'AdaptiveCard',
      version: '1.4',
      fallbackText: headline,
      msteams: { width: 'Full' },
      body: [
        richText([{ type: 'TextRun', text: headline, weight: 'Bolder', size: 'Large' }]),
        ...facts.map(({ label, text }) =>
          richText([
            { type: 'TextRun', text: `${label}: `, isSubtle: true },
            { type: 'TextRun', text },
          ]),
        ),
      ],
      actions: links.map(({ label, url: to }) => ({ type: 'Action.OpenUrl', title: label, url: to })),
    };
    const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content };
    return { requests: [jsonRequest(url, { key }, { type: 'message', attachments: [attachment] })] };
  },
});

/** A text of a card is read as Markdown, runs of a rich text are not. */
const richText = (inlines: readonly object[]) => ({ type: 'RichTextBlock', inlines });
