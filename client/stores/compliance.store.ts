import { useThrottleFn } from '@vueuse/core';
import { defineStore } from 'pinia';
import { shallowReactive, watch } from 'vue';
import type { RunningObjective } from '../../server/contract/compliance.ts';
import { type ApiProblem, asProblem } from '../api/api-problem.ts';
import { request } from '../api/request.ts';
import { useLiveStore } from './live.store.ts';

export interface KnownStanding {
  /** What was read last; null before the first answer. */
  readonly objectives: readonly RunningObjective[] | null;
  readonly problem: ApiProblem | null;
  /** When the agreement was changed last that this is about. */
  readonly updatedAt: string;
}

/** An agreement as a list has it. */
type Wanted = Readonly<Record<'key' | 'updatedAt', string>>;

/** So many are asked for at once: their keys stand in an address. */
const mostAtOnce = 100;
/** Services may change at any moment: what is in sight is read again no more often than this. */
const everyMs = 10_000;

/** How agreements stand in their present periods: those that come into sight are read together, and kept. */
export const useComplianceStore = defineStore('compliance', () => {
  const live = useLiveStore();
  const known = shallowReactive(new Map<string, KnownStanding>());
  const wanted = new Map<string, string>();
  const waiting = new Set<string>();
  /** What was read before a service changed. */
  const stale = new Set<string>();
  let isReading = false;

  async function next(): Promise<void> {
    if (isReading) return;
    isReading = true;
    // Those that come into sight together ask one after the other.
    await Promise.resolve();
    while (waiting.size > 0) {
      const keys = [...waiting].slice(0, mostAtOnce);
      for (const key of keys) waiting.delete(key);
      const asked = keys.flatMap((key) => {
        const updatedAt = wanted.get(key);
        return updatedAt === undefined ? [] : [{ key, updatedAt }];
      });
      if (asked.length > 0) await read(asked);
    }
    isReading = false;
  }
  async function read(asked: readonly Wanted[]): Promise<void> {
    for (const { key } of asked) stale.delete(key);
    try {
      const { items } = await request('running', { query: { agreements: asked.map(({ key }) => key).join() } });
      for (const { key, updatedAt } of asked) {
        const objectives = items.filter(({ agreement }) => agreement === key);
        known.set(key, { objectives, problem: null, updatedAt });
      }
    } catch (error) {
      const problem = asProblem(error);
      for (const { key, updatedAt } of asked)
        known.set(key, { objectives: known.get(key)?.objectives ?? null, problem, updatedAt });
    }
  }
  function ask(key: string): void {
    waiting.add(key);
    void next();
  }

  /** Keeps how an agreement stands up to date for as long as it is in sight. */
  function want({ key, updatedAt }: Wanted): void {
    wanted.set(key, updatedAt);
    const before = known.get(key);
    if (!before?.objectives || before.updatedAt !== updatedAt || stale.has(key)) ask(key);
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
