import { type Ref, watch } from 'vue';
import type { Agreement } from '../../server/contract/agreements.ts';
import type { Review } from '../../server/contract/reviews.ts';
import { request } from '../api/request.ts';
import { useLedgerReading } from './use-ledger-reading.ts';
import { type RequestControl, useRequest } from './use-request.ts';

export interface ReviewControl {
  agreement: RequestControl<Agreement>;
  review: RequestControl<Review>;
}

/** The review of a closed period, read again whenever somebody says, signs or answers something. */
export function useReview(key: Ref<string>, period: Ref<string>): ReviewControl {
  const agreement = useRequest((signal) => request('agreement', { path: { key: key.value }, signal }));
  const review = useRequest((signal) => request('review', { path: { key: key.value, period: period.value }, signal }));
  watch(key, () => void agreement.read(), { immediate: true });
  watch([key, period], review.reset);
  useLedgerReading(review.read, { agreement: key, sources: [key, period] });
  return { agreement, review };
}
