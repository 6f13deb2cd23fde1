import { computed, type ComputedRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import type { Consequence } from '../../server/contract/consequences.ts';
import { request } from '../api/request.ts';
import { useLedgerReading } from './use-ledger-reading.ts';
import { type PagesControl, usePages } from './use-pages.ts';

const filterNames = ['state', 'kind', 'agreement', 'period'] as const;
export type LedgerFilter = Record<(typeof filterNames)[number], string>;

export interface Ledger {
  pages: PagesControl<Consequence>;
  /** What the list is narrowed to, as it stands in the address. */
  filter: ComputedRef<LedgerFilter>;
  isFiltered: ComputedRef<boolean>;
  change: (part: Partial<LedgerFilter>) => void;
}

const perPage = 50;

/** The ledger as the address wants it listed, read again whenever it changes. */
export function useLedger(): Ledger {
  const route = useRoute();
  const router = useRouter();
  const filter = computed(() => {
    const part = (name: string): string => (typeof route.query[name] === 'string' ? route.query[name] : '');
    return Object.fromEntries(filterNames.map((name) => [name, part(name)])) as LedgerFilter;
  });
  const query = computed(() => Object.fromEntries(Object.entries(filter.value).filter(([, value]) => value !== '')));
  const pages = usePages<Consequence>((cursor, signal) =>
    request('consequences', { query: { ...query.value, limit: perPage, cursor }, signal }),
  );
  useLedgerReading(pages.read, {
    agreement: () => filter.value.agreement || undefined,
    sources: [() => JSON.stringify(query.value)],
  });
  return {
    pages,
    filter,
    isFiltered: computed(() => Object.keys(query.value).length > 0),
    change: (part) => {
      const next = Object.entries({ ...filter.value, ...part }).filter(([, value]) => value !== '');
      void router.replace({ query: Object.fromEntries(next) });
    },
  };
}
