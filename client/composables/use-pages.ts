import { computed, type ComputedRef, type Ref } from 'vue';
import type { Page } from '../../server/contract/catalog.ts';
import type { ApiProblem } from '../api/api-problem.ts';
import { type RequestControl, useRequest } from './use-request.ts';

export interface PagesControl<Item> {
  /** Everything that was read so far; null before the first page. */
  items: ComputedRef<readonly Item[] | null>;
  problem: Ref<ApiProblem | null>;
  isLoading: Ref<boolean>;
  hasMore: ComputedRef<boolean>;
  /** Begins again with the first page. */
  read: () => Promise<void>;
  more: () => Promise<void>;
}

/** A list of the server that is read page by page, each when it is asked for. */
export function usePages<Item>(
  load: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<Item>>,
): PagesControl<Item> {
  let cursor: string | undefined;
  const pages: RequestControl<Page<Item>> = useRequest(async (signal) => {
    const before = cursor === undefined ? [] : (pages.data.value?.items ?? []);
    const page = await load(cursor, signal);
    return { items: [...before, ...page.items], next: page.next };
  });
  const { data, problem, isLoading, read } = pages;

  return {
    items: computed(() => data.value?.items ?? null),
    problem,
    isLoading,
    hasMore: computed(() => Boolean(data.value?.next)),
    read: () => {
      cursor = undefined;
      return read();
    },
    more: async () => {
      if (isLoading.value || !data.value?.next) return;
      cursor = data.value.next;
      await read();
    },
  };
}
