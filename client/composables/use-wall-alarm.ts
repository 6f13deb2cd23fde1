import { useEventListener, useIntervalFn, useLocalStorage, useTimeoutFn } from '@vueuse/core';
import { computed, type ComputedRef, onScopeDispose, type Ref, shallowRef, watch } from 'vue';
import { acknowledge as acknowledged, type Acknowledged, outagesOf, unacknowledged } from '../model/wall-alarm.ts';
import { useLiveStore } from '../stores/live.store.ts';

const repeatMs = 6_000;
/** Sound that is allowed takes a moment to begin. */
const beginsWithinMs = 1_000;
/** Two falling tones, heard across a room and not mistaken for a telephone. */
const tones = [
  { hertz: 880, atS: 0 },
  { hertz: 659, atS: 0.22 },
] as const;

export interface WallAlarm {
  /** Outages that nobody has acknowledged here. */
  count: ComputedRef<number>;
  /** The browser lets nothing sound before somebody touched the page. */
  isBlocked: Ref<boolean>;
  acknowledge: () => void;
  /** Call it from a click or a key. */
  unblock: () => void;
}

/** Sounds while there are outages that nobody at this display has acknowledged, where the board wants it. */
export function useWallAlarm(): WallAlarm {
  const live = useLiveStore();
  const kept = useLocalStorage<Acknowledged>('troth.acknowledged', {});
  const isBlocked = shallowRef(false);
  let context: AudioContext | null = null;

  const isWanted = computed(() => live.board?.info.layout.sound ?? false);
  const outages = computed(() => (isWanted.value ? outagesOf(live.board?.services.values() ?? []) : []));
  const count = computed(() => unacknowledged(outages.value, kept.value).length);

  function look(): void {
    isBlocked.value = context?.state === 'suspended';
  }
  const { start: lookSoon } = useTimeoutFn(look, beginsWithinMs, { immediate: false });
  function ready(): AudioContext {
    if (context) return context;
    context = new AudioContext();
    context.addEventListener('statechange', look);
    lookSoon();
    return context;
  }
  function sound(): void {
    const audio = ready();
    if (audio.state !== 'running') return;
    for (const { hertz, atS } of tones) {
      const [tone, volume] = [audio.createOscillator(), audio.createGain()];
      const from = audio.currentTime + atS;
      tone.frequency.value = hertz;
      volume.gain.setValueAtTime(0.35, from);
      volume.gain.exponentialRampToValueAtTime(0.001, from + 0.2);
      tone.connect(volume).connect(audio.destination);
      tone.start(from);
      tone.stop(from + 0.21);
    }
  }

  const { pause, resume } = useIntervalFn(sound, repeatMs, { immediate: false, immediateCallback: true });
  watch(
    () => count.value > 0 && live.link === 'live',
    (sounds) => (sounds ? resume() : pause()),
    { immediate: true },
  );
  // What is blocked is told before it is needed.
  watch(isWanted, (wanted) => (wanted ? ready() : (isBlocked.value = false)), { immediate: true });
  const unblock = (): void => void (isWanted.value && ready().resume().then(look));
  useEventListener(document, ['pointerdown', 'keydown'], unblock);
  onScopeDispose(() => void context?.close());

  return {
    count,
    isBlocked,
    acknowledge: () => (kept.value = acknowledged(outages.value)),
    unblock,
  };
}
