import { computed, type ComputedRef } from 'vue';
import { request } from '../api/request.ts';
import { useLiveStore } from '../stores/live.store.ts';
import { useSessionStore } from '../stores/session.store.ts';
import { useRequest } from './use-request.ts';

const mostOfPage = 500;

/** The names of teams by their keys, read once; a key without a name stands for itself. */
export function useTeamNames(): (key: string) => string {
  const teams = useRequest((signal) => request('teams', { query: { limit: mostOfPage }, signal }));
  void teams.read();
  const names = computed(() => new Map(teams.data.value?.items.map(({ key, name }) => [key, name])));
  return (key) => names.value.get(key) ?? key;
}

/** The same of escalation policies. */
export function usePolicyNames(): (key: string) => string {
  const policies = useRequest((signal) => request('escalationPolicies', { query: { limit: mostOfPage }, signal }));
  void policies.read();
  const names = computed(() => new Map(policies.data.value?.items.map(({ key, name }) => [key, name])));
  return (key) => names.value.get(key) ?? key;
}

/** The same of channels, for those who may read them; for others a key stands for itself. */
export function useChannelNames(): (key: string) => string {
  const channels = useRequest((signal) => request('channels', { query: { limit: mostOfPage }, signal }));
  if (useSessionStore().can('config:read')) void channels.read();
  const names = computed(() => new Map(channels.data.value?.items.map(({ key, name }) => [key, name])));
  return (key) => names.value.get(key) ?? key;
}

/** The names of services as the live board has them. */
export function useServiceNames(): ComputedRef<(key: string) => string> {
  const live = useLiveStore();
  return computed(() => {
    const services = live.board?.services;
    return (key) => services?.get(key)?.name ?? key;
  });
}
