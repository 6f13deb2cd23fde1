import { shallowRef, type ShallowRef, watch } from 'vue';
import { isStale } from '../model/tile-kind.ts';
import { useClockStore } from '../stores/clock.store.ts';
import { useLiveStore } from '../stores/live.store.ts';

const isSame = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((key) => b.has(key));

/** Keys of the services whose data is older than it should be: one pass a second, a new set only when it changed. */
export function useStaleKeys(): ShallowRef<ReadonlySet<string>> {
  const live = useLiveStore();
  const clock = useClockStore();
  const keys = shallowRef<ReadonlySet<string>>(new Set());
  watch(
    [() => clock.nowMs, () => live.board],
    () => {
      const next = new Set<string>();
      for (const service of live.board?.services.values() ?? [])
        if (isStale(service, clock.nowMs)) next.add(service.key);
      if (!isSame(keys.value, next)) keys.value = next;
    },
    { immediate: true },
  );
  return keys;
}
