import { watchDebounced } from '@vueuse/core';
import { computed, type ComputedRef, type Ref, shallowRef, watch } from 'vue';
import type { WhatIf, WhatIfInput } from '../../server/contract/what-if.ts';
import { request } from '../api/request.ts';
import type { Span } from '../model/span.ts';
import {
  addedSpan,
  changeWord,
  intervalsOf,
  longestOf,
  outagesOf,
  type SupposedOutage,
} from '../model/supposed-outage.ts';
import { type RequestControl, useRequest } from './use-request.ts';

/** Terms that are supposed to be others; what is left out is as it is promised. */
export type SupposedTerms = Partial<Pick<WhatIfInput, 'target' | 'combine' | 'minimumOutage' | 'calendar'>>;

export interface WhatIfControl {
  asked: RequestControl<WhatIf>;
  outages: Ref<readonly SupposedOutage[]>;
  /** The one that is being moved; null while none is. */
  selected: ComputedRef<SupposedOutage | null>;
  select: (id: number) => void;
  change: (id: number, change: Partial<Pick<SupposedOutage, 'is' | 'service'>>) => void;
  /** Supposes another outage from an instant on, and selects it. */
  add: (atMs: number) => void;
  /** Takes an outage away, or back to what it was; what was only added is gone for good. */
  remove: (id: number) => void;
  restore: (id: number) => void;
  terms: Ref<SupposedTerms>;
  isChanged: ComputedRef<boolean>;
  /** Until where outages can be moved. */
  bounds: ComputedRef<Span>;
  /** What is wrong with a field, or with an end of the selected outage; empty where nothing is known to be. */
  faultOf: (field: string) => string;
  reset: () => void;
}

const pauseMs = 120;
const mostMs = 400;

/** What would have been: suppositions about one objective, judged by the server as they change, and kept nowhere. */
export function useWhatIf(agreementKey: string, objectiveKey: string, period: Ref<string | null>): WhatIfControl {
  const outages = shallowRef<readonly SupposedOutage[]>([]);
  const selectedId = shallowRef<number | null>(null);
  const terms = shallowRef<SupposedTerms>({});
  let begun = false;
  let nextId = 0;

  const owned = computed(() => intervalsOf(outages.value));
  const input = computed(() => ({ ...terms.value, intervals: owned.value.map(({ interval }) => interval) }));
  const asked = useRequest((signal) => {
    const path = { key: agreementKey, objective: objectiveKey };
    return request('whatIf', { path, query: { period: period.value ?? undefined }, body: input.value, signal });
  });

  function begin(told: WhatIf): void {
    begun = true;
    outages.value = outagesOf(told.outages);
    nextId = outages.value.length;
    selectedId.value = longestOf(outages.value)?.id ?? null;
  }
  watch(asked.data, (told) => told && !begun && begin(told));
  watch(
    period,
    () => {
      begun = false;
      outages.value = [];
      selectedId.value = null;
      asked.reset();
      void asked.read();
    },
    { immediate: true },
  );
  watchDebounced(
    () => JSON.stringify(input.value),
    () => void asked.read(),
    { debounce: pauseMs, maxWait: mostMs },
  );

  const bounds = computed<Span>(() => {
    const told = asked.data.value;
    if (!told) return { fromMs: 0, toMs: 0 };
    const { period: shown, asOf } = told.after;
    const known = outages.value.flatMap(({ was }) => was ?? []);
    return {
      fromMs: Math.min(Date.parse(shown.from), ...known.map(({ fromMs }) => fromMs)),
      toMs: Math.min(Date.parse(asOf), Math.max(Date.parse(shown.to), ...known.map(({ toMs }) => toMs))),
    };
  });
  const selected = computed(() => outages.value.find(({ id }) => id === selectedId.value) ?? null);
  const replace = (id: number, next: (outage: SupposedOutage) => readonly SupposedOutage[]): void => {
    outages.value = outages.value.flatMap((outage) => (outage.id === id ? next(outage) : [outage]));
  };

  return {
    ...{ asked, outages, selected, terms, bounds },
    select: (id) => (selectedId.value = id),
    change: (id, change) => replace(id, (outage) => [{ ...outage, ...change }]),
    add: (atMs) => {
      const service = selected.value?.service ?? asked.data.value?.services[0];
      if (service === undefined) return;
      const is = addedSpan(atMs, bounds.value);
      outages.value = [...outages.value, { id: nextId, service, state: 'down', was: null, is }];
      selectedId.value = nextId++;
    },
    remove: (id) => {
      replace(id, (outage) => (outage.was ? [{ ...outage, is: null }] : []));
      if (!selected.value) selectedId.value = longestOf(outages.value)?.id ?? null;
    },
    restore: (id) => replace(id, (outage) => [{ ...outage, is: outage.was }]),
    isChanged: computed(
      () => Object.keys(terms.value).length > 0 || outages.value.some((outage) => changeWord(outage) !== ''),
    ),
    faultOf: (field) => {
      const problem = asked.problem.value;
      if (!problem) return '';
      const own = problem.fieldMessages[field];
      if (own !== undefined) return own;
      const at = owned.value.findLastIndex(({ outage }) => outage === selected.value?.id);
      return problem.fieldMessages[`intervals.${at}.${field}`] ?? '';
    },
    reset: () => {
      terms.value = {};
      if (asked.data.value) begin(asked.data.value);
    },
  };
}
