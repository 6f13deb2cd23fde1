import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SeriesDirectory } from '../../../server/probing/series-directory.ts';
import { MeasuredService, put } from '../../support/measured.ts';
import { until } from '../../support/until.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;

/** Those with a probe in them, or after one: a service has none when it is made. */
const plans = (made: MeasuredService) =>
  server.database.query<{ from_ms: number; to_ms: number | null; parts: { everyMs: number }[] }>(
    'select from_ms, to_ms, parts from service_plans where service_id = $1 order by from_ms offset 1',
    [made.id],
  );
const probe = (every: number) => ({
  kind: 'http',
  every,
  timeout: 5_000,
  locations: ['hq'],
  config: { url: 'http://127.0.0.1:9/' },
});

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api,ingest' });
});
afterAll(() => server?.close());

describe('the plan of a service', () => {
  it('is a new one from the instant on at which an interval changes, and the same when nothing does', async () => {
    const made = await MeasuredService.make(server, 'interval');
    await put(server, 'probes/interval.main', probe(60_000));
    expect(await plans(made)).toHaveLength(1);
    await put(server, 'probes/interval.main', probe(30_000));
    const [before, after] = await plans(made);
    expect(before!.parts[0]!.everyMs).toBe(60_000);
    expect(after!.parts[0]!.everyMs).toBe(30_000);
    expect(before!.to_ms).toBe(after!.from_ms);
    expect(after!.to_ms).toBeNull();
    // Another target is another run, and no other plan.
    await put(server, 'probes/interval.main', { ...probe(30_000), config: { url: 'http://127.0.0.1:10/' } });
    expect(await plans(made)).toHaveLength(2);
  });

  it('still owes what was under way when it changed, on the schedule that it had then', async () => {
    const made = await MeasuredService.make(server, 'under-way', { probe: { confirm: { failures: 1 } } });
    await made.record([made.saw(-1, 'up')]);
    await put(server, 'probes/under-way.main', { ...probe(45_000), confirm: { failures: 1 } });
    await until(() => server.app.get(SeriesDirectory).get(made.only)!.everyMs === 45_000);
    await made.record([made.saw(0, 'down')]);
    expect((await made.story()).slice(0, 2)).toEqual([
      [-1, 'up'],
      [0, 'down'],
    ]);
  });

  it('loses a deleted probe, and the service is unmonitored from then on', async () => {
    const made = await MeasuredService.make(server, 'deleted');
    await made.record([made.saw(-1, 'up'), made.saw(0, 'up')]);
    expect((await server.request('DELETE', '/api/v1/probes/deleted.main')).status).toBeLessThan(300);
    const held = await plans(made);
    expect(held[0]!.to_ms).not.toBeNull();
    expect(held.at(-1)!.parts).toEqual([]);
    const line = await made.timeline();
    expect(line.at(-1)).toEqual({ fromMs: held[0]!.to_ms, toMs: null, state: 'unmonitored', reason: 0 });
  });

  it('calls a service down when as many locations as its quorum say so', async () => {
    const made = await MeasuredService.make(server, 'quorum', {
      locations: ['hq', 'branch'],
      probe: { quorum: 2, confirm: { failures: 1 } },
    });
    const at = (location: string, verdict: 'up' | 'down', number: number) =>
      made.record([made.saw(number, verdict, { at: location })], { location, agent: crypto.randomUUID() });
    await at('hq', 'up', -1);
    await at('branch', 'up', -1);
    await at('hq', 'down', 0);
    expect((await made.story()).at(-1)![1]).not.toBe('down');
    await at('branch', 'down', 0);
    expect((await made.story()).at(-1)).toEqual([0, 'down']);
  });
});
