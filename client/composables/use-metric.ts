import { computed, type ComputedRef } from 'vue';
import type {
  MetricChange,
  MetricPeriod,
  MetricValueView,
  UsedMetric,
  UsedMetrics,
} from '../../server/contract/metrics.ts';
import { ApiProblem } from '../api/api-problem.ts';
import { request } from '../api/request.ts';
import { useNewsReading } from './use-news-reading.ts';
import { type PagesControl, usePages } from './use-pages.ts';
import { type RequestControl, useRequest } from './use-request.ts';

const perPage = 25;

export interface MetricControl {
  uses: RequestControl<UsedMetrics>;
  /** Null while it is read, or where neither values nor readers are known. */
  metric: ComputedRef<UsedMetric | null>;
  /** All periods that somebody reads it for, each once. */
  periods: ComputedRef<readonly MetricPeriod[]>;
  values: PagesControl<MetricValueView>;
  changes: PagesControl<MetricChange>;
}

/** A metric with who reads it, its values and what they were before; read again whenever a value is another. */
export function useMetric(key: () => string): MetricControl {
  const uses = useRequest((signal) => request('metricUses', { signal }));
  const metric = computed(() => uses.data.value?.items.find((one) => one.key === key()) ?? null);
  const values = usePages<MetricValueView>(async (cursor, signal) => {
    try {
      return await request('metricValues', { path: { key: key() }, query: { limit: perPage, cursor }, signal });
    } catch (error) {
      // A metric that is only asked for so far has no values.
      if (error instanceof ApiProblem && error.code === 'not-found') return { items: [], next: null };
      throw error;
    }
  });
  const changes = usePages<MetricChange>((cursor, signal) =>
    request('metricChanges', { path: { key: key() }, query: { limit: perPage, cursor }, signal }),
  );
  useNewsReading(() => Promise.all([uses.read(), values.read(), changes.read()]), { of: 'metric', key });
  const periods = computed(() => {
    const all = metric.value?.uses.flatMap((use) => use.periods) ?? [];
    return [...new Map(all.map((period) => [`${period.label} ${period.at}`, period])).values()];
  });
  return { uses, metric, periods, values, changes };
}
