/** What payloads of other systems say of an incident: pure. */
import { valuesAt, type JsonValue } from '../../probes/support/json-path.ts';
import { storableText } from '../../probes/support/storable.ts';
import type { HookField, HookKind, HookMapping } from '../contract/incident-hooks.ts';
import type { IncidentState } from '../contract/incidents.ts';

type Ready = Pick<HookMapping, 'paths' | 'states' | 'severities' | 'ranks'>;

/** By kind, as these systems send their tickets. */
const ready: Readonly<Record<HookKind, Ready>> = {
  generic: {
    paths: {
      ...{ reference: '$.reference', title: '$.title', description: '$.description', state: '$.state' },
      ...{ severity: '$.severity', impact: '$.impact', urgency: '$.urgency', service: '$.service' },
      ...{ reportedAt: '$.reportedAt', resolvedAt: '$.resolvedAt' },
    },
    states: { open: 'open', acknowledged: 'acknowledged', pending: 'pending', resolved: 'resolved', closed: 'closed' },
    severities: { '1': 1, '2': 2, '3': 3, '4': 4, '5': 5 },
    ranks: { '1': 1, '2': 2, '3': 3 },
  },
  jira: {
    paths: {
      ...{ reference: '$.issue.key', title: '$.issue.fields.summary', description: '$.issue.fields.description' },
      ...{ state: '$.issue.fields.status.statusCategory.key', severity: '$.issue.fields.priority.name' },
      ...{ service: '$.issue.fields.components[0].name', reportedAt: '$.issue.fields.created' },
      resolvedAt: '$.issue.fields.resolutiondate',
    },
    states: { new: 'open', indeterminate: 'acknowledged', done: 'resolved' },
    severities: { Highest: 1, High: 2, Medium: 3, Low: 4, Lowest: 5 },
    ranks: {},
  },
  glpi: {
    paths: {
      ...{ reference: '$.item.id', title: '$.item.name', description: '$.item.content', state: '$.item.status.id' },
      ...{ impact: '$.item.impact', urgency: '$.item.urgency', service: '$.item.category.name' },
      ...{ reportedAt: '$.item.date', resolvedAt: '$.item.date_solve' },
    },
    states: { '1': 'open', '2': 'acknowledged', '3': 'acknowledged', '4': 'pending', '5': 'resolved', '6': 'closed' },
    severities: {},
    ranks: { '5': 1, '4': 1, '3': 2, '2': 3, '1': 3 },
  },
  servicenow: {
    paths: {
      ...{ reference: '$.number', title: '$.short_description', description: '$.description', state: '$.state' },
      ...{ impact: '$.impact', urgency: '$.urgency', service: '$.business_service' },
      ...{ reportedAt: '$.opened_at', resolvedAt: '$.resolved_at' },
    },
    states: { '1': 'open', '2': 'acknowledged', '3': 'pending', '6': 'resolved', '7': 'closed', '8': 'closed' },
    severities: {},
    ranks: { '1': 1, '2': 2, '3': 3 },
  },
};

/** What a payload says; null where it says nothing. */
export interface HookNews {
  readonly reference: string | null;
  readonly title: string | null;
  readonly description: string | null;
  readonly state: IncidentState | null;
  readonly severity: number | null;
  readonly impact: number | null;
  readonly urgency: number | null;
  readonly service: string | null;
  /** ISO 8601. */
  readonly reportedAt: string | null;
  readonly resolvedAt: string | null;
}

/** Reads a payload by the mapping of its kind, with what was mapped otherwise. */
export function readPayload(kind: HookKind, mapping: HookMapping, payload: JsonValue): HookNews {
  const paths = { ...ready[kind].paths, ...mapping.paths };
  const text = (field: HookField, longest = Infinity): string | null => {
    const place = paths[field];
    const [value] = place === undefined ? [] : valuesAt(payload, place);
    return value === undefined || value === null || typeof value === 'object'
      ? null
      : storableText(String(value).trim(), longest) || null;
  };
  const ranks = { ...ready[kind].ranks, ...mapping.ranks };
  const service = text('service');
  return {
    reference: text('reference', 200),
    title: text('title', 200),
    description: text('description', 4_000),
    state: wordIn({ ...ready[kind].states, ...mapping.states }, text('state')),
    severity: wordIn({ ...ready[kind].severities, ...mapping.severities }, text('severity')),
    impact: wordIn(ranks, text('impact')),
    urgency: wordIn(ranks, text('urgency')),
    service: wordIn(mapping.services, service) ?? service ?? mapping.service ?? null,
    reportedAt: instantOf(text('reportedAt')),
    resolvedAt: instantOf(text('resolvedAt')),
  };
}

const wordIn = <Meaning>(words: Readonly<Record<string, Meaning>>, word: string | null): Meaning | null =>
  word !== null && Object.hasOwn(words, word) ? words[word]! : null;

/** Times without a zone are UTC, as ServiceNow sends them. */
function instantOf(text: string | null): string | null {
  if (text === null) return null;
  const hasZone = /(Z|[+-]\d\d:?\d\d)$/.test(text);
  const atMs = Date.parse(hasZone ? text : `${text.replace(' ', 'T')}Z`);
  return Number.isFinite(atMs) ? new Date(atMs).toISOString() : null;
}
