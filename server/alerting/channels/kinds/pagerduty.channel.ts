import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AlertMessage, AlertUrgency } from '../../../contract/channels.ts';
import { addressField, tokenField } from '../channel-fields.ts';
import { defineChannel, httpTimeoutMs, jsonRequest } from '../channel-kind.ts';
import { messageText } from '../message-text.ts';
import { fitted } from '../plain-text.ts';

const config = z.strictObject({
  routingKey: tokenField('Integration key of a service (Events API v2)'),
  url: addressField(
    'Address of the Events API; https://events.eu.pagerduty.com/v2/enqueue in the European region',
  ).default('https://events.pagerduty.com/v2/enqueue'),
});

const longestSummary = 1_024;
const longestKey = 255;
const severities: Readonly<Record<AlertUrgency, string>> = { page: 'critical', notify: 'warning', ticket: 'info' };
const actions = { firing: 'trigger', reminder: 'trigger', acknowledged: 'acknowledge', resolved: 'resolve' } as const;

/** PagerDuty: its incident follows the alert by the deduplication key. */
export const pagerdutyChannel = defineChannel({
  kind: 'pagerduty',
  title: 'PagerDuty',
  description: 'Triggers, acknowledges and resolves an incident in PagerDuty (Events API v2)',
  config,
  ...{ concurrency: 2, gapMs: 0, timeoutMs: httpTimeoutMs },
  render({ routingKey, url }, message, { key }) {
    const event = (action: string, dedupKey: string, further: object = {}) =>
      jsonRequest(url, { key }, { routing_key: routingKey, event_action: action, dedup_key: dedupKey, ...further });
    const { moment } = message;
    if (moment === 'test') {
      // A test leaves nothing open behind it.
      return {
        requests: [event('trigger', `troth-test-${key}`, triggerOf(message)), event('resolve', `troth-test-${key}`)],
      };
    }
    const action = actions[moment];
    return { requests: [event(action, dedupKeyOf(message), action === 'trigger' ? triggerOf(message) : {})] };
  },
});

function dedupKeyOf({ alert: { fingerprint } }: AlertMessage): string {
  const plain = `troth/${fingerprint}`;
  const isUsable = plain.length <= longestKey && /^[\x21-\x7e]+$/.test(plain);
  return isUsable ? plain : `troth/sha256-${createHash('sha256').update(fingerprint).digest('hex')}`;
}

function triggerOf(message: AlertMessage) {
  const { title, facts, links } = messageText(message);
  const open = message.links.open;
  return {
    payload: {
      summary: fitted(title, longestSummary),
      source: message.service ? message.service.key : 'troth',
      severity: message.moment === 'test' ? 'info' : severities[message.urgency],
      timestamp: message.sinceAt,
      ...(message.service ? { component: message.service.key } : {}),
      ...(message.agreement ? { group: message.agreement.key } : {}),
      custom_details: Object.fromEntries(facts.map(({ label, text }) => [label, text])),
    },
    links: links.map(({ label, url: href }) => ({ href, text: label })),
    client: 'Troth',
    ...(open ? { client_url: open } : {}),
  };
}
