import { useEventListener } from '@vueuse/core';
import type { Ref } from 'vue';
import { onBeforeRouteLeave, onBeforeRouteUpdate, type RouteLocation } from 'vue-router';

/** Asks before a page with unsaved changes is left, also for another site or by closing the tab. */
export function useUnsavedGuard(isDirty: Ref<boolean>, ask: () => Promise<boolean>): void {
  const mayLeave = (): boolean | Promise<boolean> => !isDirty.value || ask();
  onBeforeRouteLeave(mayLeave);
  // Another place of the same page, as the link to it that skips what stands around, loses nothing.
  const pageOf = ({ fullPath }: RouteLocation): string => fullPath.split('#')[0]!;
  onBeforeRouteUpdate((to, from) => pageOf(to) === pageOf(from) || mayLeave());
  useEventListener(window, 'beforeunload', (event) => {
    if (isDirty.value) event.preventDefault();
  });
}
