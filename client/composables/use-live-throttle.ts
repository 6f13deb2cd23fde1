import { useThrottleFn } from '@vueuse/core';
import { watch } from 'vue';
import { useLiveStore } from '../stores/live.store.ts';

/** Reads again after a service, or its past, became another than it was: at most once in `everyMs`, the last time too. */
export function useLiveThrottle(everyMs: number, read: () => Promise<void>): void {
  const live = useLiveStore();
  const again = useThrottleFn(read, everyMs, true);
  watch(
    () => live.board?.changedSeq,
    (now, before) => {
      if (now !== undefined && before !== undefined) void again();
    },
  );
}
