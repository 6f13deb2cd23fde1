import { useIdle, useIntervalFn } from '@vueuse/core';
import { computed, onScopeDispose, type ComputedRef, type Ref, shallowRef, watch } from 'vue';
import { wholeBoardKey, type BoardLayoutSettings } from '../../server/contract/boards.ts';
import { nextInTurn, turnOf } from '../model/wall-rotation.ts';
import { useKioskStore } from '../stores/kiosk.store.ts';
import { useLiveStore } from '../stores/live.store.ts';

/** Whoever uses the wall keeps the board in sight. */
const restMs = 30_000;

/** Shows a board, and in turn those that its layout names; a kiosk link opens one alone. @returns how many take turns */
export function useWallRotation(home: Ref<string>): { turns: ComputedRef<number> } {
  const live = useLiveStore();
  const kiosk = useKioskStore();
  const { idle: isAtRest } = useIdle(restMs, { initialState: true });
  /** As the board of the display says it; the others have no say. */
  const rotation = shallowRef<BoardLayoutSettings['rotation'] | null>(null);
  const shown = shallowRef(home.value);

  watch(
    home,
    (key) => {
      rotation.value = null;
      shown.value = key;
    },
    { immediate: true },
  );
  watch(
    () => live.board?.info,
    (info) => {
      if (info?.key === home.value) rotation.value = info.layout.rotation;
    },
    { immediate: true },
  );
  watch(shown, (key) => live.choose(key), { immediate: true });

  const turn = computed(() =>
    rotation.value && kiosk.board === null ? turnOf(home.value, rotation.value) : [home.value],
  );
  function goOn(): void {
    const wasRefused = live.refusal !== null;
    if (turn.value.length > 1 && (isAtRest.value || wasRefused)) shown.value = nextInTurn(turn.value, shown.value);
  }
  const { pause, resume } = useIntervalFn(goOn, () => (rotation.value?.seconds ?? 30) * 1_000, { immediate: false });
  watch(
    () => turn.value.length > 1,
    (turns) => (turns ? resume() : pause()),
    { immediate: true },
  );
  // A board of the turn that was deleted is passed over.
  watch(
    () => live.refusal,
    (refusal) => {
      if (refusal !== null && shown.value !== home.value) goOn();
    },
  );
  onScopeDispose(() => live.choose(wholeBoardKey));
  return { turns: computed(() => turn.value.length) };
}
