import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { useTrials } from '../../../client/composables/use-trials.ts';

// Pages' routes are read with the first request of a page: here that would be most of the time that is waited.
beforeAll(() => import('../../../client/api/routes.ts'));
afterEach(() => vi.unstubAllGlobals());

const wanted = (count: number) =>
  Array.from({ length: count }, (_, id) => ({
    id,
    probe: { kind: 'http', config: { url: `http://host-${id}/` }, timeoutMs: 1_000, location: 'hq' },
  }));
const observation = {
  location: 'hq',
  slot: '2026-03-01T10:00:00.000Z',
  at: '2026-03-01T10:00:00.000Z',
  attempt: 0,
  verdict: 'up',
  reason: 'ok',
  reasonText: 'As expected',
  latencyMs: 4,
  timings: null,
  detail: null,
  facts: null,
};

/** A server that answers only when it is told to. */
function heldServer() {
  const open: { answer: (ok: boolean) => void; signal: AbortSignal }[] = [];
  vi.stubGlobal('fetch', (_path: string, { signal }: { signal: AbortSignal }) => {
    return new Promise<Response>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('aborted')));
      const problem = { type: 'about:blank', title: 'x', status: 503, code: 'unavailable', detail: 'away', issues: [] };
      const answer = (ok: boolean): void =>
        resolve(Response.json(ok ? observation : problem, { status: ok ? 200 : 503 }));
      open.push({ answer, signal });
    });
  });
  return open;
}
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
const asked = (open: readonly unknown[], count: number) =>
  vi.waitFor(() => expect(open.length).toBeGreaterThanOrEqual(count));
const states = (control: ReturnType<typeof useTrials>) => [...control.trials.value.values()].map(({ state }) => state);

describe('many probes that are tried', () => {
  it('run four at a time, in turn, and one that fails holds up no other', async () => {
    const open = heldServer();
    const control = effectScope().run(useTrials)!;
    const running = control.run(wanted(6));
    await asked(open, 4);
    await settle();
    expect(open).toHaveLength(4);
    expect(states(control)).toEqual(['running', 'running', 'running', 'running', 'waiting', 'waiting']);
    open[0]!.answer(true);
    open[1]!.answer(false);
    await settle();
    expect(open).toHaveLength(6);
    for (const each of open) each.answer(true);
    await running;
    expect(states(control)).toEqual(['done', 'failed', 'done', 'done', 'done', 'done']);
    expect(control.isRunning.value).toBe(false);
  });

  it('stop when asked to, keeping what was found', async () => {
    const open = heldServer();
    const control = effectScope().run(useTrials)!;
    const running = control.run(wanted(6));
    await asked(open, 4);
    open[0]!.answer(true);
    await settle();
    control.cancel();
    await running;
    expect(open.slice(1).every(({ signal }) => signal.aborted)).toBe(true);
    expect([...control.trials.value.keys()]).toEqual([0]);
    expect(control.isRunning.value).toBe(false);
  });

  it('end with the page that tried them', async () => {
    const open = heldServer();
    const scope = effectScope();
    void scope.run(useTrials)!.run(wanted(1));
    await asked(open, 1);
    scope.stop();
    expect(open[0]!.signal.aborted).toBe(true);
  });
});
