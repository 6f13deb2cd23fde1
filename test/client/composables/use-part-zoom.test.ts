import { describe, expect, it } from 'vitest';
import { nextTick, shallowRef } from 'vue';
import { usePartZoom } from '../../../client/composables/use-part-zoom.ts';

const hour = 3_600_000;
const week = { fromMs: 0, toMs: 168 * hour };
const key = (name: string) => new KeyboardEvent('keydown', { key: name, cancelable: true });

describe('a part of a period', () => {
  it('is the whole until somebody zooms, and again after', () => {
    const zoom = usePartZoom(() => week);
    expect([zoom.part.value, zoom.isZoomed.value]).toEqual([week, false]);
    zoom.zoomIn();
    expect([zoom.part.value, zoom.isZoomed.value]).toEqual([{ fromMs: 56 * hour, toMs: 112 * hour }, true]);
    zoom.zoomOut();
    expect([zoom.part.value, zoom.isZoomed.value]).toEqual([week, false]);
  });

  it('stays inside the period, and no shorter than can be looked at', () => {
    const zoom = usePartZoom(() => week);
    zoom.zoom({ fromMs: 0, toMs: 1_000 });
    expect(zoom.part.value).toEqual({ fromMs: 0, toMs: hour / 6 });
    zoom.pan(-1);
    expect(zoom.part.value).toEqual({ fromMs: 0, toMs: hour / 6 });
    zoom.pan(1);
    expect(zoom.part.value).toEqual({ fromMs: hour / 12, toMs: hour / 4 });
  });

  it('follows plus, minus, arrows and Escape, and leaves other keys alone', () => {
    const zoom = usePartZoom(() => week);
    const plus = key('+');
    zoom.onKey(plus);
    expect(plus.defaultPrevented).toBe(true);
    zoom.onKey(key('ArrowRight'));
    expect(zoom.part.value).toEqual({ fromMs: 84 * hour, toMs: 140 * hour });
    zoom.onKey(key('ArrowLeft'));
    zoom.onKey(key('Escape'));
    expect(zoom.isZoomed.value).toBe(false);
    const tab = key('Tab');
    zoom.onKey(tab);
    expect(tab.defaultPrevented).toBe(false);
  });

  it('ends when another period is shown', async () => {
    const whole = shallowRef(week);
    const zoom = usePartZoom(() => whole.value);
    zoom.zoomIn();
    whole.value = { fromMs: week.toMs, toMs: 2 * week.toMs };
    await nextTick();
    expect(zoom.part.value).toEqual(whole.value);
  });
});
