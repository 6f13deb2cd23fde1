import type { AgreementSummary } from '../../server/contract/agreements.ts';
import { request } from '../api/request.ts';
import { useRecordsStore } from '../stores/records.store.ts';
import { type AddressFilter, useAddressFilter } from './use-address-filter.ts';
import { useNewsReading } from './use-news-reading.ts';
import { type PagesControl, usePages } from './use-pages.ts';

const filterNames = ['text', 'team', 'service'] as const;
type FilterName = (typeof filterNames)[number];
export type AgreementFilter = Record<FilterName, string>;

export interface AgreementList extends Omit<AddressFilter<FilterName>, 'query'> {
  pages: PagesControl<AgreementSummary>;
}

const perPage = 50;

/** Agreements as the address wants them listed. */
export function useAgreementList(): AgreementList {
  const records = useRecordsStore();
  const { query, ...narrowed } = useAddressFilter(filterNames);
  const pages = usePages<AgreementSummary>((cursor, signal) =>
    request('agreements', { query: { ...query.value, limit: perPage, cursor }, signal }),
  );
  useNewsReading(pages.read, { of: 'agreement', sources: [() => JSON.stringify(query.value), () => records.revision] });
  return { pages, ...narrowed };
}
