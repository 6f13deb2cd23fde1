import { computed, type ComputedRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';

export interface AddressFilter<Name extends string> {
  /** What a list is narrowed to, as it stands in the address; empty where it is not. */
  filter: ComputedRef<Record<Name, string>>;
  /** The same without what is empty, as a request takes it. */
  query: ComputedRef<Partial<Record<Name, string>>>;
  isFiltered: ComputedRef<boolean>;
  change: (part: Partial<Record<Name, string>>) => void;
}

/** A filter of a list that lives in the address of its page. */
export function useAddressFilter<Name extends string>(names: readonly Name[]): AddressFilter<Name> {
  const route = useRoute();
  const router = useRouter();
  const filter = computed(() => {
    const part = (name: string): string => (typeof route.query[name] === 'string' ? route.query[name] : '');
    return Object.fromEntries(names.map((name) => [name, part(name)])) as Record<Name, string>;
  });
  const given = (whole: object) => Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== ''));
  const query = computed(() => given(filter.value) as Partial<Record<Name, string>>);
  return {
    filter,
    query,
    isFiltered: computed(() => Object.keys(query.value).length > 0),
    change: (part) => void router.replace({ query: given({ ...filter.value, ...part }) }),
  };
}
