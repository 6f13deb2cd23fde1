import { useEventListener } from '@vueuse/core';
import type { Ref } from 'vue';
import { onBeforeRouteLeave, onBeforeRouteUpdate } from 'vue-router';

/** Asks before a page with unsaved changes is left, also for another site or by closing the tab. */
export function useUnsavedGuard(isDirty: Ref<boolean>, ask: () => Promise<boolean>): void {
  const mayLeave = (): boolean | Promise<boolean> => !isDirty.value || ask();
  onBeforeRouteLeave(mayLeave);
  onBeforeRouteUpdate(mayLeave);
  useEventListener(window, 'beforeunload', (event) => {
    if (isDirty.value) event.preventDefault();
  });
}
