import { useThrottleFn } from '@vueuse/core';
import { onScopeDispose, type WatchSource, watch } from 'vue';
import { useLiveStore } from '../stores/live.store.ts';

/**
 * Reads something about a service at once, when a source changes, and again when it has a new state or the link is back.
 * What changes with every observation too is read once in `everyMs` while there are some.
 */
export function useLiveReading(
  key: () => string,
  { sources = [], everyMs, read }: { sources?: WatchSource[]; everyMs?: number; read: () => Promise<void> },
): void {
  const live = useLiveStore();
  let unfollow = (): void => undefined;
  if (everyMs !== undefined) {
    const readSlowly = useThrottleFn(read, everyMs, true, false);
    watch(
      key,
      (now) => {
        unfollow();
        unfollow = live.follow(now, () => void readSlowly());
      },
      { immediate: true },
    );
  }
  watch(
    [
      key,
      ...sources,
      () => {
        const service = live.board?.services.get(key());
        return `${service?.state}/${service?.since}/${live.link === 'live'}`;
      },
    ],
    () => void read(),
    { immediate: true },
  );
  onScopeDispose(() => unfollow());
}
