import { watchDebounced } from '@vueuse/core';
import { computed, type ComputedRef, type Ref, shallowRef } from 'vue';
import type { ApiProblem } from '../api/api-problem.ts';
import { request } from '../api/request.ts';
import { type Finding, findingOf, pagesFound } from '../model/found-place.ts';
import { navigationFor } from '../model/navigation.ts';
import { useSessionStore } from '../stores/session.store.ts';
import { useRequest } from './use-request.ts';

export interface SearchControl {
  text: Ref<string>;
  findings: ComputedRef<readonly Finding[]>;
  isLoading: Ref<boolean>;
  problem: Ref<ApiProblem | null>;
}

/** Finds things on the server and pages here, as one types. */
export function useSearch(): SearchControl {
  const session = useSessionStore();
  const text = shallowRef('');
  const things = useRequest((signal) => request('search', { query: { text: text.value.trim(), limit: 12 }, signal }));
  const isAsked = computed(() => text.value.trim() !== '');

  watchDebounced(text, () => (isAsked.value ? things.read() : things.reset()), { debounce: 120, maxWait: 400 });
  return {
    text,
    findings: computed(() => [
      ...(isAsked.value ? (things.data.value?.items ?? []).map(findingOf) : []),
      ...pagesFound(navigationFor(session.can), text.value),
    ]),
    isLoading: things.isLoading,
    problem: things.problem,
  };
}
