import { computed, type ComputedRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { dayStart, nextDay } from '../model/zoned-day.ts';
import { usePreferencesStore } from '../stores/preferences.store.ts';

export const auditFilterNames = ['actor', 'action', 'kind', 'subject', 'from', 'to'] as const;
export type AuditFilterName = (typeof auditFilterNames)[number];
export type AuditFilter = Record<AuditFilterName, string>;

export interface AuditFilterControl {
  filter: ComputedRef<AuditFilter>;
  isActive: ComputedRef<boolean>;
  /** The filter as the server takes it. */
  query: ComputedRef<Record<string, string | undefined>>;
  /** Changes some of it, in the address. */
  set: (part: Partial<AuditFilter>) => void;
  clear: () => void;
}

/** The filter of the audit trail as it stands in the address; days are those of the chosen time zone. */
export function useAuditFilter(): AuditFilterControl {
  const route = useRoute();
  const router = useRouter();
  const preferences = usePreferencesStore();
  const filter = computed(() => {
    const read = (name: string): string => (typeof route.query[name] === 'string' ? route.query[name] : '');
    return Object.fromEntries(auditFilterNames.map((name) => [name, read(name)])) as AuditFilter;
  });

  function go(next: AuditFilter): void {
    void router.replace({ query: Object.fromEntries(Object.entries(next).filter(([, value]) => value !== '')) });
  }

  return {
    filter,
    isActive: computed(() => Object.values(filter.value).some((value) => value !== '')),
    query: computed(() => {
      const { actor, action, kind, subject, from, to } = filter.value;
      return {
        actor: actor || undefined,
        action: action || undefined,
        subjectKind: kind || undefined,
        subject: subject || undefined,
        from: dayStart(from, preferences.zone),
        to: dayStart(nextDay(to), preferences.zone),
      };
    }),
    set: (part) => go({ ...filter.value, ...part }),
    clear: () => void router.replace({ query: {} }),
  };
}
