import { useIdle } from '@vueuse/core';
import { computed, onScopeDispose, watch } from 'vue';
import { useLiveStore } from '../stores/live.store.ts';

/** Many displays do not come back in the same second. */
const spreadMs = 10_000;
const restMs = 5_000;
const leastBetweenMs = 600_000;
const place = 'troth.reloadedAt';

/** Whether a page that loads anew would come, and be another than the one that did so just now. */
async function isSafe(): Promise<boolean> {
  if (Date.now() - Number(sessionStorage.getItem(place) ?? 0) < leastBetweenMs) return false;
  const response = await fetch('/', { cache: 'no-store', headers: { accept: 'text/html' } }).catch(() => null);
  return response?.ok ?? false;
}

/** Loads the page anew when the server runs another version, once the link stands and nobody uses the wall. */
export function useWallReload(): void {
  const live = useLiveStore();
  const { idle } = useIdle(restMs, { initialState: true });
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function reload(): Promise<void> {
    if (!(await isSafe())) return;
    sessionStorage.setItem(place, String(Date.now()));
    location.reload();
  }
  watch(
    computed(() => live.isOutdated && live.link === 'live' && idle.value),
    (isDue) => {
      clearTimeout(timer);
      if (isDue) timer = setTimeout(() => void reload(), Math.random() * spreadMs);
    },
  );
  onScopeDispose(() => clearTimeout(timer));
}
