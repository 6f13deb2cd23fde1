import {
  isOwnFault,
  ProbeFailure,
  type AddressGuard,
  type Outcome,
  type ProbeKind,
  type RunContext,
} from './contract.ts';
import { RunAbort } from './support/run-abort.ts';
import { storableFacts, storableText } from './support/storable.ts';
import { probeFailure } from './support/reason.ts';

export interface RunOptions {
  timeoutMs: number;
  /** A good outcome slower than this, in milliseconds, is `degraded`. */
  degradedAboveMs?: number | null;
  guard: AddressGuard;
  /** Aborts when the agent stops. */
  stop?: AbortSignal;
}

/** How long a run that was cut off may take to say where it stood. */
const lastWordsMs = 30;

/** Runs a probe once: ends within the timeout whatever the kind does, and never throws. */
export async function runProbe<Config>(kind: ProbeKind<Config>, config: Config, options: RunOptions): Promise<Outcome> {
  try {
    const outcome = await bounded((context) => kind.run(config, context), saysWhy, options);
    return finish(outcome, options.degradedAboveMs);
  } catch (error) {
    return failure(error);
  }
}

/** Runs many configs of one kind together where the kind can, else side by side; outcomes in the same order. */
export async function runMany<Config>(
  kind: ProbeKind<Config>,
  configs: readonly Config[],
  options: RunOptions,
): Promise<Outcome[]> {
  if (!kind.runMany) return Promise.all(configs.map((config) => runProbe(kind, config, options)));
  try {
    const outcomes = await bounded(
      (context) => kind.runMany!(configs, context),
      () => true,
      options,
    );
    return configs.map((_, index) => finish(outcomes[index]!, options.degradedAboveMs));
  } catch (error) {
    return configs.map(() => failure(error));
  }
}

/** The outcome or failure of a run that was cut off counts only where it says what it was waiting for. */
const saysWhy = ({ reason }: Pick<Outcome, 'reason'>): boolean => reason === 'timeout' || isOwnFault(reason);

/**
 * Gives a run its context and ends with it. At the timeout the signal aborts, and the run may still say what it was waiting
 * for; the signal also aborts after the end, so that nothing a run opened outlives it. Rejects with whatever went wrong.
 */
function bounded<Result>(
  run: (context: RunContext) => Promise<Result>,
  isTelling: (result: Result) => boolean,
  { timeoutMs, guard, stop }: RunOptions,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const signal = new RunAbort();
    let cut: ProbeFailure | null = null;
    const end = () => {
      stopTimer();
      if (stop) cutOffsOf(stop).delete(onStop);
      signal.abort();
    };
    const onStop = () => {
      end();
      reject(new ProbeFailure('agent-stopped', 'the agent stopped during the run'));
    };
    const stopTimer = startTimer(timeoutMs, {
      onTimeout: (failure) => {
        cut = failure;
        signal.abort();
      },
      onSilence: () => {
        end();
        reject(cut!);
      },
    });
    if (stop?.aborted) return onStop();
    if (stop) cutOffsOf(stop).add(onStop);
    settled(run, { signal, timeoutMs, guard }).then(
      (result) => {
        end();
        if (cut === null || (cut.reason === 'timeout' && isTelling(result))) resolve(result);
        else reject(cut);
      },
      (error: unknown) => {
        end();
        const isWhy = cut?.reason === 'timeout' && error instanceof ProbeFailure && saysWhy(error);
        reject(cut === null || isWhy ? error : cut);
      },
    );
  });
}

const settled = async <Result>(run: (context: RunContext) => Promise<Result>, context: RunContext) => run(context);

interface TimerEvents {
  onTimeout(cut: ProbeFailure): void;
  /** The run has had time for last words and said none. */
  onSilence(): void;
}

/** Starts the timeout of a run; the function it returns stops it. */
function startTimer(timeoutMs: number, { onTimeout, onSilence }: TimerEvents): () => void {
  const begun = performance.now();
  const cutOff = () => {
    onTimeout(timeoutFailure(timeoutMs, performance.now() - begun));
    timer = setTimeout(onSilence, lastWordsMs);
  };
  // What arrived in time but has not been read yet, because this process was busy, is read before the run is cut off.
  let timer = setTimeout(() => (timer = setTimeout(cutOff, 0)), timeoutMs);
  return () => clearTimeout(timer);
}

/** A process that was held up, or paused, must not blame the target for it. */
function timeoutFailure(timeoutMs: number, elapsedMs: number): ProbeFailure {
  const lateMs = elapsedMs - timeoutMs;
  if (lateMs > Math.max(250, timeoutMs / 4)) {
    return new ProbeFailure('internal-error', `the agent was held up for ${Math.round(lateMs)} ms`);
  }
  return new ProbeFailure('timeout', `no answer within ${timeoutMs} ms`);
}

/** What to do when an agent stops: one listener for all runs, for a signal is slow with thousands. */
const cutOffs = new WeakMap<AbortSignal, Set<() => void>>();

function cutOffsOf(stop: AbortSignal): Set<() => void> {
  let all = cutOffs.get(stop);
  if (all === undefined) {
    const made = new Set<() => void>();
    cutOffs.set(stop, (all = made));
    stop.addEventListener('abort', () => made.forEach((onStop) => onStop()), { once: true });
  }
  return all;
}

function failure(error: unknown): Outcome {
  const { reason, message } = probeFailure(error);
  const verdict = isOwnFault(reason) ? 'unknown' : 'down';
  return { verdict, reason, latencyMs: null, detail: storableText(message) };
}

function finish(outcome: Outcome, degradedAboveMs: number | null = null): Outcome {
  const { verdict, latencyMs, detail, facts } = outcome;
  if (verdict === 'up' && degradedAboveMs !== null && latencyMs !== null && latencyMs > degradedAboveMs) {
    const slow = `${Math.round(latencyMs)} ms, slower than ${degradedAboveMs} ms`;
    return finish({ ...outcome, verdict: 'degraded', reason: 'slow', detail: slow });
  }
  const storable = {
    ...(detail === undefined ? {} : { detail: storableText(detail) }),
    ...(facts === undefined ? {} : { facts: storableFacts(facts) }),
  };
  return storable.detail === detail && storable.facts === facts ? outcome : { ...outcome, ...storable };
}
