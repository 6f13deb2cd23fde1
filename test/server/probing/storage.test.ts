import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { minuteMs, hourMs, dayMs } from '../../../server/domain/durations.ts';
import { dayOf, ObservationsRepository } from '../../../server/probing/observations.repository.ts';
import { PackedHoursRepository } from '../../../server/probing/packed-hours.repository.ts';
import { PackingService } from '../../../server/probing/packing.service.ts';
import { PartitionsRepository } from '../../../server/probing/partitions.repository.ts';
import { RollupsRepository, type Bucket } from '../../../server/probing/rollups.repository.ts';
import { RollupsService } from '../../../server/probing/rollups.service.ts';
import { groupBy } from '../../../server/domain/grouping.ts';
import type { StoredObservation } from '../../../server/domain/packed-hour.ts';
import { outside } from '../../support/lock-waits.ts';
import { MeasuredService } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { statementsOf } from '../../support/statements.ts';

const everyMs = 10_000;

let server: TestServer;
let observations: ObservationsRepository;
let packing: PackingService;
let rollups: RollupsService;
let made: MeasuredService;
let services = 0;
/** A day of its own for every test, long over. */
let day = dayOf(Date.now()) - 25;
let first = 0;

const all = async (): Promise<StoredObservation[]> =>
  (await observations.since(new Map([[made.only, day * dayMs]]))).get(made.only)!;
const buckets = (widthMs: typeof minuteMs | typeof hourMs | typeof dayMs): Promise<Bucket[]> =>
  server.app.get(RollupsRepository).between(widthMs, [made.only], day * dayMs, (day + 1) * dayMs);
const tally = (its: readonly StoredObservation[]) => {
  const count = (verdict: string) => its.filter((each) => each.verdict === verdict).length;
  return [count('up'), count('degraded'), count('down'), count('unknown')];
};
const counts = (its: readonly Bucket[]) =>
  its.map(({ fromMs, up, degraded, down, unknown }) => [fromMs, up, degraded, down, unknown]);
const recount = async (widthMs: number) => {
  const groups = groupBy(await all(), ({ slotMs }) => Math.floor(slotMs / widthMs) * widthMs);
  return [...groups].map(([fromMs, its]) => [fromMs, ...tally(its)]);
};
const hasTable = async () => {
  const [row] = await server.database.query<{ there: boolean }>(`select to_regclass($1) is not null as there`, [
    `observations_${day}`,
  ]);
  return row!.there;
};
const verdictAt = (index: number) => (['up', 'up', 'degraded', 'up', 'down', 'up', 'unknown'] as const)[index % 7]!;
/** Two hours of observations, from ten o'clock on, without the hundredth. */
const fill = () =>
  made.record(
    Array.from({ length: 720 }, (_, index) =>
      made.saw(first + index, verdictAt(index), { latencyUs: 900 + index * 7 }),
    ).filter((_, index) => index !== 100),
  );
const missing = () => made.saw(first + 100, 'degraded', { latencyUs: 5_000_000 });

const planOf = async (sql: string, parameters: unknown[] | undefined) => {
  const lines = await server.database.query<{ 'QUERY PLAN': string }>(`explain ${sql}`, parameters);
  return lines.map((line) => line['QUERY PLAN']).join('\n');
};

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api,ingest' });
  observations = server.app.get(ObservationsRepository);
  packing = server.app.get(PackingService);
  rollups = server.app.get(RollupsService);
});
afterAll(() => server?.close());

beforeEach(async () => {
  services += 1;
  day += 1;
  made = await MeasuredService.make(server, `service-${services}`, { everyMs, historyMs: 30 * dayMs });
  first = made.numberAt(day * dayMs + 10 * hourMs);
  await fill();
});

describe('buckets', () => {
  it('of minutes, hours and days equal a recount of the observations', async () => {
    await rollups.rollUp();
    for (const widthMs of [minuteMs, hourMs, dayMs] as const) {
      expect(counts(await buckets(widthMs))).toEqual(await recount(widthMs));
    }
    const [whole] = await buckets(dayMs);
    const [up, degraded] = tally(await all());
    expect(whole!.sketchCounts.reduce((sum, count) => sum + count, 0)).toBe(up! + degraded!);
  });

  it('are replaced, never added to', async () => {
    await rollups.rollUp();
    const before = counts(await buckets(dayMs));
    await server.app.get(RollupsRepository).markDirty((await all()).map(({ slotMs }) => slotMs));
    expect(await rollups.rollUp()).toBeGreaterThan(120);
    expect(await rollups.rollUp()).toBe(0);
    expect(counts(await buckets(dayMs))).toEqual(before);
  });

  it('follow a late result', async () => {
    await rollups.rollUp();
    await made.record([missing()]);
    await rollups.rollUp();
    for (const widthMs of [minuteMs, hourMs, dayMs] as const) {
      expect(counts(await buckets(widthMs))).toEqual(await recount(widthMs));
    }
    expect(tally(await all()).reduce((sum, count) => sum + count, 0)).toBe(720);
  });

  it('miss no result that was being recorded while they were replaced', async () => {
    await rollups.rollUp();
    await made.record([made.saw(first + 720, 'up')]);
    await server.database.transaction(async () => {
      await made.record([made.saw(first + 721, 'down')]);
      expect(await outside(() => rollups.rollUp())).toBeGreaterThan(0);
    });
    await rollups.rollUp();
    for (const widthMs of [minuteMs, hourMs, dayMs] as const) {
      expect(counts(await buckets(widthMs))).toEqual(await recount(widthMs));
    }
  });
});

describe('a day that is packed', () => {
  it('keeps every observation, in less than ten bytes each, and loses its table', async () => {
    const before = await all();
    expect(before).toHaveLength(719);
    expect(await hasTable()).toBe(true);
    await packing.packDay(day);
    expect(await all()).toEqual(before);
    expect(await hasTable()).toBe(false);
    const [row] = await server.database.query<{ bytes: number }>(
      `select sum(length(observations))::int as bytes from packed_hours where series_id = $1`,
      [made.only],
    );
    expect(row!.bytes / before.length).toBeLessThan(10);
  });

  it('takes late results into its hours, its timeline and its buckets, and none twice', async () => {
    await packing.packDay(day);
    await rollups.rollUp();
    await made.record([missing()]);
    await made.record([missing(), made.saw(first, 'down')]);
    await rollups.rollUp();
    const now = await all();
    expect(now).toHaveLength(720);
    expect(now[0]!.verdict).toBe('up');
    expect(now[100]).toMatchObject({ verdict: 'degraded', latencyUs: 5_000_000 });
    for (const widthMs of [minuteMs, hourMs, dayMs] as const) {
      expect(counts(await buckets(widthMs))).toEqual(await recount(widthMs));
    }
    const line = await made.seriesTimeline();
    expect(line.find(({ fromMs }) => fromMs === made.slot(first + 100))?.state).toBe('degraded');
  });

  it('goes on where its packing was interrupted, with buckets that miss nothing meanwhile', async () => {
    await made.record([missing()]);
    const before = await all();
    await observations.sealDay(day);
    await rollups.rollUp();
    expect(counts(await buckets(minuteMs))).toEqual(await recount(minuteMs));
    const left = await observations.leftOfDay(day, day * dayMs, (day + 1) * dayMs);
    await server.app.get(PackedHoursRepository).merge(left.filter(({ series }) => series === made.only).slice(0, 300));
    expect(await all()).toEqual(before);
    expect(await packing.pack()).toContain(day);
    expect(await all()).toEqual(before);
    expect(await hasTable()).toBe(false);
    expect(await packing.pack()).toEqual([]);
  });
});

describe('packing a day of many observations', () => {
  beforeEach(async () => {
    await server.database.query(
      `insert into observations_${day} select slot * 1000 + 1, -series, 1, 0, 0
       from generate_series(36000, 43199) slot, generate_series(1, 25) series`,
    );
    await server.database.query(`analyze observations_${day}`);
  });

  it('has a part of an hour in memory at once, and loses none of them', async () => {
    const merge = vi.spyOn(server.app.get(PackedHoursRepository), 'merge');
    await packing.packDay(day);
    const sizes = merge.mock.calls.map(([rows]) => rows.length);
    merge.mockRestore();
    expect(Math.max(...sizes)).toBeLessThanOrEqual(10_000);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(719 + 25 * 7_200);
    for (const series of [-1, -25]) {
      const packed = (await observations.since(new Map([[series, day * dayMs]]))).get(series)!;
      const own = packed.filter(({ slotMs }) => dayOf(slotMs) === day);
      expect(own).toHaveLength(7_200);
      expect(own.at(-1)!.slotMs).toBe(day * dayMs + 43_199_001);
    }
  });

  it('reads a range of the primary key for each part', async () => {
    const statements = await statementsOf(server, async () => {
      await observations.ofDay(day, day * dayMs + 10 * hourMs, day * dayMs + 10.1 * hourMs, [-1, -2, -3, -4, -5]);
      await observations.countsOfDay(day, day * dayMs + 10 * hourMs, day * dayMs + 10.1 * hourMs);
    });
    expect(statements).toHaveLength(2);
    for (const { sql, parameters } of statements) {
      const plan = await planOf(sql, parameters);
      expect(plan).toMatch(new RegExp(`observations_${day}_pkey[^]*Index Cond: \\(\\(slot_ms >= `));
      expect(plan).not.toContain('Seq Scan');
    }
  });
});

describe('the newest observations of a series', () => {
  const told = (its: readonly StoredObservation[], most: number) => its.toReversed().slice(0, most);

  it('are those of its packed hours and of its tables, newest first', async () => {
    await packing.packDay(day);
    await made.record(Array.from({ length: 30 }, (_, index) => made.saw(first + 8_640 + index, verdictAt(index))));
    const everything = await all();
    expect(everything).toHaveLength(719 + 30);
    const [fromMs, toMs] = [day * dayMs, (day + 2) * dayMs];
    for (const most of [1, 30, 31, 700, 1_000]) {
      expect(told(everything, most)).toMatchObject(await observations.newest(made.only, fromMs, toMs, most));
    }
    const between = everything.slice(100, 650);
    const span = [between[0]!.slotMs, between.at(-1)!.slotMs + 1] as const;
    expect(told(between, 500)).toMatchObject(await observations.newest(made.only, ...span, 500));
    expect(told(between, 600)).toMatchObject(await observations.newest(made.only, ...span, 600));
  });

  it('of fifty years take about as many statements as those of an hour', async () => {
    await packing.packDay(day);
    const query = vi.spyOn(server.database, 'query');
    const statementsSince = async (fromMs: number) => {
      query.mockClear();
      const span = `from=${new Date(fromMs).toISOString()}&to=2030-01-01T00:00:00Z`;
      const path = `/api/v1/probes/service-${services}.main/observations?${span}&limit=500`;
      expect((await server.request('GET', path)).body.items).toHaveLength(500);
      // What the server does meanwhile on its own is not of this request.
      return query.mock.calls.filter(([sql]) => /observation|packed_hours/.test(sql)).length;
    };
    expect(await statementsSince(day * dayMs)).toBeGreaterThan(0);
    expect(await statementsSince(0)).toBeLessThan((await statementsSince(day * dayMs)) + 3);
    query.mockRestore();
  });

  it('are read from the end of the index of their day', async () => {
    await server.database.query(
      `insert into observations_${day} select slot * 10000 + 1, -series, 1, 0, 0
       from generate_series(0, 8639) slot, generate_series(1, 20) series`,
    );
    await server.database.query(`analyze observations_${day}`);
    const statements = await statementsOf(server, async () =>
      expect(await observations.newest(-7, day * dayMs, (day + 1) * dayMs, 50)).toHaveLength(50),
    );
    const { sql, parameters } = statements.find((one) => one.sql.includes(`from observations_${day}`))!;
    const plan = await planOf(sql, parameters);
    expect(plan).toMatch(/Index (Only )?Scan Backward using observations_/);
    expect(plan).not.toContain('Seq Scan');
  });
});

describe('retention', () => {
  it('drops whole months that are past it, and nothing younger', async () => {
    await packing.packDay(day);
    const before = await all();
    const partitions = server.app.get(PartitionsRepository);
    const longAgoMs = Date.now() - (server.app.get(PackingService).environment.TROTH_RETENTION_DAYS + 62) * dayMs;
    for (const table of ['packed_hours', 'observation_details', 'buckets_minute'] as const) {
      await partitions.ensure(table, [longAgoMs, Date.now()]);
    }
    const month = new Date(longAgoMs).toISOString().slice(0, 7).replace('-', '_');
    expect((await packing.retain()).toSorted()).toEqual([
      `buckets_minute_${month}`,
      `observation_details_${month}`,
      `packed_hours_${month}`,
    ]);
    expect(await packing.retain()).toEqual([]);
    expect(await all()).toEqual(before);
  });
});
