import { useDebounceFn } from '@vueuse/core';
import { type Ref, watch } from 'vue';
import { type ApiProblem, asProblem } from '../api/api-problem.ts';
import { type RequestControl, useRequest } from './use-request.ts';

/**
 * What the server makes of something that is still being written: asked soon after each change of what can be read of it,
 * which is null while nothing can. What it refuses at fields goes to `refused`.
 */
export function useDraftPreview<Answer>(
  draft: Ref<object | null>,
  ask: (signal: AbortSignal) => Promise<Answer>,
  refused: (problem: ApiProblem) => void,
): RequestControl<Answer> {
  const preview = useRequest(async (signal) => {
    try {
      return await ask(signal);
    } catch (error) {
      const problem = asProblem(error);
      if (!signal.aborted && problem.issues.length > 0) refused(problem);
      throw error;
    }
  });
  const readSoon = useDebounceFn(() => preview.read(), 300);
  watch(draft, (now) => (now ? void readSoon() : undefined), { immediate: true });
  return preview;
}
