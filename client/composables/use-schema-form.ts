import { computed, type ComputedRef, type Ref, shallowRef } from 'vue';
import type { z } from 'zod';
import { parseInput } from '../../server/contract/input-issues.ts';
import { type ApiProblem, asProblem } from '../api/api-problem.ts';
import { type FieldIssue, type Fields, isBelow, isSame, standingIssues } from '../model/form-value.ts';

export interface SchemaFormControl {
  value: Ref<Fields>;
  issues: ComputedRef<readonly FieldIssue[]>;
  /** Whether all of it was judged: somebody tried to send it. */
  isJudged: Ref<boolean>;
  /** A refusal. */
  problem: Ref<ApiProblem | null>;
  isBusy: Ref<boolean>;
  isDirty: ComputedRef<boolean>;
  touch: (path: string) => void;
  /** Begins anew from these fields. */
  begin: (initial: Fields) => void;
  /** Sends it, unless something is wrong. Answers whether it was taken. */
  submit: () => Promise<boolean>;
}

/** A form that is drawn by a schema and sent as a whole: judged as one types, refused at its fields. */
export function useSchemaForm({
  schema,
  bodyOf = (fields) => fields,
  send,
}: {
  schema: () => z.ZodType;
  /** What is sent of the fields; paths of its faults are those of the fields. */
  bodyOf?: (fields: Fields) => unknown;
  send: (body: never) => Promise<unknown>;
}): SchemaFormControl {
  const base = shallowRef<Fields>({});
  const value = shallowRef<Fields>({});
  const touched = shallowRef<ReadonlySet<string>>(new Set());
  const isJudged = shallowRef(false);
  const refused = shallowRef<{ value: Fields; issues: readonly FieldIssue[] }>({ value: {}, issues: [] });
  const problem = shallowRef<ApiProblem | null>(null);
  const isBusy = shallowRef(false);
  const found = computed(() =>
    parseInput(schema(), bodyOf(value.value)).issues.map(({ path, message }) => ({ path: path.join('.'), message })),
  );
  const issues = computed(() => {
    const isTold = ({ path }: FieldIssue): boolean =>
      isJudged.value || [...touched.value].some((one) => isBelow(path, one) || isBelow(one, path));
    return [...found.value.filter(isTold), ...standingIssues(refused.value.issues, refused.value.value, value.value)];
  });

  function begin(initial: Fields): void {
    base.value = initial;
    value.value = initial;
    touched.value = new Set();
    isJudged.value = false;
    refused.value = { value: {}, issues: [] };
    problem.value = null;
  }
  async function submit(): Promise<boolean> {
    if (isBusy.value) return false;
    problem.value = null;
    isJudged.value = true;
    if (found.value.length > 0) return false;
    isBusy.value = true;
    try {
      await send(bodyOf(value.value) as never);
      base.value = value.value;
      return true;
    } catch (error) {
      problem.value = asProblem(error);
      refused.value = { value: value.value, issues: problem.value.issues };
      return false;
    } finally {
      isBusy.value = false;
    }
  }
  return {
    ...{ value, issues, isJudged, problem, isBusy, begin, submit },
    isDirty: computed(() => !isSame(base.value, value.value)),
    touch: (path) => (touched.value = new Set([...touched.value, path])),
  };
}
