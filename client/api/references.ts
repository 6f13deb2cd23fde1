import type { ReferenceKind } from '../model/schema-field.ts';
import { request } from './request.ts';

export interface Reference {
  readonly key: string;
  readonly name: string;
}

const shownAtMost = 20;
/** Routes whose names are not those of what they list. */
const named = { 'on-call-schedules': 'onCallSchedules', 'escalation-policies': 'escalationPolicies' } as const;

/** Things whose key or name holds a text, the first few. */
export async function findReferences(to: ReferenceKind, text: string, signal: AbortSignal): Promise<Reference[]> {
  const params = { query: { text: text.trim() || undefined, limit: shownAtMost }, signal };
  if (to === 'frameworks' || to === 'agreements') {
    const { items } = await request(to, params);
    return items.map(({ key, title }) => ({ key, name: title }));
  }
  const route = to === 'on-call-schedules' || to === 'escalation-policies' ? named[to] : to;
  const { items } = await request(route, params);
  return items.map(({ key, name }) => ({ key, name }));
}
