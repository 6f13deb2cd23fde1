import { computed, type ComputedRef, watch } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import type { AgreementSummary } from '../../server/contract/agreements.ts';
import { request } from '../api/request.ts';
import { useRecordsStore } from '../stores/records.store.ts';
import { type PagesControl, usePages } from './use-pages.ts';

const filterNames = ['text', 'team', 'service'] as const;
export type AgreementFilter = Record<(typeof filterNames)[number], string>;

export interface AgreementList {
  pages: PagesControl<AgreementSummary>;
  /** What the list is narrowed to, as it stands in the address. */
  filter: ComputedRef<AgreementFilter>;
  isFiltered: ComputedRef<boolean>;
  change: (part: Partial<AgreementFilter>) => void;
}

const perPage = 50;

/** Agreements as the address wants them listed. */
export function useAgreementList(): AgreementList {
  const route = useRoute();
  const router = useRouter();
  const records = useRecordsStore();
  const filter = computed(() => {
    const part = (name: string): string => (typeof route.query[name] === 'string' ? route.query[name] : '');
    return Object.fromEntries(filterNames.map((name) => [name, part(name)])) as AgreementFilter;
  });
  const query = computed(() => {
    const given = Object.entries(filter.value).filter(([, value]) => value !== '');
    return Object.fromEntries(given) as Partial<AgreementFilter>;
  });
  const pages = usePages<AgreementSummary>((cursor, signal) =>
    request('agreements', { query: { ...query.value, limit: perPage, cursor }, signal }),
  );
  watch([() => JSON.stringify(query.value), () => records.revision], () => void pages.read(), { immediate: true });

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
