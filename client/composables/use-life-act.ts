import { type Ref, shallowRef, useTemplateRef } from 'vue';
import { type ApiProblem, asProblem } from '../api/api-problem.ts';
import { useRecordsStore } from '../stores/records.store.ts';
import { useToastsStore } from '../stores/toasts.store.ts';

export interface LifeActControl {
  isBusy: Ref<boolean>;
  problem: Ref<ApiProblem | null>;
  /** What is wrong with a field; empty where nothing is. */
  faultOf: (field: string) => string;
  run: () => Promise<void>;
  /** Opens the dialog, without what was wrong the last time. */
  open: () => void;
}

/** The `FormDialog` of the component that has `ref="dialog"`. */
interface Dialog {
  open(): Promise<void>;
  close(): void;
}

/**
 * Something done with an agreement in a dialog: said when it is done, and everything that shows the agreement reads it
 * again. `begin` empties the fields when the dialog opens.
 */
export function useLifeAct(
  send: () => Promise<unknown>,
  { said, begin }: { said: () => string; begin?: () => void },
): LifeActControl {
  const dialog = useTemplateRef<Dialog>('dialog');
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
      toasts.show(said());
      dialog.value?.close();
      records.changed();
    } catch (error) {
      problem.value = asProblem(error);
    } finally {
      isBusy.value = false;
    }
  }

  function open(): void {
    problem.value = null;
    begin?.();
    void dialog.value?.open();
  }
  return { isBusy, problem, faultOf: (field) => problem.value?.fieldMessages[field] ?? '', run, open };
}
