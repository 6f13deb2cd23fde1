import { computed, type ComputedRef } from 'vue';
import type { Incident } from '../../server/contract/incidents.ts';
import { request } from '../api/request.ts';
import { useRecordsStore } from '../stores/records.store.ts';
import { useSessionStore } from '../stores/session.store.ts';
import { useNewsReading } from './use-news-reading.ts';
import { useRequest } from './use-request.ts';

const shownAtMost = 10;

/**
 * Incidents that wait for the one who is signed in: those of their teams, or of all where they are in none, that nobody
 * has acknowledged, and those that they have. None for who may not work on incidents.
 */
export function useWaitingIncidents(): ComputedRef<readonly Incident[]> {
  const session = useSessionStore();
  const records = useRecordsStore();
  const waiting = useRequest(async (signal) => {
    const { user } = session;
    if (!user || !session.can('incidents:write')) return [];
    const find = (query: Record<string, string>) =>
      request('incidents', { query: { ...query, limit: shownAtMost }, signal });
    const open = user.teams.length === 0 ? [{}] : user.teams.map((team) => ({ team }));
    const pages = await Promise.all([
      ...open.map((of) => find({ ...of, state: 'open' })),
      find({ user: user.name, state: 'unresolved' }),
    ]);
    return pages.flatMap(({ items }) => items);
  });
  useNewsReading(waiting.read, { of: 'incident', sources: [() => records.revision] });
  return computed(() => {
    const byId = new Map((waiting.data.value ?? []).map((incident) => [incident.id, incident]));
    return [...byId.values()].toSorted((a, b) => a.severity - b.severity || b.id - a.id).slice(0, shownAtMost);
  });
}
