import { computed, type ComputedRef, type Ref, watch } from 'vue';
import { useRoute } from 'vue-router';
import type { Agreement } from '../../server/contract/agreements.ts';
import type { Report } from '../../server/contract/reports.ts';
import { request } from '../api/request.ts';
import { type RequestControl, useRequest } from './use-request.ts';

export interface ReportControl {
  /** For what may be done about it; what the report says does not rest on it. */
  agreement: RequestControl<Agreement>;
  report: RequestControl<Report>;
  /** The revision that the address names; null for the newest. */
  revision: ComputedRef<number | null>;
}

/** The frozen report of a period, in the revision that the address names. */
export function useReport(key: Ref<string>, period: Ref<string>): ReportControl {
  const route = useRoute();
  const revision = computed(() => {
    const named = Number(route.query['revision']);
    return Number.isInteger(named) && named > 0 ? named : null;
  });
  const agreement = useRequest((signal) => request('agreement', { path: { key: key.value }, signal }));
  const report = useRequest((signal) =>
    request('report', {
      path: { key: key.value, period: period.value },
      query: { revision: revision.value ?? undefined },
      signal,
    }),
  );
  watch(key, () => void agreement.read(), { immediate: true });
  watch(
    [key, period, revision],
    () => {
      report.reset();
      void report.read();
    },
    { immediate: true },
  );
  return { agreement, report, revision };
}
