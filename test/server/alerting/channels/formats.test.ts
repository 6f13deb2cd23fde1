import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ChannelRequest, Occasion } from '../../../../server/alerting/channels/channel-kind.ts';
import { channelKind, channelKinds } from '../../../../server/alerting/channels/channel-kinds.ts';
import type { AlertMessage } from '../../../../server/contract/channels.ts';
import { alertMessage } from '../../../support/alert-message.ts';

const occasion: Occasion = {
  key: '0b7c2f5e-6d1a-4a0e-9a55-3f6f2f1f8b11',
  at: new Date('2026-11-26T08:16:00Z'),
  previous: null,
};

/** A config that works, for each kind. */
const configs: Record<string, object> = {
  email: { to: ['noc@example.org', 'lead@example.org'] },
  webhook: { url: 'https://ops.example.org/hook', secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
  slack: { token: 'xoxb-1-2-abc', channel: 'C024BE91L' },
  teams: { url: 'https://prod-1.westeurope.logic.azure.com/workflows/1/triggers/manual/paths/invoke?sig=x' },
  mattermost: { webhookUrl: 'https://chat.example.org/hooks/abcdef', channel: 'noc' },
  discord: { webhookUrl: 'https://discord.com/api/webhooks/1/abc' },
  pagerduty: { routingKey: '0123456789abcdef0123456789abcdef' },
  ntfy: { topic: 'noc-alerts', token: 'tk_abc' },
  gotify: { url: 'https://gotify.example.org/', token: 'AbCdEf' },
  telegram: { token: '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw', chat: '-100123' },
  sms: {
    to: '+49 151 1234567',
    url: 'https://sms.internal/send',
    body: '{"to": "{to}", "message": "{text}", "ref": "{id}"}',
  },
};

function letter(name: string, message: AlertMessage, over: Partial<Occasion> = {}, config = configs[name]!) {
  const { kind } = channelKind(name)!;
  return kind.render(kind.config.parse(config), message, { ...occasion, ...over });
}
function requests(...args: Parameters<typeof letter>): (ChannelRequest & { json: any })[] {
  const made = letter(...args);
  if (!('requests' in made)) throw new Error('it is a mail');
  return made.requests.map((one) => ({ ...one, json: one.body?.startsWith('{') ? JSON.parse(one.body) : null }));
}

describe('every kind of channel', () => {
  it.each(channelKinds.map(({ kind }) => kind))('%s describes each field of its config, for forms', (name) => {
    const { properties = {} } = channelKind(name)!.schema;
    expect(Object.keys(properties).length).toBeGreaterThan(0);
    for (const [field, schema] of Object.entries(properties)) {
      expect((schema as { description?: string }).description, `${name}.${field}`).toMatch(/^[A-Z].{10,}/);
    }
  });

  it('keeps what lets others in as a secret', () => {
    const secrets = Object.fromEntries(
      channelKinds.map(({ kind }) => [kind, channelKind(kind)!.secrets.map((path) => path.join('.'))]),
    );
    expect(secrets).toEqual({
      email: [],
      webhook: ['secret', 'secretHeaders.*', 'tls.key'],
      slack: ['webhookUrl', 'token'],
      teams: ['url'],
      mattermost: ['webhookUrl', 'tls.key'],
      discord: ['webhookUrl'],
      pagerduty: ['routingKey'],
      ntfy: ['topic', 'token', 'tls.key'],
      gotify: ['token', 'tls.key'],
      telegram: ['token'],
      sms: ['secretHeaders.*', 'tls.key'],
    });
  });

  it.each(channelKinds.map(({ kind }) => kind).filter((kind) => kind !== 'email'))(
    '%s says the same idempotency key with each attempt',
    (name) => {
      for (const request of requests(name, alertMessage())) {
        expect(request.headers['idempotency-key']).toBe(occasion.key);
      }
    },
  );
});

describe('what is said', () => {
  it('names promise, time, reason, budget, what depends on it, who has it, clocks and links', () => {
    const made = letter('email', alertMessage());
    if (!('mail' in made)) throw new Error('it is no mail');
    expect(made.mail.to).toEqual(['noc@example.org', 'lead@example.org']);
    expect(made.mail.subject).toBe('Page: Payroll is down');
    expect(made.mail.text).toBe(
      [
        'Firing: Payroll is down',
        '',
        'Promise: Payroll for HR: Availability',
        'Service: Payroll',
        'Since: 2026-11-26 08:15:30 UTC',
        'Reason: Connection refused',
        'Budget: 12 min left of 43 min, 71.26 % used',
        'Depends on it: Intranet, Expenses and 12 more',
        'Who has it: nobody yet',
        'Response due: 2026-11-26 08:30:30 UTC',
        'Urgency: Page: act now',
        '',
        'Acknowledge: https://troth.example.org/act#ack',
        'Open: https://troth.example.org/alerts/7',
        'Silence: https://troth.example.org/act#silence',
        'Escalate: https://troth.example.org/act#escalate',
        '',
      ].join('\n'),
    );
  });

  it('mails about one alert are one conversation, those about another are not', () => {
    const threads = [
      alertMessage(),
      alertMessage({ moment: 'resolved' }),
      alertMessage({ alert: { id: 8, fingerprint: 'service-down/payroll' } }),
    ].map((message) => {
      const made = letter('email', message);
      return 'mail' in made ? [made.mail.thread, made.mail.subject] : [];
    });
    expect(threads[1]).toEqual([threads[0]![0], 'Re: Page: Payroll is down']);
    expect(threads[2]![0]).not.toBe(threads[0]![0]);
  });
});

describe('formats', () => {
  it('a webhook is signed as Standard Webhooks has it', () => {
    const [request] = requests('webhook', alertMessage());
    const key = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
    const signature = createHmac('sha256', key).update(`${occasion.key}.1795680960.${request!.body}`).digest('base64');
    expect(request!.headers).toMatchObject({
      'webhook-id': occasion.key,
      'webhook-timestamp': '1795680960',
      'webhook-signature': `v1,${signature}`,
    });
    expect(request!.json).toEqual({
      type: 'alert.firing',
      timestamp: '2026-11-26T08:16:00.000Z',
      data: alertMessage(),
    });
  });

  it('Slack gets blocks of plain text and buttons, then changes in place, and replies that ring', () => {
    const [first] = requests('slack', alertMessage());
    expect(first!.url).toBe('https://slack.com/api/chat.postMessage');
    expect(first!.headers['authorization']).toBe('Bearer xoxb-1-2-abc');
    expect(first!.json).toMatchObject({
      channel: 'C024BE91L',
      text: 'Firing: Payroll is down',
      parse: 'none',
      link_names: false,
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: 'Firing: Payroll is down', emoji: false } },
        { type: 'section', text: { type: 'plain_text' } },
        {
          type: 'actions',
          elements: [
            {
              type: 'button',
              text: { type: 'plain_text', text: 'Acknowledge' },
              url: 'https://troth.example.org/act#ack',
            },
            { text: { text: 'Open' } },
            { text: { text: 'Silence' } },
            { text: { text: 'Escalate' } },
          ],
        },
      ],
    });
    const previous = 'C024BE91L 1355517523.000005';
    const [later] = requests('slack', alertMessage({ moment: 'resolved' }), { previous });
    expect(later!.url).toBe('https://slack.com/api/chat.update');
    expect(later!.json).toMatchObject({ channel: 'C024BE91L', ts: '1355517523.000005' });
    const [reminder] = requests('slack', alertMessage({ moment: 'reminder' }), { previous });
    expect(reminder!.url).toBe('https://slack.com/api/chat.postMessage');
    expect(reminder!.json).toMatchObject({ thread_ts: '1355517523.000005', reply_broadcast: true });
  });

  it('Teams gets an Adaptive Card whose texts are no Markdown', () => {
    const [request] = requests('teams', alertMessage());
    expect(request!.json).toMatchObject({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          contentUrl: null,
          content: {
            $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
            type: 'AdaptiveCard',
            version: '1.4',
            actions: [
              { type: 'Action.OpenUrl', title: 'Acknowledge', url: 'https://troth.example.org/act#ack' },
              { title: 'Open' },
              { title: 'Silence' },
              { title: 'Escalate' },
            ],
          },
        },
      ],
    });
    const blocks = request!.json.attachments[0].content.body as { type: string; inlines: { type: string }[] }[];
    expect(new Set(blocks.map(({ type }) => type))).toEqual(new Set(['RichTextBlock']));
    expect(new Set(blocks.flatMap(({ inlines }) => inlines.map(({ type }) => type)))).toEqual(new Set(['TextRun']));
  });

  it('Mattermost gets an attachment with fields', () => {
    const [request] = requests('mattermost', alertMessage());
    expect(request!.json).toMatchObject({
      channel: 'noc',
      attachments: [
        {
          fallback: String.raw`Firing\: Payroll is down`,
          color: '#c62828',
          fields: expect.arrayContaining([{ short: true, title: 'Reason', value: 'Connection refused' }]),
        },
      ],
    });
  });

  it('Discord gets an embed that calls nobody, and a change of its message later', () => {
    const [first] = requests('discord', alertMessage());
    expect([first!.method, first!.url]).toEqual(['POST', 'https://discord.com/api/webhooks/1/abc?wait=true']);
    expect(first!.json).toMatchObject({
      allowed_mentions: { parse: [] },
      embeds: [{ title: String.raw`Firing\: Payroll is down`, color: 0xc62828 }],
    });
    const [later] = requests('discord', alertMessage({ moment: 'acknowledged' }), { previous: '1234' });
    expect([later!.method, later!.url]).toEqual(['PATCH', 'https://discord.com/api/webhooks/1/abc/messages/1234']);
  });

  it.each([
    ['firing', 'trigger'],
    ['reminder', 'trigger'],
    ['acknowledged', 'acknowledge'],
    ['resolved', 'resolve'],
  ] as const)('PagerDuty: %s is the event %s under one deduplication key', (moment, action) => {
    const [request] = requests('pagerduty', alertMessage({ moment }));
    expect(request!.url).toBe('https://events.pagerduty.com/v2/enqueue');
    expect(request!.json).toMatchObject({
      routing_key: '0123456789abcdef0123456789abcdef',
      event_action: action,
      dedup_key: 'troth/service-down/payroll',
    });
    if (action !== 'trigger') return;
    expect(request!.json).toMatchObject({
      payload: {
        summary: 'Payroll is down',
        source: 'payroll',
        severity: 'critical',
        timestamp: '2026-11-26T08:15:30.000Z',
        component: 'payroll',
        group: 'hr-payroll',
        custom_details: { Reason: 'Connection refused' },
      },
      links: expect.arrayContaining([{ href: 'https://troth.example.org/alerts/7', text: 'Open' }]),
      client: 'Troth',
      client_url: 'https://troth.example.org/alerts/7',
    });
  });

  it('a test of PagerDuty leaves nothing open', () => {
    const made = requests('pagerduty', alertMessage({ moment: 'test' })).map(({ json }) => json);
    expect(made.map(({ event_action }) => event_action)).toEqual(['trigger', 'resolve']);
    expect(made[0].dedup_key).toBe(made[1].dedup_key);
    expect(made[0].payload.severity).toBe('info');
  });

  it('ntfy gets JSON with a priority and at most three actions', () => {
    const [request] = requests('ntfy', alertMessage());
    expect([request!.url, request!.headers['authorization']]).toEqual(['https://ntfy.sh', 'Bearer tk_abc']);
    expect(request!.json).toMatchObject({
      topic: 'noc-alerts',
      title: 'Firing: Payroll is down',
      priority: 5,
      click: 'https://troth.example.org/alerts/7',
      actions: [
        { action: 'view', label: 'Acknowledge', url: 'https://troth.example.org/act#ack' },
        { label: 'Open' },
        { label: 'Silence' },
      ],
    });
    expect(requests('ntfy', alertMessage({ moment: 'resolved' }))[0]!.json.priority).toBe(3);
  });

  it('Gotify gets plain text', () => {
    const [request] = requests('gotify', alertMessage());
    expect([request!.url, request!.headers['x-gotify-key']]).toEqual(['https://gotify.example.org/message', 'AbCdEf']);
    expect(request!.json).toMatchObject({
      title: 'Firing: Payroll is down',
      priority: 8,
      extras: {
        'client::display': { contentType: 'text/plain' },
        'client::notification': { click: { url: 'https://troth.example.org/alerts/7' } },
      },
    });
  });

  it('Telegram gets text without markup, changes it later, and answers it to ring again', () => {
    const base = 'https://api.telegram.org/bot110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw';
    const [first] = requests('telegram', alertMessage());
    expect(first!.url).toBe(`${base}/sendMessage`);
    expect(first!.json).not.toHaveProperty('parse_mode');
    expect(first!.json).toMatchObject({
      chat_id: '-100123',
      text: expect.stringContaining('Firing: Payroll is down\n\nPromise: Payroll for HR: Availability\n'),
      link_preview_options: { is_disabled: true },
      reply_markup: {
        inline_keyboard: [
          [{ text: 'Acknowledge', url: 'https://troth.example.org/act#ack' }],
          [{ text: 'Open' }],
          [{ text: 'Silence' }],
          [{ text: 'Escalate' }],
        ],
      },
    });
    const [later] = requests('telegram', alertMessage({ moment: 'resolved' }), { previous: '42' });
    expect([later!.url, later!.json.message_id]).toEqual([`${base}/editMessageText`, 42]);
    const [reminder] = requests('telegram', alertMessage({ moment: 'reminder' }), { previous: '42' });
    expect([reminder!.url, reminder!.json.reply_parameters.message_id]).toEqual([`${base}/sendMessage`, 42]);
  });

  it('links to a host that Telegram does not take for one stand in the text', () => {
    const [request] = requests('telegram', alertMessage({ links: { open: 'http://127.0.0.1:8484/alerts/7' } }));
    expect(request!.json.reply_markup.inline_keyboard).toEqual([]);
    expect(request!.json.text).toMatch(/\n\nOpen: http:\/\/127\.0\.0\.1:8484\/alerts\/7$/);
  });

  it.each([
    ['json', '{"m": "{text}"}', 'application/json; charset=utf-8', '{"m": "Firing: A \\"b\\" &amp; <c>\\\\'],
    ['form', 'm={text}', 'application/x-www-form-urlencoded', 'm=Firing%3A+A+%22b%22+%26amp%3B+%3Cc%3E%5C'],
    ['xml', '<m>{text}</m>', 'application/xml; charset=utf-8', '<m>Firing: A &quot;b&quot; &amp;amp; &lt;c&gt;\\'],
    ['text', '{text}', 'text/plain; charset=utf-8', 'Firing: A "b" &amp; <c>\\'],
  ])('an SMS gateway that takes %s gets the text escaped for that', (contentType, body, type, expected) => {
    const config = { to: '+49151', url: 'https://sms.internal/{to}', contentType, body };
    const message = alertMessage({ title: String.raw`A "b" &amp; <c>\ {to} $&`, reason: null });
    const [request] = requests('sms', message, {}, config);
    expect(request!.url).toBe('https://sms.internal/%2B49151');
    expect(request!.headers['content-type']).toBe(type);
    expect(request!.body).toContain(expected);
    expect(decodeURIComponent(request!.body!.replaceAll('+', ' '))).toContain('{to} ');
  });
});

/** Everything that people and probes could write into a message. */
const hostile = [
  '<script>alert(1)</script> <!channel> <@U123> &lt;b&gt; ',
  '**bold** [click](https://evil.example) ![x](https://evil.example/x.png) `code` # head ~~s~~ ||spoiler|| ',
  '@everyone @here @channel <at>all</at> ',
  'Subject: x\r\nBcc: victim@example.org\r\n\r\n\u0000\u0007 ',
  '\u202Egnp.exe\u202C \u2066isolated\u2069 \uD800 "quote" \\ {to} ${x} %0d%0a ',
].join('');
const hostileMessage = (): AlertMessage => {
  const text = hostile + 'é😀'.repeat(5_000);
  return alertMessage({
    alert: { id: 7, fingerprint: hostile },
    title: text,
    service: { key: 'payroll', name: text },
    agreement: { key: 'hr', name: text },
    objective: text,
    reason: text,
    budget: { leftText: text, usedRatio: '123456789.123456' },
    dependents: { names: Array.from({ length: 100 }, () => text), count: 10_000 },
    holder: text,
    clocks: Array.from({ length: 10 }, () => ({ what: text, dueAt: '2026-11-26T08:30:30.000Z' })),
  });
};
/** No turned direction, no control character, no half of a character. */
const unreadable = /(?!\n)\p{Cc}|[\u202A-\u202E\u2066-\u2069]|\p{Surrogate}/u;

/** Every text in a JSON value. */
const textsIn = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(textsIn)
      : [];

describe('hostile texts', () => {
  const chats = ['slack', 'teams', 'mattermost', 'discord', 'pagerduty', 'ntfy', 'gotify', 'telegram', 'sms'];

  it.each(chats)('%s gets nothing that turns, hides or splits what is read', (name) => {
    for (const { json } of requests(name, hostileMessage())) {
      expect(textsIn(json).filter((text) => unreadable.test(text))).toEqual([]);
    }
  });

  it('are within the limits of each vendor', () => {
    const message = hostileMessage();
    const json = (name: string) => requests(name, message)[0]!.json;
    const [header, section] = json('slack').blocks;
    expect(header.text.text.length).toBeLessThanOrEqual(150);
    expect(section.text.text.length).toBeLessThanOrEqual(3_000);
    expect(Buffer.byteLength(requests('teams', message)[0]!.body!)).toBeLessThan(28 * 1_024);
    expect(requests('mattermost', message)[0]!.body!.length).toBeLessThan(16_383);
    const [embed] = json('discord').embeds;
    const { title, description, fields } = embed;
    expect([title.length <= 256, description.length <= 4_096, fields.length <= 25]).toEqual([true, true, true]);
    const all = [
      title,
      description,
      ...fields.flatMap((one: { name: string; value: string }) => [one.name, one.value]),
    ];
    expect(all.join('').length).toBeLessThanOrEqual(6_000);
    const event = json('pagerduty');
    expect([event.payload.summary.length <= 1_024, event.dedup_key.length <= 255]).toEqual([true, true]);
    expect(Buffer.byteLength(json('ntfy').message)).toBeLessThanOrEqual(4_096);
    expect(json('telegram').text.length).toBeLessThanOrEqual(4_096);
    expect(json('sms').message.length).toBeLessThanOrEqual(300);
    expect(json('sms').message).toMatch(/ https:\/\/troth\.example\.org\/act#ack$/);
  });

  it('are no markup: each format shows them as they were written', () => {
    const message = alertMessage({ title: '<!channel> *b* [c](https://x.example) @everyone', reason: null });
    const of = (name: string) => requests(name, message)[0]!.json;
    expect(of('slack').blocks[0].text.text).toBe('Firing: &lt;!channel&gt; *b* [c](https://x.example) @everyone');
    expect(of('slack').text).not.toContain('<!');
    expect(of('teams').attachments[0].content.body[0].inlines[0].text).toBe(
      'Firing: <!channel> *b* [c](https://x.example) @everyone',
    );
    const escaped = String.raw`Firing\: \<\!channel\> \*b\* \[c\]\(https\://x\.example\) @` + '\u200Beveryone';
    expect(of('discord').embeds[0].title).toBe(escaped);
    expect(of('mattermost').attachments[0].title).toBe(escaped);
    expect(of('telegram').text).toMatch(/^Firing: <!channel> \*b\* \[c\]\(https:\/\/x\.example\) @everyone\n/);
  });

  it('in a mail add no header and no element', () => {
    const made = letter('email', hostileMessage());
    if (!('mail' in made)) throw new Error('it is no mail');
    expect(made.mail.subject).not.toMatch(/[\r\n]/);
    expect(made.mail.html).not.toMatch(/<script|<img|<at>/);
    expect(made.mail.html).toContain('&lt;script&gt;');
    expect(made.mail.thread).toMatch(/^[a-z0-9-]+$/);
  });
});

describe('what receivers answer', () => {
  const answer = (status: number, body: object | string) => ({
    status,
    header: () => undefined,
    text: typeof body === 'string' ? body : JSON.stringify(body),
  });
  it.each([
    ['slack', 200, { ok: true, channel: 'C1', ts: '1.2' }, { outcome: 'taken', said: 'ok', reference: 'C1 1.2' }],
    ['slack', 200, { ok: false, error: 'message_not_found' }, { outcome: 'lost' }],
    ['slack', 200, { ok: false, error: 'invalid_auth' }, { outcome: 'refused', said: 'invalid_auth', isFinal: true }],
    ['slack', 200, { ok: false, error: 'fatal_error' }, { outcome: 'refused', said: 'fatal_error', isFinal: false }],
    ['slack', 200, 'ok', null],
    ['telegram', 200, { ok: true, result: { message_id: 42 } }, { outcome: 'taken', said: 'ok', reference: '42' }],
    [
      'telegram',
      400,
      { ok: false, description: 'Bad Request: message is not modified' },
      { outcome: 'taken', said: 'it says so already' },
    ],
    ['telegram', 400, { ok: false, description: 'Bad Request: message to edit not found' }, { outcome: 'lost' }],
    ['telegram', 400, { ok: false, description: 'Bad Request: chat not found' }, null],
    ['discord', 200, { id: '99' }, { outcome: 'taken', said: '200', reference: '99' }],
    ['discord', 404, { code: 10_008, message: 'Unknown Message' }, { outcome: 'lost' }],
    ['discord', 404, { code: 10_015, message: 'Unknown Webhook' }, null],
  ])('%s: %i %o', (name, status, body, verdict) => {
    const { kind } = channelKind(name)!;
    expect(kind.read!(answer(status, body), configs[name])).toEqual(verdict);
  });

  it('an SMS gateway that says what it did in the body is believed there', () => {
    const { kind } = channelKind('sms')!;
    const config = kind.config.parse({ ...configs['sms'], accepted: 'queued' });
    expect(kind.read!(answer(200, 'status: queued'), config)).toMatchObject({ outcome: 'taken' });
    expect(kind.read!(answer(200, 'status: no credit'), config)).toMatchObject({ outcome: 'refused', isFinal: false });
  });
});
