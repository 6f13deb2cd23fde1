import { useDebounceFn, useThrottleFn } from '@vueuse/core';
import { onScopeDispose, type WatchSource, watch } from 'vue';
import { useLiveStore } from '../stores/live.store.ts';

/** A new state is told twice, by the board and by the service: long enough for both. */
const bothMs = 50;

/**
 * Reads something about a service at once, when a source changes, and again when the service or its past is another than
 * it was, or the link is back. What changes with every observation too is read once in `everyMs` while there are some.
 */
export function useLiveReading(
  key: () => string,
  { sources = [], everyMs, read }: { sources?: WatchSource[]; everyMs?: number; read: () => Promise<void> },
): void {
  const live = useLiveStore();
  let unfollow = (): void => undefined;
  const readSoon = useDebounceFn(read, bothMs);
  const readSlowly = everyMs === undefined ? undefined : useThrottleFn(read, everyMs, true, false);
  watch(
    key,
    (now) => {
      unfollow();
      unfollow = live.follow(now, ({ changed }) => void (changed ? readSoon() : readSlowly?.()));
    },
    { immediate: true },
  );
  watch([key, ...sources], () => void read(), { immediate: true });
  watch(
    () => {
      const service = live.board?.services.get(key());
      return `${service?.state}/${service?.since}/${live.link === 'live'}`;
    },
    () => void readSoon(),
  );
  onScopeDispose(() => unfollow());
}
