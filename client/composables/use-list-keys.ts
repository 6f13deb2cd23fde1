import { computed, type Ref, shallowRef } from 'vue';
import { allToggled, extended, noSelection, type RowSelection, toggled } from '../model/row-selection.ts';

export interface ListKeys {
  /** The row that keys act on; Enter on the list alone opens it. */
  current: Ref<string | null>;
  onKeydown: (event: KeyboardEvent) => void;
}

interface Acts {
  perPage: Ref<number>;
  reveal: (index: number) => void;
  canSelect: () => boolean;
  open: (key: string) => void;
}

/** Keys of a long list that keeps the focus itself and names its current row. */
export function useListKeys(keys: Ref<readonly string[]>, selection: Ref<RowSelection>, acts: Acts): ListKeys {
  const chosen = shallowRef<string | null>(null);
  const current = computed({
    get: () => (chosen.value !== null && keys.value.includes(chosen.value) ? chosen.value : (keys.value[0] ?? null)),
    set: (key) => (chosen.value = key),
  });

  function move(to: number, isRange: boolean): void {
    const from = current.value;
    const index = Math.max(0, Math.min(keys.value.length - 1, to));
    const next = keys.value[index];
    if (next === undefined || from === null) return;
    if (isRange && acts.canSelect()) {
      const start = selection.value.anchor === null ? { ...selection.value, anchor: from } : selection.value;
      selection.value = extended(start, next, keys.value);
    }
    current.value = next;
    acts.reveal(index);
  }

  function select(key: string, isAll: boolean): void {
    selection.value = isAll ? allToggled(selection.value, keys.value) : toggled(selection.value, key);
  }

  /** Where a key leads from a row; undefined for keys that do not move. */
  function targetOf(key: string, at: number): number | undefined {
    const targets: Record<string, number> = {
      ArrowUp: at - 1,
      ArrowDown: at + 1,
      PageUp: at - acts.perPage.value,
      PageDown: at + acts.perPage.value,
      Home: 0,
      End: keys.value.length - 1,
    };
    return targets[key];
  }

  function onKeydown(event: KeyboardEvent): void {
    if (event.target !== event.currentTarget || current.value === null || event.altKey) return;
    const isAll = (event.ctrlKey || event.metaKey) && event.key === 'a';
    if ((event.ctrlKey || event.metaKey) && !isAll) return;
    const target = targetOf(event.key, keys.value.indexOf(current.value));
    if (target !== undefined) move(target, event.shiftKey);
    else if (event.key === 'Enter') acts.open(current.value);
    else if (!acts.canSelect()) return;
    else if (isAll || event.key === 'x' || event.key === ' ') select(current.value, isAll);
    else if (event.key === 'Escape') selection.value = noSelection;
    else return;
    event.preventDefault();
  }

  return { current, onKeydown };
}
