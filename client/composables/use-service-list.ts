import { computed, type ComputedRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import type { BoardService } from '../../server/contract/live.ts';
import { countKinds } from '../model/board-order.ts';
import {
  type FilterChoices,
  filterChoices,
  listedServices,
  type ListFilter,
  matchingServices,
  noFilter,
  queryOf,
  type SortColumn,
  type Sorting,
  viewOf,
} from '../model/service-list.ts';
import type { TileKind } from '../model/tile-kind.ts';
import { useLiveStore } from '../stores/live.store.ts';

export interface ServiceListControl {
  filter: ComputedRef<ListFilter>;
  sorting: ComputedRef<Sorting>;
  isFiltered: ComputedRef<boolean>;
  /** All services, those that the filter lists in their order, and how many it would list of each kind. */
  total: ComputedRef<number>;
  rows: ComputedRef<readonly BoardService[]>;
  counts: ComputedRef<Record<TileKind, number>>;
  choices: ComputedRef<FilterChoices>;
  change: (parts: Partial<ListFilter>) => void;
  sortBy: (column: SortColumn) => void;
  clear: () => void;
}

/** The services of the live board as the address wants them listed. */
export function useServiceList(): ServiceListControl {
  const live = useLiveStore();
  const route = useRoute();
  const router = useRouter();
  const view = computed(() => viewOf(route.query));
  const filter = computed(() => view.value.filter);
  const services = computed(() => {
    const board = live.board;
    return board ? board.roster.flatMap((key) => board.services.get(key) ?? []) : [];
  });
  const matching = computed(() => matchingServices(services.value, filter.value));

  const go = (next: { filter?: ListFilter; sorting?: Sorting }): void =>
    void router.replace({ query: queryOf({ ...view.value, ...next }) });

  return {
    filter,
    sorting: computed(() => view.value.sorting),
    isFiltered: computed(() => Object.keys(queryOf({ ...view.value, sorting: viewOf({}).sorting })).length > 0),
    total: computed(() => services.value.length),
    rows: computed(() => listedServices(matching.value, filter.value.kinds, view.value.sorting)),
    counts: computed(() => countKinds(matching.value)),
    choices: computed(() => filterChoices(services.value)),
    change: (parts) => go({ filter: { ...filter.value, ...parts } }),
    sortBy: (column) => {
      const { column: now, isDescending } = view.value.sorting;
      go({ sorting: { column, isDescending: column === now && !isDescending } });
    },
    clear: () => go({ filter: noFilter }),
  };
}
