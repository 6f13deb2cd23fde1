import type { RunContext } from '../contract.ts';
import { RunAbort } from './run-abort.ts';

/**
 * Runs a part of a probe under a deadline of its own, in milliseconds from now: the context it gets aborts at the
 * deadline or with the run, whichever comes first.
 */
export async function withDeadline<Result>(
  context: RunContext,
  afterMs: number,
  part: (context: RunContext) => Promise<Result>,
): Promise<Result> {
  const signal = new RunAbort();
  const abort = () => signal.abort();
  const timer = setTimeout(abort, afterMs);
  if (context.signal.aborted) abort();
  context.signal.addEventListener('abort', abort, { once: true });
  try {
    return await part({ ...context, timeoutMs: Math.round(afterMs), signal });
  } finally {
    clearTimeout(timer);
    context.signal.removeEventListener('abort', abort);
  }
}
