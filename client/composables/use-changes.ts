import { watchDebounced } from '@vueuse/core';
import { computed } from 'vue';
import type { StateChange } from '../../server/contract/probing.ts';
import { request } from '../api/request.ts';
import { useClockStore } from '../stores/clock.store.ts';
import { useLiveStore } from '../stores/live.store.ts';
import { type PagesControl, usePages } from './use-pages.ts';

const spanMs = 86_400_000;
const pageSize = 25;

/** The changes of the last 24 hours; read again when the board shows a new one. */
export function useChanges(): PagesControl<StateChange> {
  const live = useLiveStore();
  const clock = useClockStore();
  let toMs = 0;
  const changes = usePages((cursor, signal) => {
    if (cursor === undefined) toMs = clock.nowMs + 60_000;
    const span = { from: new Date(toMs - spanMs).toISOString(), to: new Date(toMs).toISOString() };
    return request('changes', { query: { ...span, limit: pageSize, cursor }, signal });
  });

  /** States and their beginnings, as one text that differs when any of them does. */
  const standing = computed(() =>
    [...(live.board?.services.values() ?? [])].map(({ key, state, since }) => `${key} ${state} ${since}`).join(),
  );
  watchDebounced(standing, changes.read, { immediate: true, debounce: 500, maxWait: 2_000 });
  return changes;
}
