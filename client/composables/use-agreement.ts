import { computed, type ComputedRef, type Ref, watch } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import type { Agreement } from '../../server/contract/agreements.ts';
import type { Compliance } from '../../server/contract/compliance.ts';
import { request } from '../api/request.ts';
import { type PeriodSteps, periodSteps } from '../model/period-step.ts';
import { useClockStore } from '../stores/clock.store.ts';
import { useRecordsStore } from '../stores/records.store.ts';
import { useLiveThrottle } from './use-live-throttle.ts';
import { useNewsReading } from './use-news-reading.ts';
import { type RequestControl, useRequest } from './use-request.ts';

export interface AgreementControl {
  agreement: RequestControl<Agreement>;
  compliance: RequestControl<Compliance>;
  /** The period that the address names; null for the present. */
  label: ComputedRef<string | null>;
  /** The periods beside it; null before the agreement is known. */
  steps: ComputedRef<PeriodSteps | null>;
  /** Goes to a period; null to the present. */
  choose: (label: string | null) => void;
}

const everyMs = 10_000;

/** The period that the address names, and going to another. */
export function usePeriodLabel(): { label: ComputedRef<string | null>; choose: (label: string | null) => void } {
  const route = useRoute();
  const router = useRouter();
  return {
    label: computed(() => (typeof route.query['period'] === 'string' ? route.query['period'] : null)),
    choose: (period) => {
      const { period: _, ...rest } = route.query;
      void router.push({ query: period === null ? rest : { ...rest, period } });
    },
  };
}

/** An agreement and how it stands in the period that the address names. */
export function useAgreement(key: Ref<string>): AgreementControl {
  const clock = useClockStore();
  const records = useRecordsStore();
  const { label, choose } = usePeriodLabel();
  const agreement = useRequest((signal) => request('agreement', { path: { key: key.value }, signal }));
  const compliance = useRequest((signal) =>
    request('compliance', { path: { key: key.value }, query: { period: label.value ?? undefined }, signal }),
  );
  useNewsReading(agreement.read, { of: 'agreement', key: () => key.value, sources: [() => records.revision] });
  watch([key, label], compliance.reset);
  useNewsReading(compliance.read, {
    of: 'agreement',
    key: () => key.value,
    sources: [label, () => records.revision],
  });
  useLiveThrottle(everyMs, compliance.read);

  return {
    ...{ agreement, compliance, label, choose },
    steps: computed(() => {
      const found = agreement.data.value;
      return found && periodSteps(found.period, found.timeZone, label.value, clock.nowMs);
    }),
  };
}
