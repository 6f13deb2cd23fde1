import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { SteadyClock } from '../../../probes/support/clock.ts';
import { sketchKey } from '../../../server/domain/latency-sketch.ts';
import { monthOf } from '../../../server/live/board-figures.service.ts';
import { BoardProjection } from '../../../server/live/board-projection.service.ts';
import { RollupsRepository } from '../../../server/probing/rollups.repository.ts';
import { eventually } from '../../support/eventually.ts';
import { openLive } from '../../support/live-socket.ts';
import { MeasuredService } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let board: BoardProjection;
beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  board = server.app.get(BoardProjection);
});
afterAll(() => server.close());

const minute = 60_000;
const down = { confirm: { failures: 1, successes: 1 } };

describe('the uptime of a tile', () => {
  it('is the share of the known time of this month in which it was not down, rounded down', async () => {
    const service = await MeasuredService.make(server, 'payroll', { probe: down });
    await service.record([
      ...[-10, -9, -8, -7].map((slot) => service.saw(slot, 'up')),
      ...[-6, -5].map((slot) => service.saw(slot, 'down')),
      // Nothing is known of slots -4 and -3.
      ...[-2, -1, 0].map((slot) => service.saw(slot, 'up')),
    ]);
    const tile = await eventually(() => {
      const now = board.service('payroll')!;
      expect(now.state).toBe('up');
      return now;
    });
    const [state] = await server.database.query<{ good: number; known: number; now: number }>(
      `select sum(coalesce(to_ms, $2) - greatest(from_ms, $1)) filter (where state in (0, 1)) as good,
         sum(coalesce(to_ms, $2) - greatest(from_ms, $1)) filter (where state in (0, 1, 2)) as known
       from service_intervals where service_id = $3 and coalesce(to_ms, $2) > $1`,
      [monthOf(Date.now()), Date.now(), service.id],
    );
    expect(Number(tile.uptime)).toBeCloseTo(Number(state!.good) / Number(state!.known), 2);
    expect(Number(tile.uptime)).toBeLessThan(1);
    expect(tile.uptime).toMatch(/^0\.\d{6}$/);
  });

  it('is not there where nothing was known', async () => {
    await MeasuredService.make(server, 'blank');
    await eventually(() => expect(board.service('blank')).toMatchObject({ uptime: null, changes: [] }));
  });
});

describe('the changes of a tile', () => {
  it('are those of the last 15 minutes, newest first, with the reason', async () => {
    const service = await MeasuredService.make(server, 'mail', { probe: down });
    await service.record([
      ...[-40, -39, -38].map((slot) => service.saw(slot, 'up')),
      service.saw(-37, 'down'),
      ...[-36, -35].map((slot) => service.saw(slot, 'up')),
      ...Array.from({ length: 34 }, (_, index) => service.saw(index - 34, 'up')),
      service.saw(0, 'down'),
    ]);
    const { changes } = await eventually(() => {
      const now = board.service('mail')!;
      expect(now.state).toBe('down');
      return now;
    });
    expect(changes).toEqual([
      { at: new Date(service.slot(0)).toISOString(), from: 'up', to: 'down', reason: 'Connection refused' },
    ]);
  });
});

describe('the latencies of a tile', () => {
  it('grow by a value a minute, told to those who watch, and are read whole after a pause', async () => {
    const service = await MeasuredService.make(server, 'web');
    const link = await openLive(server);
    await link.join('board');
    await eventually(() => expect(link.snapshots[0]?.services.map(({ key }) => key)).toContain('web'));
    // What is told as a whole service needs no figures: nothing is left to tell.
    await sleep(600);
    const clock = server.app.get(SteadyClock);
    const told = Date.parse(link.snapshots[0]!.minute);
    const bucket = (fromMs: number, latencyUs: number) => ({
      ...{ series: service.only, fromMs, up: 1, degraded: 0, down: 0, unknown: 0 },
      sketchKeys: [sketchKey(latencyUs)],
      sketchCounts: [1],
    });
    const rollups = server.app.get(RollupsRepository);
    await rollups.replace(minute, [bucket(told, 80_000), bucket(told + minute, 40_000)]);
    const now = vi.spyOn(clock, 'now').mockReturnValue(told + 3 * minute);
    await board.refreshFigures();
    await eventually(() => expect(link.deltas.flatMap(({ figures }) => figures ?? [])).toHaveLength(1));
    const { figures } = link.deltas.find((delta) => delta.figures)!;
    expect(figures!.minute).toBe(new Date(told + minute).toISOString());
    const [, , latency] = figures!.of.find(([key]) => key === 'web')!;
    expect(latency! / 40).toBeCloseTo(1, 1);
    expect(board.service('web')!.latencies).toHaveLength(30);
    now.mockReturnValue(told + 9 * minute);
    await board.refreshFigures();
    const line = board.service('web')!.latencies;
    expect(line.slice(-8, -6).map((ms) => Math.round(ms! / 4))).toEqual([20, 10]);
    expect(line.slice(-6)).toEqual(Array(6).fill(null));
    now.mockRestore();
    link.socket.close();
  });
});
