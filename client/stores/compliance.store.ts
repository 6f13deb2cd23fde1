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
  /** When the agreement was changed last that this is about. */
  readonly updatedAt: string;
}

/** An agreement as a list has it. */
type Wanted = Readonly<Record<'key' | 'updatedAt', string>>;

const mostInFlight = 6;
/** Services may change at any moment: what is in sight is read again no more often than this. */
const everyMs = 10_000;

/** How agreements stand in their present periods: each read when it comes into sight, a few at a time, and kept. */
export const useComplianceStore = defineStore('compliance', () => {
  const live = useLiveStore();
  const known = shallowReactive(new Map<string, KnownCompliance>());
  const wanted = new Map<string, string>();
  const waiting = new Set<string>();
  /** What was read before a service changed. */
  const stale = new Set<string>();
  let inFlight = 0;

  function next(): void {
    for (const key of waiting) {
      if (inFlight >= mostInFlight) return;
      waiting.delete(key);
      const updatedAt = wanted.get(key);
      if (updatedAt !== undefined) void read(key, updatedAt);
    }
  }
  async function read(key: string, updatedAt: string): Promise<void> {
    inFlight += 1;
    stale.delete(key);
    try {
      known.set(key, { data: await request('compliance', { path: { key } }), problem: null, updatedAt });
    } catch (error) {
      known.set(key, { data: known.get(key)?.data ?? null, problem: asProblem(error), updatedAt });
    } finally {
      inFlight -= 1;
      next();
    }
  }
  function ask(key: string): void {
    waiting.add(key);
    next();
  }

  /** Keeps how an agreement stands up to date for as long as it is in sight. */
  function want({ key, updatedAt }: Wanted): void {
    wanted.set(key, updatedAt);
    const before = known.get(key);
    if (!before?.data || before.updatedAt !== updatedAt || stale.has(key)) ask(key);
  }
  const askAgain = useThrottleFn(() => wanted.forEach((_, key) => ask(key)), everyMs, true);

  watch(
    () => live.board?.changedSeq,
    (now, before) => {
      if (now === undefined || before === undefined) return;
      for (const key of known.keys()) stale.add(key);
      void askAgain();
    },
  );

  return {
    known,
    want,
    letGo: (key: string): void => {
      wanted.delete(key);
    },
  };
});
