import { type Ref, shallowRef } from 'vue';
import type { Agreement } from '../../server/contract/agreements.ts';
import type { ReportPage, ReportSummary } from '../../server/contract/reports.ts';
import { request } from '../api/request.ts';
import { useRecordsStore } from '../stores/records.store.ts';
import { useNewsReading } from './use-news-reading.ts';
import { type PagesControl, usePages } from './use-pages.ts';
import { type RequestControl, useRequest } from './use-request.ts';

export interface ReportsControl {
  agreement: RequestControl<Agreement>;
  pages: PagesControl<ReportSummary>;
  /** What is frozen next; null where nothing is, or before it is known. */
  upcoming: Ref<ReportPage['upcoming']>;
}

const periodsOfPage = 24;

/** The frozen reports of an agreement, the latest period first. */
export function useReports(key: Ref<string>): ReportsControl {
  const records = useRecordsStore();
  const upcoming = shallowRef<ReportPage['upcoming']>(null);
  const agreement = useRequest((signal) => request('agreement', { path: { key: key.value }, signal }));
  const pages = usePages<ReportSummary>(async (cursor, signal) => {
    const page = await request('reports', {
      path: { key: key.value },
      query: { limit: periodsOfPage, cursor },
      signal,
    });
    upcoming.value = page.upcoming;
    return page;
  });
  useNewsReading(() => Promise.all([agreement.read(), pages.read()]), {
    of: 'agreement',
    key: () => key.value,
    sources: [() => records.revision],
  });
  return { agreement, pages, upcoming };
}
