import { useThrottleFn } from '@vueuse/core';
import { defineStore } from 'pinia';
import { shallowReactive, watch } from 'vue';
import type { Compliance } from '../../server/contract/compliance.ts';
import { type ApiProblem, asProblem } from '../api/api-problem.ts';
import { request } from '../api/request.ts';
import { useLiveStore } from './live.store.ts';

export interface KnownCompliance {
  /** What was read last; null before the first answer. */
  readonly data: Compliance | null;
  readonly problem: ApiProblem | null;
}

const mostInFlight = 6;
/** Services may change at any moment: what is in sight is read again no more often than this. */
const everyMs = 10_000;

/** How agreements stand in their present periods: each read when it comes into sight, a few at a time, and kept. */
export const useComplianceStore = defineStore('compliance', () => {
  const live = useLiveStore();
  const known = shallowReactive(new Map<string, KnownCompliance>());
  /** How often each is in sight. */
  const wanted = new Map<string, number>();
  const waiting = new Set<string>();
  const stale = new Set<string>();
  let inFlight = 0;

  function next(): void {
    for (const key of waiting) {
      if (inFlight >= mostInFlight) return;
      waiting.delete(key);
      if (wanted.has(key)) void read(key);
    }
  }
  async function read(key: string): Promise<void> {
    inFlight += 1;
    stale.delete(key);
    try {
      known.set(key, { data: await request('compliance', { path: { key } }), problem: null });
    } catch (error) {
      known.set(key, { data: known.get(key)?.data ?? null, problem: asProblem(error) });
    } finally {
      inFlight -= 1;
      next();
    }
  }
  function ask(key: string): void {
    waiting.add(key);
    next();
  }

  /** Keeps an agreement up to date for as long as it is in sight. @returns ends it */
  function want(key: string): () => void {
    wanted.set(key, (wanted.get(key) ?? 0) + 1);
    if (!known.get(key)?.data || stale.has(key)) ask(key);
    return () => {
      const rest = (wanted.get(key) ?? 1) - 1;
      if (rest > 0) wanted.set(key, rest);
      else wanted.delete(key);
    };
  }
  const again = useThrottleFn(() => wanted.forEach((_, key) => ask(key)), everyMs, true, false);
  function onChange(): void {
    for (const key of known.keys()) stale.add(key);
    void again();
  }

  watch(
    () => live.board?.changedSeq,
    (now, before) => {
      if (now !== undefined && before !== undefined) onChange();
    },
  );

  return {
    known,
    want,
    /** What an agreement says is another than it was: it is read anew when it is wanted next. */
    forget: (key: string): void => {
      known.delete(key);
      if (wanted.has(key)) ask(key);
    },
  };
});
