import { computed, type ComputedRef, shallowRef, watch } from 'vue';
import { partOf, type Span } from '../model/span.ts';

export interface PartZoom {
  /** The part of the whole that is shown. */
  part: ComputedRef<Span>;
  isZoomed: ComputedRef<boolean>;
  /** Shows a part. */
  zoom: (wanted: Span) => void;
  /** Shows a third as much around the middle, or three times as much. */
  zoomIn: () => void;
  zoomOut: () => void;
  /** Goes half of what is shown to earlier (-1) or later (1). */
  pan: (direction: -1 | 1) => void;
  showAll: () => void;
  /** Plus, minus, arrows and Escape do the same. */
  onKey: (event: KeyboardEvent) => void;
}

/** Looks at a part of a span of time that is there as a whole. */
export function usePartZoom(whole: () => Span): PartZoom {
  const wanted = shallowRef<Span | null>(null);
  const part = computed(() => partOf(wanted.value ?? whole(), whole()));
  const zoom = (next: Span): void => void (wanted.value = partOf(next, whole()));
  const showAll = (): void => void (wanted.value = null);
  const scaled = (by: number): Span => {
    const { fromMs, toMs } = part.value;
    const [middle, half] = [(fromMs + toMs) / 2, ((toMs - fromMs) * by) / 2];
    return { fromMs: middle - half, toMs: middle + half };
  };
  const zoomIn = (): void => zoom(scaled(1 / 3));
  const zoomOut = (): void => zoom(scaled(3));
  function pan(direction: -1 | 1): void {
    const { fromMs, toMs } = part.value;
    const stepMs = (direction * (toMs - fromMs)) / 2;
    zoom({ fromMs: fromMs + stepMs, toMs: toMs + stepMs });
  }
  function onKey(event: KeyboardEvent): void {
    const acts: Record<string, () => void> = {
      ...{ '+': zoomIn, '=': zoomIn, '-': zoomOut, Escape: showAll },
      ...{ ArrowLeft: () => pan(-1), ArrowRight: () => pan(1) },
    };
    const act = acts[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    act();
    event.preventDefault();
  }
  watch(() => `${whole().fromMs}/${whole().toMs}`, showAll);
  return {
    part,
    isZoomed: computed(() => part.value.toMs - part.value.fromMs < whole().toMs - whole().fromMs),
    ...{ zoom, zoomIn, zoomOut, pan, showAll, onKey },
  };
}
