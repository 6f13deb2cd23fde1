import { type Ref, shallowRef } from 'vue';
import { isBrush, type Span } from '../model/span.ts';

export interface StripBrush {
  /** The instant under a pointer. */
  instantOf: (event: PointerEvent) => number | null;
  /** What is being drawn; null while nothing is. */
  drawn: Ref<Span | null>;
  onDown: (event: PointerEvent) => void;
  onMove: (event: PointerEvent) => void;
  onUp: (event: PointerEvent) => void;
  cancel: () => void;
}

/** Drawing over a strip of time: a drag tells a span, a click an instant. */
export function useStripBrush(
  strip: Ref<HTMLElement | null>,
  span: () => Span,
  told: { span: (span: Span) => void; instant: (atMs: number) => void },
): StripBrush {
  let start: { px: number; atMs: number } | null = null;
  const drawn = shallowRef<Span | null>(null);

  function instantOf(event: PointerEvent): number | null {
    const box = strip.value?.getBoundingClientRect();
    if (!box || box.width === 0) return null;
    const share = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
    const { fromMs, toMs } = span();
    return fromMs + share * (toMs - fromMs);
  }
  function cancel(): void {
    start = null;
    drawn.value = null;
  }
  function onDown(event: PointerEvent): void {
    const atMs = instantOf(event);
    if (event.button !== 0 || atMs === null) return;
    start = { px: event.clientX, atMs };
    strip.value?.setPointerCapture(event.pointerId);
  }
  function onMove(event: PointerEvent): void {
    const atMs = instantOf(event);
    if (!start || atMs === null || !isBrush(start.px, event.clientX)) drawn.value = null;
    else drawn.value = { fromMs: Math.min(start.atMs, atMs), toMs: Math.max(start.atMs, atMs) };
  }
  function onUp(event: PointerEvent): void {
    const brushed = drawn.value;
    const begun = start;
    cancel();
    if (brushed) told.span(brushed);
    else if (begun) told.instant(instantOf(event) ?? begun.atMs);
  }
  return { instantOf, drawn, onDown, onMove, onUp, cancel };
}
