import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

/** Tells lists that something came back behind their backs, as when a deletion is taken back from a toast. */
export const useRecordsStore = defineStore('records', () => {
  const revision = shallowRef(0);
  return {
    revision,
    changed: (): void => {
      revision.value += 1;
    },
  };
});
