import { computed, nextTick, type Ref, shallowRef } from 'vue';
import { isDirection, neighbour } from '../model/board-navigation.ts';

export interface BoardKeys {
  /** The tile that Tab leads to. */
  current: Ref<string | null>;
  onKeydown: (event: KeyboardEvent) => void;
}

/** Arrow keys over the tiles of a board: one tile is in the order of Tab, the arrows move it. */
export function useBoardKeys(
  root: Ref<HTMLElement | null>,
  keys: Ref<readonly string[]>,
  grids: Ref<readonly { columns: number; count: number }[]>,
): BoardKeys {
  const chosen = shallowRef<string | null>(null);
  const current = computed({
    get: () => (chosen.value !== null && keys.value.includes(chosen.value) ? chosen.value : (keys.value[0] ?? null)),
    set: (key) => (chosen.value = key),
  });

  function onKeydown(event: KeyboardEvent): void {
    if (!isDirection(event.key) || event.altKey || event.ctrlKey || event.metaKey || current.value === null) return;
    event.preventDefault();
    const next = keys.value[neighbour(keys.value.indexOf(current.value), event.key, grids.value)];
    if (next === undefined) return;
    current.value = next;
    void nextTick(() => root.value?.querySelector<HTMLElement>(`[data-key="${next}"]`)?.focus());
  }

  return { current, onKeydown };
}
