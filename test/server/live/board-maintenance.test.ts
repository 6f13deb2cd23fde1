import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyDelta, applySnapshot } from '../../../client/stores/board-reducer.ts';
import { MaintenanceRepository } from '../../../server/catalog/maintenance.repository.ts';
import { hourMs, minuteMs } from '../../../server/domain/durations.ts';
import { eventually } from '../../support/eventually.ts';
import { openLive, type LiveLink } from '../../support/live-socket.ts';
import { put } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let link: LiveLink;
beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  await put(server, 'teams/it', { name: 'IT' });
  await put(server, 'services/core', { name: 'Core', owner: 'it' });
  await put(server, 'services/mail', { name: 'Mail', owner: 'it', dependsOn: ['core'], tags: ['office'] });
  await put(server, 'boards/office', { name: 'Office', selection: { tags: ['office'] } });
  link = await openLive(server);
});
afterAll(async () => {
  link.socket.close();
  await server.close();
});

/** The board as a display has it. */
const board = () =>
  link.deltas.reduce((state, delta) => applyDelta(state, delta).state, applySnapshot(link.snapshots[0]!));
const now = () => Math.floor(Date.now() / minuteMs) * minuteMs;
const iso = (ms: number) => new Date(ms).toISOString();
const window = (startMs: number, minutes: number, services = ['core']) => ({
  ...{ services, name: 'Patching', start: iso(startMs).slice(0, 16), timeZone: 'UTC', duration: `${minutes}m` },
});

describe('maintenance on the board', () => {
  it('is told as soon as it is written, with its end, and gone when it is ended', async () => {
    await link.join('board:office');
    const startMs = now() - hourMs;
    await put(server, 'maintenance/now', { ...window(startMs, 180), dependents: true });
    const until = iso(startMs + 3 * hourMs);
    await eventually(() =>
      expect(board().services.get('mail')!.maintenance).toEqual({ key: 'now', name: 'Patching', until }),
    );
    // Of the services that it holds for, a board tells of its own alone.
    expect(board().maintenance).toEqual([
      { key: 'now', name: 'Patching', from: iso(startMs), to: until, services: ['mail'] },
    ]);
    await server.request('POST', '/api/v1/maintenance/now/end');
    await eventually(() => expect(board().services.get('mail')!.maintenance).toBeNull());
    expect(board().maintenance).toEqual([]);
  });

  it('that begins in the next eight hours is listed, and what is later is not', async () => {
    await put(server, 'maintenance/soon', window(now() + 7 * hourMs, 60));
    await put(server, 'maintenance/later', window(now() + 9 * hourMs, 60));
    const { body } = await server.request('GET', '/api/v1/board');
    expect(body.maintenance.map(({ key }: { key: string }) => key)).toEqual(['soon']);
    expect(body.services.map(({ maintenance }: { maintenance: unknown }) => maintenance)).toEqual([null, null]);
  });

  it('begins and ends on the board when its time comes, without anybody asking', async () => {
    // What is written begins on the minute, for which nobody can wait: this one is stored as if it did not have to.
    const startMs = Date.now() + 3_000;
    await server.app.get(MaintenanceRepository).insert([
      {
        ...{ key: 'edge', name: '', note: '', services: ['mail'], dependents: false, repeat: null, except: [] },
        ...{ start: iso(startMs).slice(0, 23), timeZone: 'UTC', durationMs: 2_000, announcedAt: null, managedBy: null },
      },
    ]);
    await put(server, 'services/mail', { name: 'Mail', owner: 'it', dependsOn: ['core'], tags: ['office', 'post'] });
    const until = iso(startMs + 2_000);
    await eventually(() => expect(board().maintenance.map(({ key }) => key)).toContain('edge'));
    await eventually(() =>
      expect(board().services.get('mail')!.maintenance).toEqual({ key: 'edge', name: 'edge', until }),
    );
    expect(Date.now()).toBeGreaterThanOrEqual(startMs);
    await eventually(() => expect(board().services.get('mail')!.maintenance).toBeNull());
    expect(Date.now()).toBeGreaterThanOrEqual(startMs + 2_000);
    expect(board().maintenance.map(({ key }) => key)).not.toContain('edge');
  });
});
