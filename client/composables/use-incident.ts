import { computed, type ComputedRef, type Ref, watch } from 'vue';
import type { IncidentTimeline } from '../../server/contract/incident-work.ts';
import type { IncidentDetail } from '../../server/contract/incidents.ts';
import { request } from '../api/request.ts';
import { clocksTurnMs } from '../model/incident-clock.ts';
import { useClockStore } from '../stores/clock.store.ts';
import { useRecordsStore } from '../stores/records.store.ts';
import { useNewsReading } from './use-news-reading.ts';
import { type RequestControl, useRequest } from './use-request.ts';

export interface IncidentControl {
  read: RequestControl<{ incident: IncidentDetail; entries: IncidentTimeline['entries'] }>;
  incident: ComputedRef<IncidentDetail | null>;
  /** The newest first. */
  entries: ComputedRef<IncidentTimeline['entries']>;
}

/** An incident with its timeline; read again when something was done with it, and when one of its clocks turns. */
export function useIncident(id: Ref<string>): IncidentControl {
  const clock = useClockStore();
  const records = useRecordsStore();
  const read = useRequest(async (signal) => {
    const path = { id: id.value };
    const [incident, { entries }] = await Promise.all([
      request('incident', { path, signal }),
      request('incidentTimeline', { path, signal }),
    ]);
    return { incident, entries: entries.toReversed() };
  });
  watch(id, read.reset);
  useNewsReading(read.read, { of: 'incident', key: () => id.value, sources: [() => records.revision] });
  const incident = computed(() => read.data.value?.incident ?? null);
  watch(
    () => incident.value !== null && clocksTurnMs(incident.value) <= clock.nowMs,
    (hasTurned) => hasTurned && void read.read(),
  );
  return { read, incident, entries: computed(() => read.data.value?.entries ?? []) };
}
