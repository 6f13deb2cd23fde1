import { onScopeDispose, type Ref, shallowRef } from 'vue';
import { type ApiProblem, asProblem } from '../api/api-problem.ts';

export interface RequestControl<Value> {
  /** What was read last; kept while it is read again. */
  data: Ref<Value | null>;
  problem: Ref<ApiProblem | null>;
  isLoading: Ref<boolean>;
  /** Reads, letting go of an earlier read that still runs. */
  read: () => Promise<void>;
  /** Forgets what was read. */
  reset: () => void;
}

/** Something read from the server; the newest read wins, and none outlives its component. */
export function useRequest<Value>(load: (signal: AbortSignal) => Promise<Value>): RequestControl<Value> {
  const data = shallowRef<Value | null>(null);
  const problem = shallowRef<ApiProblem | null>(null);
  const isLoading = shallowRef(false);
  let running: AbortController | null = null;
  let isOver = false;

  async function read(): Promise<void> {
    if (isOver) return;
    running?.abort();
    const mine = new AbortController();
    running = mine;
    isLoading.value = true;
    try {
      const value = await load(mine.signal);
      if (mine.signal.aborted) return;
      data.value = value;
      problem.value = null;
    } catch (error) {
      if (!mine.signal.aborted) problem.value = asProblem(error);
    } finally {
      if (running === mine) isLoading.value = false;
    }
  }

  function reset(): void {
    running?.abort();
    data.value = null;
    problem.value = null;
  }

  onScopeDispose(() => {
    isOver = true;
    running?.abort();
  });
  return { data, problem, isLoading, read, reset };
}
