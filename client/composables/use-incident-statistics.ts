import { computed, type ComputedRef } from 'vue';
import type { IncidentStatistics } from '../../server/contract/incident-statistics.ts';
import { request } from '../api/request.ts';
import { dayStart, nextDay } from '../model/zoned-day.ts';
import { usePreferencesStore } from '../stores/preferences.store.ts';
import { type AddressFilter, useAddressFilter } from './use-address-filter.ts';
import { useNewsReading } from './use-news-reading.ts';
import { type RequestControl, useRequest } from './use-request.ts';

const names = ['by', 'kind', 'from', 'to'] as const;
export type StatisticsFilter = Record<(typeof names)[number], string>;

export interface StatisticsControl extends Omit<AddressFilter<(typeof names)[number]>, 'query'> {
  figures: RequestControl<IncidentStatistics>;
  /** The fields of the filter that were refused, each with why. */
  faults: ComputedRef<Record<string, string>>;
}

/** What incidents come to in the period that the address names; days are those of the chosen time zone. */
export function useIncidentStatistics(): StatisticsControl {
  const preferences = usePreferencesStore();
  const { query, ...narrowed } = useAddressFilter(names);
  const figures = useRequest((signal) => {
    const { from = '', to = '', ...rest } = query.value;
    const span = { from: dayStart(from, preferences.zone), to: dayStart(nextDay(to), preferences.zone) };
    return request('incidentStatistics', { query: { ...rest, ...span }, signal });
  });
  useNewsReading(figures.read, {
    of: 'incident',
    sources: [() => JSON.stringify(query.value), () => preferences.zone],
  });
  return { figures, ...narrowed, faults: computed(() => figures.problem.value?.fieldMessages ?? {}) };
}
