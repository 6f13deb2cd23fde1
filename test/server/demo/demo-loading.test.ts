import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Demo } from '../../../server/contract/demo.ts';
import { DemoHistoryService } from '../../../server/demo/demo-history.service.ts';
import { DemoLoaderService } from '../../../server/demo/demo-loader.service.ts';
import { DemoRemovalService } from '../../../server/demo/demo-removal.service.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { until } from '../../support/until.ts';

let server: TestServer;
const begin = () => server.request('POST', '/api/v1/demo', { probes: [] });
const remove = () => server.request('DELETE', '/api/v1/demo');
const state = async (): Promise<Demo> => (await server.request('GET', '/api/v1/demo')).body;
const failed = () => until(async () => (await state()).state === 'failed', 60_000);
/** As if nobody had been seen to go on for long. */
const forsake = () => server.database.query(`update demo set seen_at = now() - interval '3 minutes'`);

const token = () => server.database.query<{ token: string }>('select token from demo');

/** Work that waits until it is let go. */
function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());
afterEach(async () => {
  vi.restoreAllMocks();
  await until(async () => (await remove()).status === 204);
});

describe('loading the demo', { timeout: 60_000 }, () => {
  it('is done by one of two who begin it again after it failed', async () => {
    const loader = server.app.get(DemoLoaderService);
    const load = vi.spyOn(loader, 'load').mockRejectedValueOnce(new Error('lost'));
    await begin();
    await failed();
    load.mockClear();
    const end = gate();
    load.mockImplementation(() => end.opened);
    const removal = server.app.get(DemoRemovalService);
    const removing = removal.remove.bind(removal);
    let count = 0;
    vi.spyOn(removal, 'remove').mockImplementation(async (...token) => {
      // The second is slower: it must not take away what the first has begun.
      if ((count += 1) === 2) await until(() => load.mock.calls.length > 0);
      return removing(...token);
    });
    await Promise.all([begin(), begin()]);
    await until(() => load.mock.calls.length > 0);
    end.open();
    await until(async () => (await state()).state === 'loaded');
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('goes on in a step that lasts, and is not taken for dead', async () => {
    const end = gate();
    const history = server.app.get(DemoHistoryService);
    const importing = vi.spyOn(history, 'importTimeline').mockImplementation(() => end.opened);
    await begin();
    await until(() => importing.mock.calls.length > 0, 60_000);
    await forsake();
    await until(async () => (await state()).state === 'loading');
    expect((await remove()).status).toBe(409);
    importing.mockRejectedValue(new Error('enough'));
    end.open();
    await failed();
  });

  it('gives up where somebody else has taken it over, and leaves theirs alone', async () => {
    const [first, second] = [gate(), gate()];
    const history = server.app.get(DemoHistoryService);
    const importing = vi.spyOn(history, 'importTimeline').mockImplementationOnce(() => first.opened);
    await begin();
    await until(() => importing.mock.calls.length === 1, 60_000);
    importing.mockImplementation(() => second.opened);
    const [one] = await token();
    await until(async () => {
      await forsake();
      await begin();
      return (await token())[0]!.token !== one!.token;
    });
    await until(() => importing.mock.calls.length === 2, 60_000);
    const things = () => server.database.query('select kind, id from demo_things order by 1, 2');
    const [before, seen] = [await things(), await state()];
    first.open();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(importing).toHaveBeenCalledTimes(2);
    expect(await things()).toEqual(before);
    expect(await state()).toEqual(seen);
    importing.mockRejectedValue(new Error('enough'));
    second.open();
    await failed();
  });

  it('makes nothing in a step that ends when it is somebody else’s', async () => {
    const end = gate();
    const history = server.app.get(DemoHistoryService);
    vi.spyOn(history, 'importTimeline').mockResolvedValue();
    const pushed = history.pushMetrics.bind(history);
    const pushing = vi.spyOn(history, 'pushMetrics').mockImplementation(async (time) => {
      await pushed(time);
      await end.opened;
    });
    await begin();
    await until(() => pushing.mock.calls.length > 0, 60_000);
    await server.database.query(`update demo set state = 'failed', token = gen_random_uuid()`);
    end.open();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await server.database.query('select key from metrics')).toEqual([]);
    expect((await state()).state).toBe('failed');
  });
});
