import { useDebounceFn } from '@vueuse/core';
import { onScopeDispose, toValue, watch, type MaybeRefOrGetter, type WatchSource } from 'vue';
import { useLiveStore } from '../stores/live.store.ts';
import { useRecordsStore } from '../stores/records.store.ts';

/** One act is told for the ledger and for the agreement: long enough for both. */
const bothMs = 80;

/**
 * Reads at once, when a source changes, and again when the ledger or a review of the agreement, or of any where none is
 * given, became another.
 */
export function useLedgerReading(
  read: () => Promise<unknown>,
  { agreement, sources = [] }: { agreement?: MaybeRefOrGetter<string | undefined>; sources?: WatchSource[] } = {},
): void {
  const records = useRecordsStore();
  const readSoon = useDebounceFn(read, bothMs);
  const unfollow = useLiveStore().followLedger((changed) => {
    const wanted = toValue(agreement);
    if (wanted === undefined || changed === null || changed === wanted) void readSoon();
  });
  watch(sources, () => void read(), { immediate: true });
  watch(
    () => records.revision,
    () => void readSoon(),
  );
  onScopeDispose(unfollow);
}
