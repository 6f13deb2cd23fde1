import { computed, type ComputedRef } from 'vue';
import type { Incident } from '../../server/contract/incidents.ts';
import { request } from '../api/request.ts';
import { useRecordsStore } from '../stores/records.store.ts';
import { type AddressFilter, useAddressFilter } from './use-address-filter.ts';
import { useNewsReading } from './use-news-reading.ts';
import { type PagesControl, usePages } from './use-pages.ts';

export const incidentFilterNames = ['text', 'kind', 'state', 'severity', 'service', 'team'] as const;
export type IncidentFilterName = (typeof incidentFilterNames)[number];
export type IncidentFilter = Record<IncidentFilterName, string>;

export interface IncidentList extends Omit<AddressFilter<IncidentFilterName>, 'query'> {
  /** In the order in which they are shown: what is not over comes first. */
  parts: ComputedRef<readonly { title: string; pages: PagesControl<Incident> }[]>;
}

const perPage = 50;

/** Incidents as the address wants them listed. */
export function useIncidentList(): IncidentList {
  const records = useRecordsStore();
  const { query, ...narrowed } = useAddressFilter(incidentFilterNames);
  const { filter } = narrowed;
  const listOf = (state: () => string): PagesControl<Incident> =>
    usePages<Incident>((cursor, signal) =>
      request('incidents', { query: { ...query.value, state: state(), limit: perPage, cursor }, signal }),
    );
  const first = listOf(() => filter.value.state || 'unresolved');
  const over = listOf(() => 'over');
  const read = (): Promise<unknown> => Promise.all([first.read(), ...(filter.value.state ? [] : [over.read()])]);
  useNewsReading(read, { of: 'incident', sources: [() => JSON.stringify(query.value), () => records.revision] });
  const all = [
    { title: 'Not resolved', pages: first },
    { title: 'Over', pages: over },
  ];
  return {
    ...narrowed,
    parts: computed(() => (filter.value.state ? [{ title: 'Found', pages: first }] : all)),
  };
}
