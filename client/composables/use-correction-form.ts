import { watchDebounced } from '@vueuse/core';
import { computed, type ComputedRef, type Ref } from 'vue';
import {
  type AgreementCorrection,
  type CorrectionOutlook,
  correctionInputSchema,
} from '../../server/contract/corrections.ts';
import { request } from '../api/request.ts';
import { type CorrectionDraft, inputOfDraft, isWhole } from '../model/correction-draft.ts';
import { type FormControl, useForm } from './use-form.ts';
import { type RequestControl, useRequest } from './use-request.ts';

export interface CorrectionFormControl extends Omit<FormControl, 'errorsOf'> {
  /** What would come of it as it is written now. */
  outlook: RequestControl<CorrectionOutlook>;
  /** What is wrong with a field; empty where nothing is known to be. */
  faultOf: (field: string) => string;
  /** What stands against it that belongs to no field. */
  notice: ComputedRef<string>;
}

const typingMs = 300;

/** A correction that is being written: what would come of it, told while it is, and its proposal. */
export function useCorrectionForm(
  agreementKey: Ref<string>,
  draft: Ref<CorrectionDraft>,
  proposed: (correction: AgreementCorrection) => Promise<void> | void,
): CorrectionFormControl {
  const path = computed(() => ({ key: agreementKey.value }));
  const outlook = useRequest((signal) =>
    request('tryCorrection', {
      path: path.value,
      // Reason and link change no figure.
      body: { ...inputOfDraft(draft.value), reason: '', link: undefined },
      query: { dryRun: 'true' },
      signal,
    }),
  );
  watchDebounced(
    () => {
      const { service, objective, from, to, as, ground } = draft.value;
      return [agreementKey.value, service, objective, from, to, as, ground].join(' ');
    },
    () => (isWhole(draft.value) ? void outlook.read() : outlook.reset()),
    { debounce: typingMs, immediate: true },
  );
  const form = useForm(
    correctionInputSchema,
    () => inputOfDraft(draft.value),
    async (body) => proposed(await request('proposeCorrection', { path: path.value, body })),
  );
  const tried = computed(() => outlook.problem.value);
  return {
    ...{ outlook, isBusy: form.isBusy, message: form.message, submit: form.submit },
    faultOf: (field) => form.errorsOf(field)[0] ?? tried.value?.fieldMessages[field] ?? '',
    notice: computed(
      () => form.message.value || (tried.value && tried.value.issues.length === 0 ? tried.value.message : ''),
    ),
  };
}
