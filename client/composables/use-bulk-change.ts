import { type Ref, shallowRef } from 'vue';
import type { ServiceChange } from '../../server/contract/service-bulk.ts';
import { type ApiProblem, asProblem } from '../api/api-problem.ts';
import { request } from '../api/request.ts';
import { changeText, inverseOf } from '../model/bulk-text.ts';
import { useToastsStore } from '../stores/toasts.store.ts';

export interface BulkControl {
  isBusy: Ref<boolean>;
  /** Why the last change was refused, and the services that it was refused for. */
  problem: Ref<ApiProblem | null>;
  refused: Ref<readonly string[]>;
  /** Answers whether it was done. */
  change: (keys: readonly string[], change: ServiceChange) => Promise<boolean>;
  forget: () => void;
}

/** Changes many services at once, and offers to take back what really changed. */
export function useBulkChange(): BulkControl {
  const toasts = useToastsStore();
  const isBusy = shallowRef(false);
  const problem = shallowRef<ApiProblem | null>(null);
  const refused = shallowRef<readonly string[]>([]);

  function forget(): void {
    problem.value = null;
    refused.value = [];
  }

  async function change(keys: readonly string[], wanted: ServiceChange): Promise<boolean> {
    if (isBusy.value) return false;
    forget();
    isBusy.value = true;
    try {
      const { changed } = await request('changeServices', { body: { keys: [...keys], change: wanted } });
      const act = { label: 'Undo', run: () => undo(changed, inverseOf(wanted)) };
      toasts.show(changeText(wanted, changed.length, keys.length), changed.length > 0 ? { act } : {});
      return true;
    } catch (error) {
      problem.value = asProblem(error);
      refused.value = refusedKeys(problem.value, keys);
      return false;
    } finally {
      isBusy.value = false;
    }
  }

  async function undo(keys: readonly string[], wanted: ServiceChange): Promise<void> {
    try {
      const { changed } = await request('changeServices', { body: { keys: [...keys], change: wanted } });
      toasts.show(changeText(wanted, changed.length, keys.length));
    } catch (error) {
      toasts.show(`It could not be taken back: ${asProblem(error).message}`, { isProblem: true });
    }
  }

  return { isBusy, problem, refused, change, forget };
}

/** Issues at `keys.3` name the fourth of the keys that were sent. */
const refusedKeys = ({ issues }: ApiProblem, keys: readonly string[]): string[] =>
  issues.flatMap(({ path }) => keys[Number(/^keys\.(\d+)$/.exec(path)?.[1] ?? Number.NaN)] ?? []);
