import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

export interface Toast {
  readonly id: number;
  readonly text: string;
  /** What can be done about it, such as taking a deletion back. */
  readonly act?: { readonly label: string; readonly run: () => void | Promise<void> };
  readonly isProblem: boolean;
}

/** Short words about what just happened, at the edge of every page. */
export const useToastsStore = defineStore('toasts', () => {
  const toasts = shallowRef<readonly Toast[]>([]);
  let lastId = 0;

  function show(text: string, more: { act?: Toast['act']; isProblem?: boolean } = {}): void {
    lastId += 1;
    const toast: Toast = {
      id: lastId,
      text,
      isProblem: more.isProblem ?? false,
      ...(more.act ? { act: more.act } : {}),
    };
    toasts.value = [...toasts.value.slice(-3), toast];
  }
  function dismiss(id: number): void {
    toasts.value = toasts.value.filter((toast) => toast.id !== id);
  }
  return { toasts, show, dismiss };
});
