import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Verdict } from '../../../probes/contract.ts';
import { minuteMs } from '../../../server/domain/durations.ts';
import { RollupsService } from '../../../server/probing/rollups.service.ts';
import { MeasuredService, put } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let made: MeasuredService;
let services = 0;

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
});
afterAll(() => server?.close());
beforeEach(async () => {
  services += 1;
  made = await MeasuredService.make(server, `s${services}`, {
    locations: ['hq', 'dmz'],
    probe: { confirm: { failures: 1 }, quorum: 1 },
  });
});

const get = async (path: string, query: Record<string, string | number>) => {
  const search = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const reply = await server.request('GET', `/api/v1/${path}?${search}`);
  return { ...reply, issues: (reply.body.issues ?? []).map(({ path: at }: { path: string }) => at) };
};
const iso = (atMs: number) => new Date(atMs).toISOString();
/** From an hour ago to now, as the routes ask for it. */
const span = () => ({ from: iso(made.slot(-60)), to: iso(Date.now() + minuteMs) });

/** Both locations up for an hour, but for two outages seen by the first. */
async function measure(): Promise<void> {
  const verdictAt = (number: number) => ([-40, -39, -38, -10].includes(number) ? 'down' : 'up');
  const numbers = Array.from({ length: 61 }, (_, index) => index - 60);
  await record(
    numbers.map((number) => ({ number, verdict: verdictAt(number) })),
    numbers.map((number) => ({ number, verdict: 'up' })),
  );
}

interface Seen {
  number: number;
  verdict: Verdict;
}
/** What each location saw, 20 ms away from the first and 90 ms from the second. */
async function record(hq: readonly Seen[], dmz: readonly Seen[]): Promise<void> {
  const saw =
    (at: string, latencyUs: number) =>
    ({ number, verdict }: Seen) =>
      made.saw(number, verdict, { at, latencyUs, detail: `${at} at ${number}` });
  await made.record(hq.map(saw('hq', 20_000)), { agent: randomUUID(), location: 'hq' });
  await made.record(dmz.map(saw('dmz', 90_000)), { agent: randomUUID(), location: 'dmz' });
}

describe('the outages of a service', () => {
  it('are listed from the newest, with reason, duration, first and last failing observation', async () => {
    await measure();
    const { body } = await get(`services/${made.key}/outages`, span());
    expect(body.items.map(({ from, to, durationMs }: never) => [from, to, durationMs])).toEqual([
      [iso(made.slot(-10)), iso(made.slot(-9)), minuteMs],
      [iso(made.slot(-40)), iso(made.slot(-37)), 3 * minuteMs],
    ]);
    expect(body.items[1]).toMatchObject({
      reason: 'connection-refused',
      reasonText: 'Connection refused',
      first: {
        probe: `${made.key}.main`,
        observation: { slot: iso(made.slot(-40)), location: 'hq', detail: 'hq at -40' },
      },
      last: { observation: { slot: iso(made.slot(-38)), verdict: 'down' } },
    });
    expect(body.next).toBeNull();
  });

  it('come in pages, each outage once', async () => {
    await measure();
    const first = await get(`services/${made.key}/outages`, { ...span(), limit: 1 });
    const second = await get(`services/${made.key}/outages`, { ...span(), limit: 1, cursor: first.body.next });
    expect([first, second].map(({ body }) => body.items.map(({ from }: { from: string }) => from))).toEqual([
      [iso(made.slot(-10))],
      [iso(made.slot(-40))],
    ]);
    expect(second.body.next).toBeNull();
    expect((await get(`services/${made.key}/outages`, { ...span(), cursor: '-1e3' })).issues).toEqual(['cursor']);
  });

  it('of now have no end, and last until the present', async () => {
    await record(
      [-3, -2, -1, 0].map((number) => ({ number, verdict: number === -3 ? 'up' : 'down' })),
      [{ number: -3, verdict: 'up' }],
    );
    const { body } = await get(`services/${made.key}/outages`, span());
    expect(body.items).toHaveLength(1);
    expect(body.items[0]).toMatchObject({
      from: iso(made.slot(-2)),
      to: null,
      last: { observation: { slot: iso(made.slot(0)) } },
    });
    expect(body.items[0].durationMs).toBeGreaterThanOrEqual(Date.now() - made.slot(-2) - 10_000);
  });

  it('keep their observations when the probe is deleted', async () => {
    await measure();
    await server.request('DELETE', `/api/v1/probes/${made.key}.main`);
    const { body } = await get(`services/${made.key}/outages`, span());
    expect(body.items.map(({ first }: { first: { probe: string } }) => first.probe)).toEqual([
      `${made.key}.main`,
      `${made.key}.main`,
    ]);
  });

  it('are read with the same few statements, however many they are', async () => {
    await measure();
    const query = vi.spyOn(server.database, 'query');
    await get(`services/${made.key}/outages`, { ...span(), limit: 1 });
    const one = query.mock.calls.length;
    await get(`services/${made.key}/outages`, span());
    expect(query.mock.calls.length - one).toBeLessThanOrEqual(one);
    query.mockRestore();
  });
});

describe('the days of a service', () => {
  it('sum to their length up to now, and count what was never measured as unmonitored', async () => {
    await measure();
    const from = iso(Date.now() - 3 * 86_400_000);
    const { body } = await get(`services/${made.key}/days`, { from, to: iso(Date.now()), zone: 'Europe/Berlin' });
    expect(body.days).toHaveLength(4);
    const [first] = body.days;
    expect(first).toMatchObject({
      upMs: 0,
      outages: 0,
      uptime: null,
      unmonitoredMs: Date.parse(first.to) - Date.parse(first.from),
    });
    expect(body.total).toMatchObject({ downMs: 4 * minuteMs, degradedMs: 0 });
    const { numerator, denominator, ratio, text } = body.total.uptime;
    expect(denominator - numerator).toBe(4 * minuteMs);
    expect([ratio, text]).toEqual([
      expect.stringMatching(/^0\.9[0-9]{5}$/),
      expect.stringMatching(/^9\d(\.\d\d?)? %$/),
    ]);
    expect(body.days.reduce((sum: number, day: { downMs: number }) => sum + day.downMs, 0)).toBe(body.total.downMs);
  });

  it('begin at midnight of the zone that was asked for, else of UTC', async () => {
    const query = { from: '2026-10-25T12:00:00Z', to: '2026-10-25T13:00:00Z' };
    const berlin = await get(`services/${made.key}/days`, { ...query, zone: 'Europe/Berlin' });
    expect(berlin.body.days[0]).toMatchObject({
      date: '2026-10-25',
      from: '2026-10-24T22:00:00.000Z',
      to: '2026-10-25T23:00:00.000Z',
    });
    const utc = await get(`services/${made.key}/days`, query);
    expect([utc.body.zone, utc.body.days[0].from]).toEqual(['UTC', '2026-10-25T00:00:00.000Z']);
  });

  it('that have not begun are none, and sum to nothing', async () => {
    const at = (days: number) => iso(Date.now() + days * 86_400_000);
    const { body } = await get(`services/${made.key}/days`, { from: at(3), to: at(5) });
    expect([body.days, body.total.unmonitoredMs, body.total.uptime]).toEqual([[], 0, null]);
  });

  it.each([
    ['a zone that is none', { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z', zone: 'Mars/Base' }, 'zone'],
    ['a span of centuries', { from: '1200-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' }, 'to'],
    ['a span that ends before it begins', { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }, 'to'],
  ])('refuse %s', async (_what, query, path) => {
    const { status, issues } = await get(`services/${made.key}/days`, query);
    expect([status, issues]).toEqual([422, [path]]);
  });

  it('of a service that does not exist are not found', async () => {
    expect((await get('services/none/days', span())).status).toBe(404);
    expect((await get('services/none/outages', span())).status).toBe(404);
    expect((await get('probes/none.main/locations', span())).status).toBe(404);
  });
});

describe('a probe by location', () => {
  it('has uptime, runs and percentiles of each location alone', async () => {
    await measure();
    await server.app.get(RollupsService).rollUp();
    const { body } = await get(`probes/${made.key}.main/locations`, span());
    expect(body.locations.map(({ location }: { location: string }) => location)).toEqual(['dmz', 'hq']);
    const [dmz, hq] = body.locations;
    expect([dmz.uptime.text, dmz.downMs, hq.downMs]).toEqual(['100 %', 0, 4 * minuteMs]);
    expect([hq.runs.down, dmz.runs.down]).toEqual([4, 0]);
    expect(hq.p50Ms).toBeCloseTo(20, 0);
    expect(dmz.p99Ms).toBeGreaterThan(88);
  });

  it('has a latency chart of one location alone', async () => {
    await measure();
    await server.app.get(RollupsService).rollUp();
    const latency = await get(`probes/${made.key}.main/latency`, { ...span(), location: 'dmz' });
    expect(latency.body.points.length).toBeGreaterThan(50);
    const medians = latency.body.points.flatMap(({ p50Ms }: { p50Ms: number | null }) => p50Ms ?? []);
    expect(Math.min(...medians)).toBeGreaterThan(88);
    await put(server, 'locations/lab', { name: 'Lab' });
    expect((await get(`probes/${made.key}.main/latency`, { ...span(), location: 'lab' })).issues).toEqual(['location']);
  });
});
