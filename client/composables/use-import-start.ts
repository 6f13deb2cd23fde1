import { computed, type ComputedRef, reactive, type Ref, shallowRef, watch } from 'vue';
import { useRouter } from 'vue-router';
import { formatOf, importColumns, type ImportKind } from '../../server/contract/history-imports.ts';
import type { TableFormat } from '../../server/domain/table-reader.ts';
import { type ApiProblem, asProblem } from '../api/api-problem.ts';
import { request } from '../api/request.ts';
import { useUploadsStore } from '../stores/uploads.store.ts';

export interface ImportChoice {
  kind: ImportKind;
  service: string;
  probe: string;
  location: string;
  metric: string;
  timeZone: string;
  format: TableFormat | '';
}

export interface ImportStartControl {
  choice: ImportChoice;
  file: Ref<File | null>;
  /** What rows can be said to be of: the fields that belong to the kind. */
  subjects: ComputedRef<readonly ('service' | 'probe' | 'location' | 'metric')[]>;
  isBusy: Ref<boolean>;
  problem: Ref<ApiProblem | null>;
  faultOf: (field: string) => string;
  take: (file: File) => void;
  start: () => Promise<void>;
}

/** What is chosen before a file goes on its way. */
export function useImportStart(kind: ImportKind, service: string): ImportStartControl {
  const router = useRouter();
  const uploads = useUploadsStore();
  const choice = reactive<ImportChoice>({
    ...{ kind, service, probe: '', location: '', metric: '', timeZone: '', format: '' },
  });
  const file = shallowRef<File | null>(null);
  const isBusy = shallowRef(false);
  const problem = shallowRef<ApiProblem | null>(null);
  const subjects = computed(() => importColumns[choice.kind].subject);
  watch(choice, () => (problem.value = null));

  function take(chosen: File): void {
    file.value = chosen;
    choice.format = formatOf(chosen.name) ?? '';
    problem.value = null;
  }

  async function start(): Promise<void> {
    if (!file.value || choice.format === '' || isBusy.value) return;
    isBusy.value = true;
    problem.value = null;
    const named = [...subjects.value, 'timeZone' as const].map((name) => [name, choice[name].trim() || undefined]);
    try {
      const { name, size } = file.value;
      const body = { kind: choice.kind, format: choice.format, name, bytes: size, ...Object.fromEntries(named) };
      const found = await request('announceImport', { body });
      uploads.begin(found, file.value);
      await router.push(`/history/${found.id}`);
    } catch (error) {
      problem.value = asProblem(error);
    } finally {
      isBusy.value = false;
    }
  }
  const faultOf = (field: string): string => problem.value?.fieldMessages[field] ?? '';
  return { choice, file, subjects, isBusy, problem, faultOf, take, start };
}
