import { computed, type ComputedRef, type Ref, shallowRef } from 'vue';
import { inputOf } from '../../server/contract/record-input.ts';
import { jsonSchemaOf } from '../../server/contract/schema-fields.ts';
import { type ApiProblem, asProblem } from '../api/api-problem.ts';
import type { Resource, StoredRecord } from '../api/resources.ts';
import { fieldTitle } from '../model/field-title.ts';
import { type FieldIssue, type Fields, isBelow, isSame, standingIssues, withField } from '../model/form-value.ts';
import { differingFields, recordIssues, withSuggestedKey } from '../model/record-form.ts';
import { type RequestControl, useRequest } from './use-request.ts';

export interface RecordForm {
  /** The record as it was opened; of a new one null. */
  opened: RequestControl<StoredRecord>;
  value: Ref<Fields>;
  issues: ComputedRef<readonly FieldIssue[]>;
  /** Whether all of it was judged: somebody tried to save it. */
  isJudged: Ref<boolean>;
  /** A refusal that belongs to no field. */
  problem: Ref<ApiProblem | null>;
  isBusy: Ref<boolean>;
  isDirty: ComputedRef<boolean>;
  /** What somebody else changed since it was opened, once a write was refused for it. */
  overtaken: Ref<{ readonly record: StoredRecord | null; readonly fields: readonly string[] } | null>;
  change: (next: Fields) => void;
  touch: (path: string) => void;
  /** Shows what a server said about fields, such as after a trial. */
  refuse: (problem: ApiProblem) => void;
  /** Writes it. Answers the key where it was written. */
  save: () => Promise<string | null>;
  /** Takes what the server has now, and lets go of what was typed. */
  takeTheirs: () => void;
  /** Writes what was typed over what the server has now. */
  overwrite: () => Promise<string | null>;
}

/** A record that is edited: read, checked as one types, and written only over what was seen. `recordKey` null makes one. */
export function useRecordForm(resource: Resource, recordKey: string | null, initial: Fields = {}): RecordForm {
  const schema = jsonSchemaOf(resource.input);
  const base = shallowRef<Fields>(initial);
  const value = shallowRef<Fields>(initial);
  const touched = shallowRef<ReadonlySet<string>>(new Set());
  const isSubmitted = shallowRef(false);
  const refused = shallowRef<{ value: Fields; issues: readonly FieldIssue[] }>({ value: {}, issues: [] });
  const problem = shallowRef<ApiProblem | null>(null);
  const isBusy = shallowRef(false);
  const overtaken: RecordForm['overtaken'] = shallowRef(null);

  const opened = useRequest(async (signal) => {
    const record = await resource.read(recordKey!, signal);
    if (!signal.aborted) begin(record);
    return record;
  });
  if (recordKey !== null) void opened.read();

  const found = computed(() => recordIssues(resource, value.value, recordKey === null));
  const issues = computed(() => {
    const isTold = ({ path }: FieldIssue) =>
      isSubmitted.value || [...touched.value].some((one) => isBelow(path, one) || isBelow(one, path));
    return [...found.value.filter(isTold), ...standingIssues(refused.value.issues, refused.value.value, value.value)];
  });

  function begin(record: StoredRecord): void {
    base.value = inputOf(schema, record);
    value.value = base.value;
    touched.value = new Set();
    isSubmitted.value = false;
    refused.value = { value: {}, issues: [] };
    problem.value = null;
    overtaken.value = null;
  }
  function change(next: Fields): void {
    value.value = recordKey === null ? withSuggestedKey(resource, value.value, next) : next;
  }
  function refuse(given: ApiProblem): void {
    refused.value = { value: value.value, issues: given.issues };
    problem.value = given.issues.length > 0 ? null : given;
  }

  async function write(expect: string): Promise<string | null> {
    const key = recordKey ?? String(value.value[resource.key.field]);
    const input = recordKey === null ? withField(value.value, resource.key.field, undefined) : value.value;
    isBusy.value = true;
    try {
      await resource.write(key, input, expect);
      base.value = value.value;
      return key;
    } catch (error) {
      await onRefused(asProblem(error), key);
      return null;
    } finally {
      isBusy.value = false;
    }
  }
  async function onRefused(given: ApiProblem, key: string): Promise<void> {
    if (given.code !== 'changed-meanwhile') return refuse(given);
    if (recordKey === null) {
      refused.value = { value: value.value, issues: [{ path: resource.key.field, message: `"${key}" is taken` }] };
      return;
    }
    const record = await resource.read(key, new AbortController().signal).catch(() => null);
    const fields = record ? differingFields(base.value, inputOf(schema, record), isSame).map(fieldTitle) : [];
    overtaken.value = { record, fields };
  }

  async function save(): Promise<string | null> {
    if (isBusy.value) return null;
    problem.value = null;
    isSubmitted.value = true;
    if (found.value.length > 0) return null;
    return write(recordKey === null ? 'new' : opened.data.value!.updatedAt);
  }
  function takeTheirs(): void {
    const record = overtaken.value?.record;
    if (!record) return;
    opened.data.value = record;
    begin(record);
  }
  async function overwrite(): Promise<string | null> {
    const expect = overtaken.value?.record?.updatedAt ?? 'new';
    overtaken.value = null;
    return write(expect);
  }

  return {
    ...{ opened, value, issues, isJudged: isSubmitted, problem, isBusy, overtaken },
    isDirty: computed(() => !isSame(base.value, value.value)),
    ...{ change, refuse, save, takeTheirs, overwrite },
    touch: (path) => (touched.value = new Set([...touched.value, path])),
  };
}
