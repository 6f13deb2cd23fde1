import { type Ref, shallowRef } from 'vue';
import { useRouter } from 'vue-router';
import type { HistoryImport } from '../../server/contract/history-imports.ts';
import { type ApiProblem, asProblem } from '../api/api-problem.ts';
import { request } from '../api/request.ts';
import { useToastsStore } from '../stores/toasts.store.ts';
import { useUploadsStore } from '../stores/uploads.store.ts';
import { useNewsReading } from './use-news-reading.ts';
import { type RequestControl, useRequest } from './use-request.ts';

export interface HistoryImportControl {
  found: RequestControl<HistoryImport>;
  isBusy: Ref<boolean>;
  problem: Ref<ApiProblem | null>;
  apply: () => Promise<void>;
  discard: () => Promise<void>;
}

/** One import, read again whenever it has come further. */
export function useHistoryImport(id: () => string): HistoryImportControl {
  const router = useRouter();
  const toasts = useToastsStore();
  const uploads = useUploadsStore();
  const found = useRequest((signal) => request('import', { path: { id: id() }, signal }));
  const isBusy = shallowRef(false);
  const problem = shallowRef<ApiProblem | null>(null);
  useNewsReading(found.read, { of: 'import', key: id });

  async function run(act: () => Promise<void>): Promise<void> {
    if (isBusy.value) return;
    isBusy.value = true;
    problem.value = null;
    try {
      await act();
    } catch (error) {
      problem.value = asProblem(error);
    } finally {
      isBusy.value = false;
    }
  }
  const apply = () =>
    run(async () => {
      await request('applyImport', { path: { id: id() } });
      await found.read();
    });
  const discard = () =>
    run(async () => {
      uploads.forget(Number(id()));
      await request('discardImport', { path: { id: id() } });
      toasts.show('The file was thrown away.');
      await router.push('/history');
    });
  return { found, isBusy, problem, apply, discard };
}
