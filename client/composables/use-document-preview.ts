import { watchDebounced } from '@vueuse/core';
import { computed, type ComputedRef, type Ref, shallowRef } from 'vue';
import type { AgreementPreview } from '../../server/contract/agreement-document.ts';
import { agreementInputSchema } from '../../server/contract/agreements.ts';
import { parseInput } from '../../server/contract/input-issues.ts';
import { request } from '../api/request.ts';
import type { Fields } from '../model/form-value.ts';
import { type RequestControl, useRequest } from './use-request.ts';

export interface DocumentPreview {
  /** The last document that could be made. */
  made: RequestControl<AgreementPreview>;
  /** How many faults keep what is typed from being shown; zero where none does. */
  faults: ComputedRef<number>;
  /** Whether what is shown is still that of an earlier form. */
  isBehind: ComputedRef<boolean>;
}

const pauseMs = 400;
const mostMs = 2_000;

/** The document of what is being written, shortly after it was typed; the last good one while it has faults. */
export function useDocumentPreview(input: Ref<Fields>): DocumentPreview {
  const found = computed(() => parseInput(agreementInputSchema, input.value).issues);
  const text = computed(() => JSON.stringify(input.value));
  const asked = shallowRef('');
  const made = useRequest((signal) => request('previewAgreement', { body: input.value as never, signal }));
  const refused = computed(() => (asked.value === text.value ? (made.problem.value?.issues.length ?? 0) : 0));

  function make(): void {
    if (found.value.length > 0) return;
    asked.value = text.value;
    void made.read();
  }
  make();
  watchDebounced(text, make, { debounce: pauseMs, maxWait: mostMs });

  return {
    made,
    faults: computed(() => found.value.length || refused.value),
    isBehind: computed(() => made.isLoading.value || asked.value !== text.value),
  };
}
