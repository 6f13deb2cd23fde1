import { type Ref, shallowRef } from 'vue';
import { asProblem } from '../api/api-problem.ts';
import type { Resource } from '../api/resources.ts';
import { useRecordsStore } from '../stores/records.store.ts';
import { useToastsStore } from '../stores/toasts.store.ts';

export interface Deletion {
  isDeleting: Ref<boolean>;
  /** Deletes one, and offers to take it back where that can be. Answers whether it is gone. */
  remove: (key: string, name: string) => Promise<boolean>;
}

/** Deleting things of a resource; what was done and what was refused is told in toasts. */
export function useDeletion(resource: Resource): Deletion {
  const records = useRecordsStore();
  const toasts = useToastsStore();
  const isDeleting = shallowRef(false);

  async function told(act: () => Promise<unknown>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      toasts.show(asProblem(error).message, { isProblem: true });
      return false;
    }
  }
  async function remove(key: string, name: string): Promise<boolean> {
    isDeleting.value = true;
    const isGone = await told(() => resource.remove(key));
    isDeleting.value = false;
    if (!isGone) return false;
    const { restore } = resource;
    const undo = async (): Promise<void> => {
      if (!(await told(() => restore!(key)))) return;
      toasts.show(`${name} is back.`);
      records.changed();
    };
    toasts.show(`${name} was deleted.`, restore ? { act: { label: 'Undo', run: undo } } : {});
    return true;
  }
  return { isDeleting, remove };
}
