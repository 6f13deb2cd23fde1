import { useEventListener } from '@vueuse/core';
import { defineStore } from 'pinia';
import { onScopeDispose, shallowRef } from 'vue';

/** The server's time, read once a second by one timer for every age on the screen. */
export const useClockStore = defineStore('clock', () => {
  let offsetMs = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const nowMs = shallowRef(Date.now());

  function tick(): void {
    clearTimeout(timer);
    nowMs.value = Date.now() + offsetMs;
    timer = setTimeout(tick, 1_005 - (nowMs.value % 1_000));
  }
  /** Learns the server's time from a message that just arrived. */
  function learn(serverTime: string): void {
    offsetMs = Date.parse(serverTime) - Date.now();
  }

  tick();
  useEventListener(document, 'visibilitychange', tick);
  onScopeDispose(() => clearTimeout(timer));
  return { nowMs, learn };
});
