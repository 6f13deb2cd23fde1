// @vitest-environment node
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { createPinia, setActivePinia } from 'pinia';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import type { BoardState } from '../../../client/stores/board-reducer.ts';
import { useComplianceStore } from '../../../client/stores/compliance.store.ts';
import { useLiveStore } from '../../../client/stores/live.store.ts';
import type { Running, RunningObjective } from '../../../server/contract/compliance.ts';

const at = '2026-10-01T00:00:00.000Z';
const objective = (agreement: string): RunningObjective => ({
  ...{ agreement, agreementTitle: agreement, provider: 'it', customer: 'hr', basis: 'draft', version: null },
  ...{ period: '2026-10', asOf: at, key: 'up', type: 'availability', title: 'Up', promise: '99.9 %', services: [] },
  ...{ attained: null, reached: null, verdict: 'no-data', unproven: true, disputed: false, burn: null },
  budget: { seconds: null, leftSeconds: null, events: null, leftEvents: null, usedRatio: null },
  ...{ exhaustedAt: null, losing: false, target: '99.9' },
});
const agreements = Array.from({ length: 20 }, (_, index) => ({ key: `a-${index}`, updatedAt: at }));

let server: Server;
/** Keys of each request. */
let asked: string[][] = [];
/** Answers wait for it. */
let gate: Promise<unknown> = Promise.resolve();
const fetchOf = globalThis.fetch;

beforeAll(async () => {
  // Pages' routes are read with the first request of a page: here that would be most of the time that is waited.
  await import('../../../client/api/routes.ts');
  // The clock of the page listens to its document.
  vi.stubGlobal('document', new EventTarget());
  server = createServer(async ({ url = '' }, response) => {
    const keys = new URL(url, 'http://localhost').searchParams.get('agreements')!.split(',');
    asked.push(keys);
    await gate;
    const running: Running = { items: keys.map(objective), next: null };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(running));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  globalThis.fetch = (path, init) => fetchOf(new URL(String(path), base), init);
});
afterAll(async () => {
  globalThis.fetch = fetchOf;
  vi.unstubAllGlobals();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  setActivePinia(createPinia());
  asked = [];
  gate = Promise.resolve();
});
const isRead = (known: ReadonlyMap<string, unknown>, count: number) =>
  vi.waitFor(() => expect(known.size).toBe(count), { timeout: 5_000 });

describe('how agreements stand', () => {
  it('is read of all that come into sight together at once, each once, and kept', async () => {
    const { known, want } = useComplianceStore();
    let open = (): void => undefined;
    gate = new Promise<void>((resolve) => (open = resolve));
    for (const agreement of agreements) want(agreement);
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    open();
    await isRead(known, 20);
    expect(asked).toEqual([agreements.map(({ key }) => key)]);
    want(agreements[0]!);
    await wait(30);
    expect(asked).toHaveLength(1);
    expect(known.get('a-3')?.objectives?.map(({ agreement }) => agreement)).toEqual(['a-3']);
  });

  it('is not read of what has gone out of sight before its turn came', async () => {
    const { known, want, letGo } = useComplianceStore();
    for (const agreement of agreements) want(agreement);
    for (const { key } of agreements.slice(10)) letGo(key);
    await isRead(known, 10);
    await wait(30);
    expect(asked).toEqual([agreements.slice(0, 10).map(({ key }) => key)]);
  });

  it('is read anew of an agreement that says something else by now', async () => {
    const { known, want } = useComplianceStore();
    want(agreements[0]!);
    await isRead(known, 1);
    want({ ...agreements[0]!, updatedAt: '2026-10-02T00:00:00.000Z' });
    await vi.waitFor(() => expect(asked).toEqual([['a-0'], ['a-0']]));
  });

  it('is read again of what is in sight when a service changed, of the rest when it comes into sight', async () => {
    const { known, want, letGo } = useComplianceStore();
    const live = useLiveStore();
    live.board = { changedSeq: 1 } as BoardState;
    for (const agreement of agreements.slice(0, 3)) want(agreement);
    await isRead(known, 3);
    letGo('a-2');
    asked = [];
    live.board = { changedSeq: 2 } as BoardState;
    await vi.waitFor(() => expect(asked).toEqual([['a-0', 'a-1']]));
    live.board = { changedSeq: 3 } as BoardState;
    await nextTick();
    await wait(30);
    expect(asked).toHaveLength(1);
    want(agreements[2]!);
    await vi.waitFor(() => expect(asked).toContainEqual(['a-2']));
  });
});
