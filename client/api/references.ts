import type { ReferenceKind } from '../../server/contract/catalog.ts';
import { request } from './request.ts';

export interface Reference {
  readonly key: string;
  readonly name: string;
}

const shownAtMost = 20;
/** Things that have no list of their own to choose from: the search finds them, each with what it belongs to. */
const searched = { probes: 'probe', objectives: 'objective', metrics: 'metric' } as const;
/** Routes whose names are not those of what they list. */
const named = { 'on-call-schedules': 'onCallSchedules', 'escalation-policies': 'escalationPolicies' } as const;

/** Things whose key or name holds a text, the first few. */
export async function findReferences(to: ReferenceKind, text: string, signal: AbortSignal): Promise<Reference[]> {
  const query = { text: text.trim() || undefined, limit: shownAtMost };
  if (to === 'probes' || to === 'objectives' || to === 'metrics') {
    const { items } = await request('search', { query: { ...query, kind: searched[to] }, signal });
    return items.map(({ key, name, hint }) => ({ key, name: [name, hint].filter(Boolean).join(' · ') }));
  }
  if (to === 'frameworks' || to === 'agreements') {
    const { items } = await request(to, { query, signal });
    return items.map(({ key, title }) => ({ key, name: title }));
  }
  const route = to === 'on-call-schedules' || to === 'escalation-policies' ? named[to] : to;
  const { items } = await request(route, { query, signal });
  return items.map(({ key, name }) => ({ key, name }));
}
