import { useThrottleFn } from '@vueuse/core';
import { onScopeDispose, type WatchSource, watch } from 'vue';
import { useLiveStore } from '../stores/live.store.ts';

/**
 * Reads something about a service at once, when a source changes, and again whenever the live stream says that the service
 * changed: at most once in `everyMs` for what was only seen, at once for a new state or when the link is back.
 */
export function useLiveReading(
  key: () => string,
  { sources, everyMs, read }: { sources: WatchSource[]; everyMs: number; read: () => Promise<void> },
): void {
  const live = useLiveStore();
  const readSlowly = useThrottleFn(read, everyMs, true, false);
  let unfollow = (): void => undefined;
  watch(
    key,
    (now) => {
      unfollow();
      unfollow = live.follow(now, () => void readSlowly());
    },
    { immediate: true },
  );
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
