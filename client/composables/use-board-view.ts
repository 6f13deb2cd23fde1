import { computed, type ComputedRef, type Ref } from 'vue';
import type { BoardService } from '../../server/contract/live.ts';
import { type BoardLayout, layoutBoard, type TileGrid } from '../model/board-layout.ts';
import { orderBoard } from '../model/board-order.ts';
import { useLiveStore } from '../stores/live.store.ts';
import { useBoardFilter } from './use-board-filter.ts';

export interface BoardZone {
  name: 'all' | 'trouble' | 'rest';
  label: string;
  services: readonly BoardService[];
  grid: TileGrid;
}

export interface BoardView {
  zones: ComputedRef<readonly BoardZone[]>;
  layout: ComputedRef<BoardLayout>;
  keys: ComputedRef<readonly string[]>;
}

const restLabel = (services: readonly BoardService[]): string =>
  services[0]?.maintenance ? 'In maintenance, and as expected' : 'As expected';

/** The services of the board after its filter, in order, in the grids that fill an area. */
export function useBoardView(width: Ref<number>, height: Ref<number>): BoardView {
  const live = useLiveStore();
  const filter = useBoardFilter();

  const ordered = computed(() => {
    const board = live.board;
    const services = board ? board.roster.flatMap((key) => board.services.get(key) ?? []) : [];
    const wanted = { text: filter.text.value, kinds: filter.kinds.value };
    return orderBoard(services, wanted, board?.info.layout.order);
  });
  const troubleCount = computed(() => ordered.value.trouble.length);
  const restCount = computed(() => ordered.value.rest.length);
  const layout = computed(() =>
    width.value > 0
      ? layoutBoard(troubleCount.value, restCount.value, { width: width.value, height: height.value })
      : layoutBoard(0, 0, { width: 0, height: 0 }),
  );
  const zones = computed<BoardZone[]>(() => {
    const { trouble, rest } = ordered.value;
    const grids = layout.value;
    if (grids.trouble && grids.rest) {
      return [
        { name: 'trouble', label: 'Needs attention', services: trouble, grid: grids.trouble },
        { name: 'rest', label: restLabel(rest), services: rest, grid: grids.rest },
      ];
    }
    return grids.rest ? [{ name: 'all', label: 'Services', services: [...trouble, ...rest], grid: grids.rest }] : [];
  });
  const keys = computed(() => zones.value.flatMap(({ services }) => services.map(({ key }) => key)));
  return { zones, layout, keys };
}
