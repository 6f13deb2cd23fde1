import type { ReferenceKind } from '../model/schema-field.ts';
import { request } from './request.ts';

export interface Reference {
  readonly key: string;
  readonly name: string;
}

const shownAtMost = 20;

/** Things whose key or name holds a text, the first few. */
export async function findReferences(to: ReferenceKind, text: string, signal: AbortSignal): Promise<Reference[]> {
  const params = { query: { text: text.trim() || undefined, limit: shownAtMost }, signal };
  if (to === 'frameworks') {
    const { items } = await request(to, params);
    return items.map(({ key, title }) => ({ key, name: title }));
  }
  const { items } = await request(to === 'on-call-schedules' ? 'onCallSchedules' : to, params);
  return items.map(({ key, name }) => ({ key, name }));
}
