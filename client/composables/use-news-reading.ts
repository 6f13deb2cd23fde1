import { useDebounceFn } from '@vueuse/core';
import { onScopeDispose, watch, type WatchSource } from 'vue';
import type { News } from '../../server/contract/live.ts';
import { useLiveStore } from '../stores/live.store.ts';

/** Many values come one after the other: they are read together. */
const togetherMs = 100;

/** Reads at once, when a source changes, and again when something of these kinds, or the one of a key, became another. */
export function useNewsReading(
  read: () => Promise<unknown>,
  { of, key, sources = [] }: { of: News['of'] | readonly News['of'][]; key?: () => string; sources?: WatchSource[] },
): void {
  const kinds = new Set([of].flat());
  const readSoon = useDebounceFn(read, togetherMs, { maxWait: 1_000 });
  const unfollow = useLiveStore().followNews((news) => {
    if (news === null || (kinds.has(news.of) && (key === undefined || news.key === key()))) void readSoon();
  });
  watch([...sources, () => key?.()], () => void read(), { immediate: true });
  onScopeDispose(unfollow);
}
