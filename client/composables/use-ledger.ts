import type { Consequence } from '../../server/contract/consequences.ts';
import { request } from '../api/request.ts';
import { type AddressFilter, useAddressFilter } from './use-address-filter.ts';
import { useLedgerReading } from './use-ledger-reading.ts';
import { type PagesControl, usePages } from './use-pages.ts';

const filterNames = ['state', 'kind', 'agreement', 'period'] as const;
type FilterName = (typeof filterNames)[number];
export type LedgerFilter = Record<FilterName, string>;

export interface Ledger extends Omit<AddressFilter<FilterName>, 'query'> {
  pages: PagesControl<Consequence>;
}

const perPage = 50;

/** The ledger as the address wants it listed, read again whenever it changes. */
export function useLedger(): Ledger {
  const { query, ...narrowed } = useAddressFilter(filterNames);
  const pages = usePages<Consequence>((cursor, signal) =>
    request('consequences', { query: { ...query.value, limit: perPage, cursor }, signal }),
  );
  useLedgerReading(pages.read, {
    agreement: () => query.value.agreement,
    sources: [() => JSON.stringify(query.value)],
  });
  return { pages, ...narrowed };
}
