import { useEventListener } from '@vueuse/core';
import { defineStore } from 'pinia';
import { computed, onScopeDispose, shallowRef } from 'vue';

/** The server's time, read once a second by one timer for every age on the screen. */
export const useClockStore = defineStore('clock', () => {
  let offsetMs = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const nowMs = shallowRef(Date.now());
  const heldMs = shallowRef<number | null>(null);
  /** Until when states are known: how long one lasts is not counted beyond. */
  const knownMs = computed(() => heldMs.value ?? nowMs.value);

  function tick(): void {
    clearTimeout(timer);
    nowMs.value = Date.now() + offsetMs;
    timer = setTimeout(tick, 1_005 - (nowMs.value % 1_000));
  }
  /** Learns the server's time from a message that just arrived. */
  function learn(serverTime: string): void {
    offsetMs = Date.parse(serverTime) - Date.now();
  }
  /** Stops `knownMs` at an instant of the server's time, when nothing is heard any more; null lets it go on. */
  function hold(at: string | null): void {
    heldMs.value = at === null ? null : Date.parse(at);
  }

  tick();
  useEventListener(document, 'visibilitychange', tick);
  onScopeDispose(() => clearTimeout(timer));
  return { nowMs, knownMs, learn, hold };
});
