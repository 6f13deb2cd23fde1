import { computed, type ComputedRef, shallowRef, watch } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import type { Maintenance } from '../../server/contract/maintenance.ts';
import { request } from '../api/request.ts';
import { hasPassed, inPhase, type Phase, type PhasedMaintenance } from '../model/maintenance-phase.ts';
import { useClockStore } from '../stores/clock.store.ts';
import { useLiveStore } from '../stores/live.store.ts';
import { useRecordsStore } from '../stores/records.store.ts';
import { type PagesControl, usePages } from './use-pages.ts';

export interface MaintenanceList {
  pages: PagesControl<Maintenance>;
  /** What is looked for, as it stands in the address. */
  text: ComputedRef<string>;
  service: ComputedRef<string>;
  filter: (part: { text?: string; service?: string }) => void;
  groups: ComputedRef<Readonly<Record<Phase, readonly PhasedMaintenance[]>>>;
}

const mostOfPage = 500;

/** All maintenance by where it stands now; read again when a window has begun or ended. */
export function useMaintenanceList(): MaintenanceList {
  const route = useRoute();
  const router = useRouter();
  const clock = useClockStore();
  const live = useLiveStore();
  const records = useRecordsStore();
  const part = (name: string): string => (typeof route.query[name] === 'string' ? route.query[name] : '');
  const text = computed(() => part('text'));
  const service = computed(() => part('service'));
  const readAtMs = shallowRef(clock.nowMs);

  const pages = usePages<Maintenance>((cursor, signal) => {
    readAtMs.value = clock.nowMs;
    return request('maintenances', { query: { text: text.value || undefined, limit: mostOfPage, cursor }, signal });
  });
  watch([text, () => records.revision], () => void pages.read(), { immediate: true });

  const items = computed(() => {
    const all = pages.items.value ?? [];
    return service.value === '' ? all : all.filter(({ services }) => services.includes(service.value));
  });
  const isStale = computed(() => hasPassed(pages.items.value ?? [], readAtMs.value, clock.nowMs));
  watch(isStale, (now) => now && void pages.read());
  watch(() => live.board?.maintenance, pages.read);

  return {
    ...{ pages, text, service },
    filter: (wanted) => {
      const query = { text: text.value, service: service.value, ...wanted };
      const given = Object.entries(query).filter(([, value]) => value !== '');
      void router.replace({ query: Object.fromEntries(given) });
    },
    groups: computed(() => ({
      running: inPhase(items.value, 'running', clock.nowMs),
      coming: inPhase(items.value, 'coming', clock.nowMs),
      past: inPhase(items.value, 'past', clock.nowMs),
    })),
  };
}
