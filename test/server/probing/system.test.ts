import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SteadyClock } from '../../../probes/support/clock.ts';
import { systemSchema, type System } from '../../../server/contract/system.ts';
import { costBetween } from '../../../server/platform/process-cost.ts';
import { AgentsService } from '../../../server/probing/agents.service.ts';
import { GapSweepService } from '../../../server/probing/gap-sweep.service.ts';
import { dayOf } from '../../../server/probing/observations.repository.ts';
import { SystemService } from '../../../server/probing/system.service.ts';
import { account } from '../../support/accounts.ts';
import { eventually } from '../../support/eventually.ts';
import { MeasuredService } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let payroll: MeasuredService;
beforeAll(async () => {
  server = await startTestServer();
  payroll = await MeasuredService.make(server, 'payroll', { locations: ['hq', 'dmz'] });
});
afterAll(() => server.close());

const read = async (): Promise<System> => systemSchema.parse((await server.request('GET', '/api/v1/system')).body);
const location = async (key: string) => (await read()).locations.find((one) => one.key === key)!;

describe('the system', () => {
  it('tells what each location owes, and counts what was never observed as missed since it is planned', async () => {
    expect(await location('hq')).toEqual({
      key: 'hq',
      name: 'hq',
      agents: 0,
      probes: 1,
      neverObserved: 1,
      owedPerHour: 60,
      missedLastHour: 60,
      missedLastDay: 120,
    });
  });

  it('counts the slots that nobody observed, by location, in the last hour and the last day', async () => {
    const seen = (number: number) => payroll.saw(number, 'up', { at: 'hq' });
    await payroll.record([seen(-90), seen(-80), seen(-10), seen(0)], { location: 'hq' });
    const clock = server.app.get(SteadyClock);
    clock.notBefore(payroll.slot(1) + 30_000);
    await server.app.get(GapSweepService).sweep();
    // 9 slots before -80 and 69 before -10 are missing, 9 more before 0; those of the last 60 minutes are 50 to 51 and 9.
    const { neverObserved, missedLastHour, missedLastDay } = await location('hq');
    expect([neverObserved, missedLastDay]).toEqual([0, expect.closeTo(9 + 69 + 9, -0.5)]);
    expect(missedLastHour).toBeGreaterThanOrEqual(55);
    expect(missedLastHour).toBeLessThanOrEqual(60);
    expect(await location('dmz')).toMatchObject({ neverObserved: 1, missedLastHour: 60 });
  });

  it('names who dispatches and since when, and its own figures', async () => {
    await eventually(async () => expect((await read()).dispatch.here).toBe(true));
    const { dispatch, cost, storage, checks, queue, inside } = await read();
    expect(Date.now() - Date.parse(dispatch.since!)).toBeLessThan(60_000);
    expect(dispatch).toMatchObject({ held: true, epoch: 1 });
    expect(cost.observations).toBe(4);
    expect(cost.cpuMsPerObservation).toBeGreaterThan(0);
    expect(cost.memoryBytes).toBeGreaterThan(10_000_000);
    expect(storage.databaseBytes).toBeGreaterThan(1_000_000);
    const fresh = storage.parts.find(({ part }) => part === 'fresh')!;
    expect(fresh.tables).toBeGreaterThan(0);
    expect(fresh.bytes).toBeGreaterThan(0);
    expect(checks.map(({ name }) => name)).toEqual(expect.arrayContaining(['database', 'queue', 'dispatch lease']));
    expect(queue).toEqual({ store: 'postgres', lagMs: expect.any(Number) });
    expect(inside).toMatchObject({ host: hostname(), dispatcherHost: hostname(), node: process.version });
  });

  it('says where it runs to those alone who may read metrics', async () => {
    const cookie = await account(server, 'viewer', 'viewer');
    const { body } = await server.request('GET', '/api/v1/system', undefined, { cookie });
    expect(body.inside).toBeNull();
    expect(JSON.stringify(body)).not.toContain(process.version);
  });

  it('knows the growth of the database once a day has passed', async () => {
    const system = server.app.get(SystemService);
    await system.noteSize();
    await system.noteSize();
    expect((await read()).storage).toMatchObject({ growthBytes: null, growthDays: 0 });
    const today = dayOf(Date.now());
    await server.database.query(
      `insert into database_sizes select $1, bytes - 3000 from database_sizes where day = $2`,
      [today - 3, today],
    );
    expect((await read()).storage).toMatchObject({ growthBytes: 1_000, growthDays: 3 });
  });
});

describe('agents that are gone', () => {
  it('are forgotten after thirty days, and not before', async () => {
    const heard = async (days: number) => {
      const id = randomUUID();
      await server.database.query(
        `insert into agents (id, location_id, version, started_at, last_seen_at, recorded_at)
         select $1, id, 'test', now(), now() - $2 * interval '1 day', now() - $2 * interval '1 day' from locations where key = 'hq'`,
        [id, days],
      );
      return id;
    };
    const [young, old] = [await heard(29), await heard(31)];
    await server.app.get(AgentsService).forgetGone();
    const left = await server.database.query<{ id: string }>('select id from agents where id = any($1)', [
      [young, old],
    ]);
    expect(left).toEqual([{ id: young }]);
  });
});

describe('the cost of a process', () => {
  it('is its CPU time over the time that passed, and for each thing done', () => {
    const from = { atMs: 1_000, cpuMs: 200, done: 10 };
    expect(costBetween(from, { atMs: 11_000, cpuMs: 700, done: 1_010 })).toEqual({
      overMs: 10_000,
      cpuCores: 0.05,
      done: 1_000,
      cpuMsEach: 0.5,
    });
    expect(costBetween(from, from)).toEqual({ overMs: 0, cpuCores: 0, done: 0, cpuMsEach: null });
  });
});
