import { watchDebounced } from '@vueuse/core';
import type { StateChange } from '../../server/contract/probing.ts';
import { request } from '../api/request.ts';
import { useClockStore } from '../stores/clock.store.ts';
import { useLiveStore } from '../stores/live.store.ts';
import { type PagesControl, usePages } from './use-pages.ts';

const spanMs = 86_400_000;
const pageSize = 25;

/** The changes of the last 24 hours; read again when a service became another, now or by late results. */
export function useChanges(): PagesControl<StateChange> {
  const live = useLiveStore();
  const clock = useClockStore();
  let toMs = 0;
  const changes = usePages((cursor, signal) => {
    if (cursor === undefined) toMs = clock.nowMs + 60_000;
    const span = { from: new Date(toMs - spanMs).toISOString(), to: new Date(toMs).toISOString() };
    return request('changes', { query: { ...span, limit: pageSize, cursor }, signal });
  });

  const options = { immediate: true, debounce: 500, maxWait: 2_000 };
  watchDebounced(() => live.board?.changedSeq, changes.read, options);
  return changes;
}
