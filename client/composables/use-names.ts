import { computed, type ComputedRef } from 'vue';
import { request } from '../api/request.ts';
import { useLiveStore } from '../stores/live.store.ts';
import { useSessionStore } from '../stores/session.store.ts';
import { useRequest } from './use-request.ts';

const mostOfPage = 500;

/** The names of things by their keys, read once where they may be; a key without a name stands for itself. */
function useNamesOf(of: 'teams' | 'escalationPolicies' | 'channels', mayRead = true): (key: string) => string {
  const things = useRequest((signal) => request(of, { query: { limit: mostOfPage }, signal }));
  if (mayRead) void things.read();
  const names = computed(() => new Map(things.data.value?.items.map(({ key, name }) => [key, name])));
  return (key) => names.value.get(key) ?? key;
}

export const useTeamNames = () => useNamesOf('teams');
export const usePolicyNames = () => useNamesOf('escalationPolicies');
/** Only some may read channels. */
export const useChannelNames = () => useNamesOf('channels', useSessionStore().can('config:read'));

/** The names of services as the live board has them. */
export function useServiceNames(): ComputedRef<(key: string) => string> {
  const live = useLiveStore();
  return computed(() => {
    const services = live.board?.services;
    return (key) => services?.get(key)?.name ?? key;
  });
}
