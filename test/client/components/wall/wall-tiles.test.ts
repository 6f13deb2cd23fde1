import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import { createMemoryHistory, createRouter } from 'vue-router';
import WallTiles from '../../../../client/components/wall/WallTiles.vue';
import { applySnapshot } from '../../../../client/stores/board-reducer.ts';
import { useLiveStore } from '../../../../client/stores/live.store.ts';
import type { BoardService } from '../../../../server/contract/live.ts';
import { boardInfo, boardService } from '../../board-service.ts';

/** Tells of every element that it is as large as the area of a wall. */
class WallSized {
  readonly #tell: (entries: unknown[]) => void;
  constructor(tell: (entries: unknown[]) => void) {
    this.#tell = tell;
  }
  observe(): void {
    this.#tell([{ contentBoxSize: [{ inlineSize: 1_900, blockSize: 960 }] }]);
  }
  disconnect(): void {}
}

beforeEach(() => {
  setActivePinia(createPinia());
  // The document of this test has no layout: the area is as large as on a wall.
  vi.stubGlobal('ResizeObserver', WallSized);
});
afterEach(() => void vi.unstubAllGlobals());

function board(down: readonly string[]) {
  const services = Array.from({ length: 1_000 }, (_, index): BoardService => {
    const key = `s-${index}`;
    return boardService({ key, name: key, state: down.includes(key) ? 'down' : 'up' });
  });
  const at = '2026-03-01T10:00:00.000Z';
  const rest = { locations: [], maintenance: [] };
  return applySnapshot({ board: boardInfo, seq: 1, asOf: at, minute: at, services, ...rest });
}

it('keeps the tiles of all others when the first service needs attention, and when the last no longer does', async () => {
  const live = useLiveStore();
  live.board = board([]);
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: WallTiles }] });
  await router.push('/');
  const tiles = mount(WallTiles, { global: { plugins: [router] } });
  await nextTick();
  const zones = () => tiles.findAll('[data-zone]').map((zone) => zone.attributes('data-zone'));
  const tile = (key: string) => tiles.get(`[data-key="${key}"]`).element;
  expect(zones()).toEqual(['all']);
  const kept = ['s-0', 's-500', 's-999'].map((key) => [key, tile(key)] as const);

  live.board = board(['s-7']);
  await nextTick();
  expect(zones()).toEqual(['trouble', 'rest']);
  for (const [key, element] of kept) expect(tile(key) === element, key).toBe(true);

  live.board = board([]);
  await nextTick();
  expect(zones()).toEqual(['all']);
  for (const [key, element] of kept) expect(tile(key) === element, key).toBe(true);
});
