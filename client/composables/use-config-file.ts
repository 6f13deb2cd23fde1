import { computed, type ComputedRef, type Ref, shallowRef, watch } from 'vue';
import type { ConfigDifference } from '../../server/contract/config-file.ts';
import { type ApiProblem, asProblem } from '../api/api-problem.ts';
import { request } from '../api/request.ts';

export interface ConfigFileControl {
  text: Ref<string>;
  /** Whether what the file made once and names no more goes. */
  prunes: Ref<boolean>;
  /** What the text as it stands would change; null before it was asked for, and after every edit. */
  planned: ComputedRef<ConfigDifference | null>;
  /** What was changed last. */
  applied: Ref<ConfigDifference | null>;
  problem: Ref<ApiProblem | null>;
  busy: Ref<'plan' | 'apply' | null>;
  plan: () => Promise<void>;
  apply: () => Promise<void>;
}

/** A config file on its way in: compared first, applied only as it was compared. */
export function useConfigFile(): ConfigFileControl {
  const text = shallowRef('');
  const prunes = shallowRef(true);
  const compared = shallowRef<ConfigDifference | null>(null);
  const applied = shallowRef<ConfigDifference | null>(null);
  const problem = shallowRef<ApiProblem | null>(null);
  const busy = shallowRef<'plan' | 'apply' | null>(null);

  watch([text, prunes], () => {
    compared.value = null;
    problem.value = null;
    applied.value = null;
  });

  async function send(act: 'plan' | 'apply'): Promise<ConfigDifference | null> {
    if (busy.value) return null;
    busy.value = act;
    problem.value = null;
    const [sent, prune] = [text.value, String(prunes.value)];
    try {
      const answer = await request(act === 'plan' ? 'planConfig' : 'applyConfig', { body: sent, query: { prune } });
      // An answer about a text that was edited meanwhile tells nothing of the one that is there.
      return sent === text.value && prune === String(prunes.value) ? answer : null;
    } catch (error) {
      problem.value = asProblem(error);
      return null;
    } finally {
      busy.value = null;
    }
  }

  return {
    text,
    prunes,
    planned: computed(() => compared.value),
    applied,
    problem,
    busy,
    plan: async () => {
      compared.value = null;
      applied.value = null;
      compared.value = await send('plan');
    },
    apply: async () => {
      const done = await send('apply');
      if (!done) return;
      compared.value = null;
      applied.value = done;
    },
  };
}
