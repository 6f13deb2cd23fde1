import { useElementSize, useScroll, useWindowSize } from '@vueuse/core';
import { computed, type ComputedRef, type Ref } from 'vue';

export interface RowWindow {
  /** The rows to draw, `end` not included. */
  range: ComputedRef<{ start: number; end: number }>;
  rowPx: ComputedRef<number>;
  /** The height of all rows, and how far below its top the first drawn one stands. */
  heightPx: ComputedRef<number>;
  offsetPx: ComputedRef<number>;
  /** Rows that fit the box. */
  perPage: ComputedRef<number>;
  /** Brings a row into view, by as little as possible. */
  reveal: (index: number) => void;
}

const spare = 8;

/** Draws of a long list of equal rows only those that its box shows. `headRem` is the height of a head that stays above. */
export function useRowWindow(
  box: Ref<HTMLElement | null>,
  count: Ref<number>,
  rowRem: Ref<number>,
  headRem: Ref<number>,
): RowWindow {
  const { y } = useScroll(box);
  const { height } = useElementSize(box);
  const { width } = useWindowSize();
  const remPx = computed(() => {
    // The size of text grows with the window.
    void width.value;
    return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  });
  const rowPx = computed(() => rowRem.value * remPx.value);
  const headPx = computed(() => headRem.value * remPx.value);
  const range = computed(() => ({
    start: Math.max(0, Math.min(count.value, Math.floor(y.value / rowPx.value)) - spare),
    end: Math.min(count.value, Math.ceil((y.value + height.value) / rowPx.value) + spare),
  }));

  function reveal(index: number): void {
    const element = box.value;
    if (!element) return;
    const top = index * rowPx.value;
    const bottom = top + rowPx.value + headPx.value - element.clientHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (bottom > element.scrollTop) element.scrollTop = bottom;
  }

  return {
    range,
    rowPx,
    heightPx: computed(() => count.value * rowPx.value),
    offsetPx: computed(() => range.value.start * rowPx.value),
    perPage: computed(() => Math.max(1, Math.floor((height.value - headPx.value) / rowPx.value))),
    reveal,
  };
}
