import { computed, type ComputedRef, type Ref, watch } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import type { Agreement } from '../../server/contract/agreements.ts';
import type { Explanation } from '../../server/contract/compliance.ts';
import { request } from '../api/request.ts';
import {
  type ClassSum,
  classSums,
  type ExplainedRow,
  explainedRows,
  isPieceClass,
  type PieceClass,
} from '../model/explanation.ts';
import { usePeriodLabel } from './use-agreement.ts';
import { useLiveThrottle } from './use-live-throttle.ts';
import { type RequestControl, useRequest } from './use-request.ts';

export interface ExplanationControl {
  agreement: RequestControl<Agreement>;
  explanation: RequestControl<Explanation>;
  label: ComputedRef<string | null>;
  choose: (label: string | null) => void;
  /** Classes to which the list is narrowed, as they stand in the address; none for all. */
  classes: ComputedRef<ReadonlySet<PieceClass>>;
  toggle: (one: PieceClass) => void;
  clear: () => void;
  sums: ComputedRef<readonly ClassSum[]>;
  rows: ComputedRef<readonly ExplainedRow[]>;
}

const everyMs = 10_000;

/** What the figure of an objective is made of in the period that the address names. */
export function useExplanation(key: Ref<string>, objective: Ref<string>): ExplanationControl {
  const route = useRoute();
  const router = useRouter();
  const { label, choose } = usePeriodLabel();
  const agreement = useRequest((signal) => request('agreement', { path: { key: key.value }, signal }));
  const explanation = useRequest((signal) => {
    const path = { key: key.value, objective: objective.value };
    return request('explanation', { path, query: { period: label.value ?? undefined }, signal });
  });
  watch(key, () => void agreement.read(), { immediate: true });
  watch(
    [key, objective, label],
    () => {
      explanation.reset();
      void explanation.read();
    },
    { immediate: true },
  );
  useLiveThrottle(everyMs, explanation.read);

  const classes = computed<ReadonlySet<PieceClass>>(
    () =>
      new Set(
        String(route.query['class'] ?? '')
          .split(',')
          .filter(isPieceClass),
      ),
  );
  function go(next: ReadonlySet<PieceClass>): void {
    const { class: _, ...rest } = route.query;
    void router.replace({ query: next.size > 0 ? { ...rest, class: [...next].join(',') } : rest });
  }
  const all = computed(() => (explanation.data.value ? explainedRows(explanation.data.value) : []));

  return {
    ...{ agreement, explanation, label, choose, classes },
    toggle: (one) => {
      const next = new Set(classes.value);
      if (!next.delete(one)) next.add(one);
      go(next);
    },
    clear: () => go(new Set()),
    sums: computed(() => classSums(all.value)),
    rows: computed(() =>
      classes.value.size === 0 ? all.value : all.value.filter((row) => classes.value.has(row.class)),
    ),
  };
}
