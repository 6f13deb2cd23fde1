import { computed, type ComputedRef, type Ref, watch } from 'vue';
import type { ServiceMaintenance } from '../../server/contract/maintenance.ts';
import { request } from '../api/request.ts';
import type { Span } from '../model/span.ts';
import { useClockStore } from '../stores/clock.store.ts';
import { useLiveStore } from '../stores/live.store.ts';
import { type RequestControl, useRequest } from './use-request.ts';

export const comingDays = 30;
const dayMs = 86_400_000;

export interface MaintenanceOfService {
  /** Windows in the span that is shown. */
  over: ComputedRef<ServiceMaintenance['windows']>;
  /** What runs and what comes in the next days. */
  coming: RequestControl<ServiceMaintenance>;
}

/** Maintenance of a service; read again when the live stream says that a window of it has begun, ended or changed. */
export function useServiceMaintenance(key: Ref<string>, span: Ref<Span>): MaintenanceOfService {
  const clock = useClockStore();
  const live = useLiveStore();
  const within = ({ fromMs, toMs }: Span, signal: AbortSignal): Promise<ServiceMaintenance> => {
    const query = { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
    return request('serviceMaintenance', { path: { key: key.value }, query, signal });
  };
  const over = useRequest((signal) => within(span.value, signal));
  const coming = useRequest((signal) => {
    return within({ fromMs: clock.nowMs, toMs: clock.nowMs + comingDays * dayMs }, signal);
  });
  const changed = (): string | undefined => live.board?.services.get(key.value)?.maintenance?.until;
  watch([key, span, changed], () => void over.read(), { immediate: true });
  watch([key, changed], () => void coming.read(), { immediate: true });
  return { over: computed(() => over.data.value?.windows ?? []), coming };
}
