import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dayMs, hourMs, minuteMs } from '../../../server/domain/durations.ts';
import type { ObservationCounts } from '../../../server/domain/observation-objective.ts';
import type { StoredObservation } from '../../../server/domain/packed-hour.ts';
import type { Span } from '../../../server/domain/spans.ts';
import { ObservationCountsService } from '../../../server/probing/observation-counts.service.ts';
import { dayOf, ObservationsRepository } from '../../../server/probing/observations.repository.ts';
import { PackingService } from '../../../server/probing/packing.service.ts';
import { RollupsService } from '../../../server/probing/rollups.service.ts';
import { MeasuredService } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { statementsOf } from '../../support/statements.ts';

const everyMs = 30_000;
const day = dayOf(Date.now()) - 10;
const startMs = day * dayMs + 9 * hourMs;
/** Between the usual latencies, among many of them, exactly on one, and above all. */
const thresholdsMs = [100, 250, 400, 60_000];

let server: TestServer;
let service: ObservationCountsService;
let shop: MeasuredService;
let mail: MeasuredService;

const verdictAt = (index: number) => (['up', 'up', 'degraded', 'up', 'down', 'up', 'unknown'] as const)[index % 7]!;
const latencyAt = (index: number) => [40_000, 250_000 + (index % 9) - 4, 400_000, 2_000_000][index % 4]!;
const fill = async (made: MeasuredService) => {
  const first = made.numberAt(startMs);
  for (const at of made.series.keys())
    await made.record(
      Array.from({ length: 480 }, (_, index) =>
        made.saw(first + index, verdictAt(index), { latencyUs: latencyAt(index), at }),
      ),
      { location: at },
    );
};
const all = async (series: number): Promise<StoredObservation[]> =>
  (await server.app.get(ObservationsRepository).since(new Map([[series, startMs - dayMs]]))).get(series)!;

/** Every observation of the series in the span, one by one. */
async function recount(series: readonly number[], { fromMs, toMs }: Span): Promise<ObservationCounts> {
  const seen = (await Promise.all(series.map(all))).flat().filter(({ slotMs }) => slotMs >= fromMs && slotMs < toMs);
  const of = (verdict: string) => seen.filter((each) => each.verdict === verdict).length;
  const timed = seen.filter(({ verdict, latencyUs }) => latencyUs !== null && /^(up|degraded)$/.test(verdict));
  const within = thresholdsMs.map((limitMs) => timed.filter(({ latencyUs }) => latencyUs! <= limitMs * 1_000).length);
  return {
    up: of('up'),
    degraded: of('degraded'),
    down: of('down'),
    unknown: of('unknown'),
    timed: timed.length,
    within,
  };
}

/** Rising, apart from each other: within an hour, over several, on hours, before and behind everything. */
const spans = [
  [-3 * hourMs, -2 * hourMs],
  [-hourMs, 7 * minuteMs + 1],
  [10 * minuteMs, 20 * minuteMs],
  [59 * minuteMs, 2.5 * hourMs],
  [3 * hourMs, 4 * hourMs],
  [4.5 * hourMs, 9 * hourMs],
].map(([from, to]) => ({ fromMs: startMs + from!, toMs: startMs + to! }));

async function expectExact(): Promise<void> {
  const series = [...shop.series.values(), mail.only];
  const [both, one] = await service.counts([
    { series, spans, thresholdsMs },
    { series: [mail.only], spans: spans.slice(3, 4), thresholdsMs },
  ]);
  expect(both).toEqual(await Promise.all(spans.map((span) => recount(series, span))));
  expect(one).toEqual([await recount([mail.only], spans[3]!)]);
  expect(both!.reduce((sum, { timed }) => sum + timed, 0)).toBeGreaterThan(500);
}

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api,ingest' });
  service = server.app.get(ObservationCountsService);
  shop = await MeasuredService.make(server, 'shop', { everyMs, locations: ['hq', 'dmz'], historyMs: 20 * dayMs });
  mail = await MeasuredService.make(server, 'mail', { everyMs, historyMs: 20 * dayMs });
  await fill(shop);
  await fill(mail);
});
afterAll(() => server?.close());

describe('counts of observations', () => {
  it('are exact before anything is rolled up', expectExact);

  it('are exact from hours that are rolled up, with the observations where a threshold leaves a doubt', async () => {
    await server.app.get(RollupsService).rollUp();
    await expectExact();
  });

  it('read no observation of whole hours where no threshold is near', async () => {
    const hours = [{ fromMs: startMs, toMs: startMs + 4 * hourMs }];
    let counts: ObservationCounts | undefined;
    const statements = await statementsOf(server, async () => {
      [[counts]] = (await service.counts([{ series: [mail.only], spans: hours, thresholdsMs: [100] }])) as [
        [ObservationCounts],
      ];
    });
    expect(counts!.within).toEqual([(await recount([mail.only], hours[0]!)).within[0]]);
    expect(statements.map(({ sql }) => sql).join('\n')).not.toMatch(/observations_\d|packed_hours/);
  });

  it('take as many statements for one series and span as for many', async () => {
    const statementsFor = async (asks: Parameters<typeof service.counts>[0]) =>
      (await statementsOf(server, () => service.counts(asks))).length;
    const one = await statementsFor([{ series: [mail.only], spans: spans.slice(1, 2), thresholdsMs }]);
    const series = [...shop.series.values(), mail.only];
    const many = await statementsFor(Array.from({ length: 50 }, () => ({ series, spans, thresholdsMs })));
    expect([one, many]).toEqual([7, 7]);
  });

  it('follow a late result at once, and leave re-checks out', async () => {
    const number = mail.numberAt(startMs + 2 * hourMs) + 300;
    await mail.record([mail.saw(number, 'up', { latencyUs: 250_000 }), mail.saw(number, 'down', { attempt: 1 })]);
    await expectExact();
    await server.app.get(RollupsService).rollUp();
    await expectExact();
  });

  it('are exact of a day that is packed', async () => {
    await server.app.get(PackingService).packDay(day);
    await expectExact();
    await mail.record([mail.saw(mail.numberAt(startMs + 5 * hourMs), 'degraded', { latencyUs: 1 })]);
    await expectExact();
  });

  it('of nothing are none', async () => {
    expect(await service.counts([])).toEqual([]);
    const none = { up: 0, degraded: 0, down: 0, unknown: 0, timed: 0, within: [0] };
    expect(await service.counts([{ series: [], spans: spans.slice(0, 1), thresholdsMs: [5] }])).toEqual([[none]]);
  });
});

describe('what is owed', () => {
  it('is every slot of every probe and location in the spans, of what is to come too', async () => {
    const [past, ahead] = await service.owed([
      { serviceId: shop.id, spans: [{ fromMs: startMs, toMs: startMs + hourMs }] },
      { serviceId: mail.id, spans: [{ fromMs: Date.now() + dayMs, toMs: Date.now() + 2 * dayMs }] },
    ]);
    expect([past, ahead]).toEqual([2 * 120, 2_880]);
  });

  it('is nothing before there was a plan, and unknown of what pushes', async () => {
    expect(await service.owed([{ serviceId: shop.id, spans: [{ fromMs: 0, toMs: dayMs }] }])).toEqual([0]);
    const beat = await MeasuredService.make(server, 'beat', {
      locations: [],
      probe: { kind: 'heartbeat', config: {} },
    });
    expect(await service.owed([{ serviceId: beat.id, spans: [{ fromMs: startMs, toMs: Date.now() }] }])).toEqual([
      null,
    ]);
  });
});

it('series are found by service, also those of a probe that is deleted', async () => {
  await server.request('DELETE', '/api/v1/probes/mail.main');
  const found = await service.seriesOf([mail.id, shop.id]);
  expect(found.get(mail.id)).toEqual([mail.only]);
  expect(found.get(shop.id)).toEqual([...shop.series.values()].toSorted((a, b) => a - b));
});

it('good slots of a series are those of a span, in order', async () => {
  const seen = (await all(mail.only)).filter(({ verdict }) => verdict === 'up' || verdict === 'degraded');
  const span = { fromMs: startMs + 90_000, toMs: startMs + hourMs };
  expect(await service.goodSlotsMs(mail.only, span.fromMs, span.toMs)).toEqual(
    seen.map(({ slotMs }) => slotMs).filter((ms) => ms >= span.fromMs && ms < span.toMs),
  );
});
