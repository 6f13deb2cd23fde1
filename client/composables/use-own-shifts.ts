import { computed, watch } from 'vue';
import type { OwnShifts } from '../../server/contract/on-call.ts';
import { request } from '../api/request.ts';
import { shiftsEndAt } from '../model/own-shifts.ts';
import { useClockStore } from '../stores/clock.store.ts';
import { useNewsReading } from './use-news-reading.ts';
import { type RequestControl, useRequest } from './use-request.ts';

/** When one is on call oneself; read again once a turn began or ended, which makes other ones the current and the next. */
export function useOwnShifts(): RequestControl<OwnShifts> {
  const clock = useClockStore();
  const own = useRequest((signal) => request('ownShifts', { signal }));
  useNewsReading(own.read, { of: 'on-call' });
  const turnsMs = computed(() => shiftsEndAt(own.data.value ?? []));
  watch(
    () => turnsMs.value <= clock.nowMs,
    (isOver) => isOver && void own.read(),
  );
  return own;
}
