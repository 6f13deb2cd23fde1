import { useThrottleFn } from '@vueuse/core';
import { computed, type ComputedRef, onScopeDispose, type Ref, shallowRef, watch } from 'vue';
import type { BoardService } from '../../server/contract/live.ts';
import type { ServiceDetail, Timeline } from '../../server/contract/probing.ts';
import { request } from '../api/request.ts';
import type { Span } from '../model/span.ts';
import { useClockStore } from '../stores/clock.store.ts';
import { useLiveStore } from '../stores/live.store.ts';
import { type RequestControl, useRequest } from './use-request.ts';
import type { ServiceView } from './use-service-view.ts';

const detailEveryMs = 2_000;
const seriesEveryMs = 10_000;

export interface ServiceControl {
  detail: RequestControl<ServiceDetail>;
  timeline: RequestControl<Timeline>;
  /** The service as the board shows it, else as it was read. */
  now: ComputedRef<BoardService | null>;
  /** The span that is shown, up to the last time it was read. */
  span: Ref<Span>;
}

/** A service and its timeline, read again whenever the live stream says that something about it changed. */
export function useService(
  key: Ref<string>,
  { spanNow, spanKey }: Pick<ServiceView, 'spanNow' | 'spanKey'>,
): ServiceControl {
  const live = useLiveStore();
  const clock = useClockStore();
  const span = shallowRef(spanNow());

  const detail = useRequest((signal) => request('serviceDetail', { path: { key: key.value }, signal }));
  const timeline = useRequest(async (signal) => {
    const wanted = spanNow();
    const query = { from: new Date(wanted.fromMs).toISOString(), to: new Date(wanted.toMs).toISOString() };
    const answer = await request('timeline', { path: { key: key.value }, query, signal });
    if (!signal.aborted) span.value = wanted;
    return answer;
  });
  const now = computed(() => live.board?.services.get(key.value) ?? detail.data.value?.now ?? null);

  const readDetail = useThrottleFn(() => detail.read(), detailEveryMs, true, true);
  const readTimeline = useThrottleFn(() => timeline.read(), seriesEveryMs, true, true);
  let unfollow = (): void => undefined;

  watch(
    key,
    () => {
      detail.reset();
      timeline.reset();
      void detail.read();
      unfollow();
      unfollow = live.follow(key.value, ({ changed }) => {
        void readDetail();
        // What was only seen changes nothing of a span that is over; late results do.
        if (changed || spanNow().toMs > clock.nowMs - seriesEveryMs) void readTimeline();
      });
    },
    { immediate: true },
  );
  watch([key, spanKey], () => void timeline.read(), { immediate: true });
  watch(
    () => [now.value?.state, now.value?.since, live.link === 'live'].join(),
    () => {
      void readDetail();
      void timeline.read();
    },
  );
  onScopeDispose(() => unfollow());
  return { detail, timeline, now, span };
}
