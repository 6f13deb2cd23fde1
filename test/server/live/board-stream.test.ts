import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applyDelta, applySnapshot, type BoardState } from '../../../client/stores/board-reducer.ts';
import type { WireObservation } from '../../../probes/contract.ts';
import type { BoardDelta, ServiceDelta } from '../../../server/contract/live.ts';
import { BoardProjection } from '../../../server/live/board-projection.service.ts';
import { eventually } from '../../support/eventually.ts';
import { openLive, type LiveLink } from '../../support/live-socket.ts';
import { MeasuredService, put } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let link: LiveLink;
beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  await put(server, 'teams/it', { name: 'IT' });
  for (const key of ['payroll', 'mail', 'web']) await put(server, `services/${key}`, { name: key, owner: 'it' });
});
afterAll(() => server.close());
beforeEach(async () => {
  link = await openLive(server);
});
afterEach(() => void link.socket.close());

let changes = 0;
/** Changes a service so that the board has something to tell; the name it has now. */
async function change(key: string): Promise<string> {
  changes += 1;
  const name = `${key} ${changes}`;
  await put(server, `services/${key}`, { name, owner: 'it' });
  return name;
}
const namesIn = (deltas: readonly BoardDelta[]) => deltas.flatMap(({ changed }) => changed.map(({ name }) => name));
const told = (name: string, by = link) => eventually(() => expect(namesIn(by.deltas)).toContain(name));
/** Longer than the throttle: what was to be told has been. */
const quiet = () => sleep(400);

describe('the throttle', () => {
  it('sends the first change after a quiet time at once', async () => {
    await link.join('board');
    const delaysMs: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      await quiet();
      const name = await change('payroll');
      const changedAt = performance.now();
      await told(name);
      delaysMs.push(performance.now() - changedAt);
    }
    expect(Math.min(...delaysMs)).toBeLessThan(150);
  });

  it('sends at most ten deltas a second, which together tell everything', async () => {
    await quiet();
    const sentAt: number[] = [];
    server.app.get(BoardProjection).onDelta(() => sentAt.push(performance.now()));
    await link.join('board');
    await Promise.all(Array.from({ length: 30 }, () => change('mail')));
    await eventually(() => expect(link.deltas.at(-1)?.seq).toBe(link.snapshots[0]!.seq + 30));
    const { body } = await server.request('GET', '/api/v1/services/mail');
    expect(namesIn(link.deltas).at(-1)).toBe(body.name);
    const gapsMs = sentAt.slice(1).map((at, index) => at - sentAt[index]!);
    expect(Math.min(Infinity, ...gapsMs)).toBeGreaterThan(80);
    expect(link.deltas.length).toBeLessThan(30);
    const numbers = link.deltas.map(({ from, seq }) => [from, seq]);
    expect(numbers.slice(1).map(([from]) => from)).toEqual(numbers.slice(0, -1).map(([, seq]) => seq));
    expect(link.deltas[0]!.from).toBe(link.snapshots[0]!.seq);
  });

  it('tells of a service once, as it is now, however often it changed meanwhile', async () => {
    await link.join('board');
    await quiet();
    await told(await change('web'));
    const before = link.deltas.length;
    const changed = await Promise.all([change('web'), change('mail')]);
    await told(changed[0]!);
    await told(changed[1]!);
    for (const { changed: services } of link.deltas.slice(before))
      expect(new Set(services.map(({ key }) => key)).size).toBe(services.length);
  });
});

describe('the rooms', () => {
  it('of the board: a snapshot on joining, deltas until leaving', async () => {
    expect(await link.join('board')).toBeNull();
    await eventually(() => expect(link.snapshots).toHaveLength(1));
    expect(link.snapshots[0]!.services.map(({ key }) => key).toSorted()).toEqual(['mail', 'payroll', 'web']);
    await told(await change('payroll'));
    link.socket.emit('leave', 'board');
    const other = await openLive(server);
    await other.join('board');
    const heard = link.deltas.length;
    await told(await change('payroll'), other);
    expect(link.deltas).toHaveLength(heard);
    other.socket.close();
  });

  it('of a service: what it is now whenever it changed, and nothing of others', async () => {
    const heard: ServiceDelta[] = [];
    link.socket.on('service-delta', (delta) => heard.push(delta));
    await link.join('service:mail');
    await change('web');
    const name = await change('mail');
    await eventually(() => expect(heard.at(-1)?.service?.name).toBe(name));
    expect(new Set(heard.map(({ key }) => key))).toEqual(new Set(['mail']));
    await put(server, 'services/gone', { name: 'gone', owner: 'it' });
    await link.join('service:gone');
    await server.request('DELETE', '/api/v1/services/gone');
    await eventually(() => expect(heard.at(-1)).toMatchObject({ key: 'gone', changed: true, service: null }));
    expect(link.deltas).toEqual([]);
  });

  it('of a service: whether it was only seen again, or its past is another', async () => {
    // Often enough that the newest slot follows on the one before, seldom enough that each sight is told.
    const often = { everyMs: 6_000, probe: { confirm: { failures: 1 } } };
    const measured = await MeasuredService.make(server, 'measured', often);
    await measured.record([-5, -4, -2, -1].map((slot) => measured.saw(slot, 'up')));
    const heard: ServiceDelta[] = [];
    link.socket.on('service-delta', (delta) => heard.push(delta));
    await link.join('service:measured');
    await quiet();
    const hears = async (observation: WireObservation, changed: boolean): Promise<void> => {
      heard.length = 0;
      await measured.record([observation]);
      await eventually(() => expect(heard.map((delta) => delta.changed)).toEqual([changed]));
    };
    await hears(measured.saw(0, 'up'), false);
    await hears(measured.saw(-3, 'down'), true);
    expect(await measured.story()).toContainEqual([-3, 'down']);
  });

  it.each(['principal:token:admin', 'services:mail', '', 'service:Mail', null, 7])(
    'that there are not, such as %j, cannot be joined',
    async (room) => {
      expect(await link.join(room as string)).toBe('There is no such room.');
    },
  );

  it('of one socket are limited, and one that is left makes room', async () => {
    const replies: (string | null)[] = [];
    for (let room = 0; room < 60; room += 1) replies.push(await link.join(`service:s-${room}`));
    const joined = replies.filter((refusal) => refusal === null).length;
    expect(joined).toBe(50);
    expect(new Set(replies.slice(joined))).toEqual(new Set(['Too many rooms.']));
    link.socket.emit('leave', 'service:s-0');
    expect(await link.join('board')).toBeNull();
  });

  it('survive whatever else a client sends', async () => {
    const { socket } = link as unknown as { socket: { emit(...parts: unknown[]): void } };
    for (const parts of [
      ['join'],
      ['join', { a: 1 }],
      ['join', 'board', 'not a callback'],
      ['leave', 5],
      ['no-such'],
    ]) {
      socket.emit(...parts);
    }
    expect(await link.join('service:mail')).toBeNull();
    expect(link.socket.connected).toBe(true);
  });
});

describe('a client that asks for a snapshot', () => {
  it('gets one in the room of the board alone', async () => {
    link.socket.emit('resync');
    await link.join('service:mail');
    expect(link.snapshots).toEqual([]);
    await link.join('board');
    link.socket.emit('resync');
    await eventually(() => expect(link.snapshots).toHaveLength(2));
  });

  it('because it missed a delta has the whole board again', async () => {
    await link.join('board');
    await eventually(() => expect(link.snapshots).toHaveLength(1));
    let board: BoardState = applySnapshot(link.snapshots[0]!);
    const missed = await change('payroll');
    await told(missed);
    link.deltas.splice(0);
    const next = await change('mail');
    await told(next);
    const { state, gap } = applyDelta(board, link.deltas[0]!);
    expect(gap).toBe(true);
    expect(state.services.get('payroll')?.name).not.toBe(missed);
    link.socket.emit('resync');
    await eventually(() => expect(link.snapshots).toHaveLength(2));
    board = applySnapshot(link.snapshots[1]!);
    expect(board.seq).toBeGreaterThanOrEqual(link.deltas.at(-1)!.seq);
    expect([board.services.get('payroll')?.name, board.services.get('mail')?.name]).toEqual([missed, next]);
  });

  it('follows deltas without a gap when it missed none', async () => {
    await link.join('board');
    await eventually(() => expect(link.snapshots).toHaveLength(1));
    let board = applySnapshot(link.snapshots[0]!);
    const names = [await change('payroll'), await change('web'), await change('mail')];
    for (const name of names) await told(name);
    for (const delta of link.deltas) {
      const { state, gap } = applyDelta(board, delta);
      expect(gap).toBe(false);
      board = state;
    }
    expect(['payroll', 'web', 'mail'].map((key) => board.services.get(key)?.name)).toEqual(names);
  });
});
