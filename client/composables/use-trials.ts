import { onScopeDispose, type Ref, shallowRef } from 'vue';
import type { ObservationView, ProbeRunInput } from '../../server/contract/probing.ts';
import { type ApiProblem, asProblem } from '../api/api-problem.ts';
import { request } from '../api/request.ts';

/** How a probe that is tried stands. */
export type Trial =
  | { state: 'waiting' }
  | { state: 'running' }
  | { state: 'done'; observation: ObservationView }
  | { state: 'failed'; problem: ApiProblem };

export interface TrialsControl {
  /** By the id of what is tried. */
  trials: Ref<ReadonlyMap<number, Trial>>;
  isRunning: Ref<boolean>;
  /** Tries all of them, a few at once; those that still ran are let go of. */
  run: (wanted: readonly { id: number; probe: ProbeRunInput }[]) => Promise<void>;
  /** Stops what runs and what waits; what was found stays. */
  cancel: () => void;
  /** Forgets what was found out about one. */
  forget: (id: number) => void;
  /** Stops, and forgets everything. */
  clear: () => void;
}

const atOnce = 4;

/** Many probes tried one after the other, at most four at the same time. */
export function useTrials(): TrialsControl {
  const trials = shallowRef<ReadonlyMap<number, Trial>>(new Map());
  const isRunning = shallowRef(false);
  let running: AbortController | null = null;

  const set = (id: number, trial: Trial): void => void (trials.value = new Map(trials.value).set(id, trial));
  function forget(id: number): void {
    const left = new Map(trials.value);
    if (left.delete(id)) trials.value = left;
  }

  async function tryOne({ id, probe }: { id: number; probe: ProbeRunInput }, signal: AbortSignal): Promise<void> {
    set(id, { state: 'running' });
    try {
      const observation = await request('runProbe', { body: probe, signal });
      if (!signal.aborted) set(id, { state: 'done', observation });
    } catch (error) {
      if (!signal.aborted) set(id, { state: 'failed', problem: asProblem(error) });
    }
  }

  async function run(wanted: readonly { id: number; probe: ProbeRunInput }[]): Promise<void> {
    cancel();
    const mine = new AbortController();
    running = mine;
    isRunning.value = true;
    trials.value = new Map([...trials.value, ...wanted.map(({ id }) => [id, { state: 'waiting' }] as const)]);
    const left = [...wanted];
    const work = async (): Promise<void> => {
      for (let next = left.shift(); next && !mine.signal.aborted; next = left.shift()) await tryOne(next, mine.signal);
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    if (running === mine) isRunning.value = false;
  }

  function cancel(): void {
    running?.abort();
    running = null;
    isRunning.value = false;
    const known = [...trials.value].filter(([, { state }]) => state === 'done' || state === 'failed');
    trials.value = new Map(known);
  }

  function clear(): void {
    cancel();
    trials.value = new Map();
  }

  onScopeDispose(() => running?.abort());
  return { trials, isRunning, run, cancel, forget, clear };
}
