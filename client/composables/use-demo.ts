import { type Ref, shallowRef } from 'vue';
import type { Demo } from '../../server/contract/demo.ts';
import { asProblem } from '../api/api-problem.ts';
import { request } from '../api/request.ts';
import { useToastsStore } from '../stores/toasts.store.ts';
import { useNewsReading } from './use-news-reading.ts';
import { useRequest } from './use-request.ts';

export interface DemoControl {
  /** Whether it is there, and how far it is loaded; null before that is known. */
  demo: Ref<Demo | null>;
  isBusy: Ref<boolean>;
  /** Begins to load it; how far it is comes by itself. */
  load: () => Promise<void>;
}

/** The demo organisation, followed while it is loaded. */
export function useDemo(): DemoControl {
  const toasts = useToastsStore();
  const isBusy = shallowRef(false);
  const state = useRequest((signal) => request('demo', { signal }));
  useNewsReading(state.read, { of: 'demo' });

  async function load(): Promise<void> {
    isBusy.value = true;
    try {
      // Nothing stands for its services here: their past is shown, and nothing of them is watched now.
      state.data.value = await request('loadDemo', { body: { probes: [] } });
    } catch (error) {
      toasts.show(asProblem(error).message, { isProblem: true });
    } finally {
      isBusy.value = false;
    }
  }
  return { demo: state.data, isBusy, load };
}
