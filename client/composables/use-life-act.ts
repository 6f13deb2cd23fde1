import { type Ref, shallowRef } from 'vue';
import type { AgreementLife } from '../../server/contract/agreement-life.ts';
import { type ApiProblem, asProblem } from '../api/api-problem.ts';
import { useRecordsStore } from '../stores/records.store.ts';
import { useToastsStore } from '../stores/toasts.store.ts';

export interface LifeActControl {
  isBusy: Ref<boolean>;
  problem: Ref<ApiProblem | null>;
  /** What is wrong with a field; empty where nothing is. */
  faultOf: (field: string) => string;
  run: () => Promise<void>;
}

/** Something done with an agreement: said when it is done, and everything that shows the agreement reads it again. */
export function useLifeAct(
  send: () => Promise<AgreementLife | undefined>,
  done: { said: () => string; after: () => void },
): LifeActControl {
  const records = useRecordsStore();
  const toasts = useToastsStore();
  const isBusy = shallowRef(false);
  const problem = shallowRef<ApiProblem | null>(null);

  async function run(): Promise<void> {
    if (isBusy.value) return;
    isBusy.value = true;
    problem.value = null;
    try {
      await send();
      toasts.show(done.said());
      done.after();
      records.changed();
    } catch (error) {
      problem.value = asProblem(error);
    } finally {
      isBusy.value = false;
    }
  }
  return { isBusy, problem, faultOf: (field) => problem.value?.fieldMessages[field] ?? '', run };
}
