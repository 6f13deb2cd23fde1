import { useEventListener, useFullscreen, useIdle, usePreferredReducedMotion, useWakeLock } from '@vueuse/core';
import { computed, type ComputedRef, onMounted, type Ref } from 'vue';
import { driftAt } from '../model/wall-drift.ts';
import { useClockStore } from '../stores/clock.store.ts';
import { useLiveStore } from '../stores/live.store.ts';

const idleAfterMs = 8_000;

export interface WallScreen {
  isFullscreen: Ref<boolean>;
  canBeFull: ComputedRef<boolean>;
  toggleFullscreen: () => void;
  /** Nobody points or types: what is there for hands alone steps back. */
  isIdle: Ref<boolean>;
  /** Moves the picture against burn-in; nothing where less motion is asked for. */
  drift: ComputedRef<string | undefined>;
}

/** The wall as a display: it fills the screen, keeps it awake, and spares it. */
export function useWallScreen(): WallScreen {
  const clock = useClockStore();
  const live = useLiveStore();
  const motion = usePreferredReducedMotion();
  const { isFullscreen, isSupported, toggle } = useFullscreen();
  const { idle: isIdle } = useIdle(idleAfterMs);
  const lock = useWakeLock();

  const toggleFullscreen = (): void => void (isSupported.value && toggle());
  useEventListener(document, 'keydown', (event) => {
    const isTyping = (event.target as Element).closest('input, textarea, select, dialog, [contenteditable]');
    if (event.key !== 'f' || event.ctrlKey || event.metaKey || event.altKey || isTyping) return;
    toggleFullscreen();
  });
  // A browser that saves power may refuse; the display then sleeps as it is set to.
  onMounted(() => void lock.request('screen').catch(() => undefined));

  const place = computed(() => {
    const { x, y } = driftAt(Math.floor(clock.nowMs / 60_000) * 60_000);
    return `translate(${x}px, ${y}px)`;
  });
  const moves = computed(() => motion.value !== 'reduce' && (live.board?.info.layout.drift ?? false));
  return {
    isFullscreen,
    canBeFull: computed(() => isSupported.value),
    toggleFullscreen,
    isIdle,
    drift: computed(() => (moves.value ? place.value : undefined)),
  };
}
