import { computed, type ComputedRef, type Ref, shallowRef } from 'vue';
import type { z } from 'zod';
import { parseInput } from '../../server/contract/input-issues.ts';
import { type ApiProblem, asProblem } from '../api/api-problem.ts';

export interface FormControl {
  isBusy: Ref<boolean>;
  /** What stands above the form: a problem that belongs to no field. */
  message: ComputedRef<string>;
  /** Messages for a field, by its name. */
  errorsOf: (field: string) => string[];
  submit: () => Promise<void>;
}

/** Checks a form by the schema of its route, sends it, and brings the server's complaints back to their fields. */
export function useForm<Body>(
  schema: z.ZodType<Body>,
  values: () => unknown,
  send: (body: Body) => Promise<void>,
): FormControl {
  const isBusy = shallowRef(false);
  const problem = shallowRef<ApiProblem | null>(null);
  const fields = shallowRef<Record<string, string>>({});

  async function submit(): Promise<void> {
    if (isBusy.value) return;
    problem.value = null;
    fields.value = {};
    const { value, issues } = parseInput(schema, values());
    if (issues.length > 0) {
      for (const { path, message } of issues) fields.value = { [path.join('.')]: message, ...fields.value };
      return;
    }
    isBusy.value = true;
    try {
      await send(value as Body);
    } catch (error) {
      problem.value = asProblem(error);
      fields.value = problem.value.fieldMessages;
    } finally {
      isBusy.value = false;
    }
  }

  return {
    isBusy,
    message: computed(() => (problem.value && problem.value.issues.length === 0 ? problem.value.message : '')),
    errorsOf: (field) => (fields.value[field] ? [fields.value[field]] : []),
    submit,
  };
}
