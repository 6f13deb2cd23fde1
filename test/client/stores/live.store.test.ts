import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPinia, setActivePinia } from 'pinia';
import { type Namespace, Server } from 'socket.io';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useLiveStore } from '../../../client/stores/live.store.ts';
import type {
  BoardDelta,
  BoardSnapshot,
  ClientToServerEvents,
  ServerToClientEvents,
} from '../../../server/contract/live.ts';
import { boardInfo, boardService } from '../board-service.ts';

type Live = Namespace<ClientToServerEvents, ServerToClientEvents>;
let http: HttpServer;
let sockets: Server;
let live: Live;
let resyncs = 0;
let snapshot: BoardSnapshot;
let store: ReturnType<typeof useLiveStore>;

const delta = (parts: Partial<BoardDelta>): BoardDelta => ({
  from: 1,
  seq: 2,
  asOf: new Date().toISOString(),
  changed: [],
  removed: [],
  touched: [],
  ...parts,
});
const pulse = (seq: number, version = '1.0.0') => live.emit('pulse', { at: new Date().toISOString(), seq, version });
const waitFor = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 5_000, interval: 10 });
const stateOf = (key: string): string | undefined => store.board?.services.get(key)?.state;

beforeEach(async () => {
  resyncs = 0;
  const now = new Date().toISOString();
  snapshot = {
    board: boardInfo,
    seq: 1,
    asOf: now,
    minute: now,
    services: [boardService()],
    locations: [],
    maintenance: [],
  };
  http = createServer();
  sockets = new Server(http, { serveClient: false });
  live = sockets.of('/live');
  live.on('connection', (socket) => {
    socket.on('join', (room, reply) => {
      void socket.join(room);
      if (room === 'board:none') return reply('There is no board "none".');
      if (room === 'board:all') socket.emit('snapshot', snapshot);
      if (room === 'board:noc') socket.emit('snapshot', { ...snapshot, board: { ...boardInfo, key: 'noc' } });
      reply(null);
    });
    socket.on('resync', () => {
      resyncs += 1;
      socket.emit('snapshot', snapshot);
    });
  });
  http.listen(0, '127.0.0.1');
  await new Promise((resolve) => http.once('listening', resolve));
  (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(
    `http://127.0.0.1:${(http.address() as AddressInfo).port}/`,
  );
  setActivePinia(createPinia());
  store = useLiveStore();
  store.start();
  await vi.waitUntil(() => stateOf('payroll') === 'up', { timeout: 5_000 });
});
afterEach(async () => {
  store.stop();
  const closed = sockets.close();
  // A connection that was begun as the store stopped would keep the server open.
  http.closeAllConnections();
  await closed;
});

describe('the live stream', () => {
  it('becomes the board: the snapshot first, then every delta', async () => {
    expect(store.link).toBe('live');
    live.to('board:all').emit('delta', delta({ changed: [boardService({ state: 'down' })] }));
    await waitFor(() => expect(stateOf('payroll')).toBe('down'));
    expect(store.board?.seq).toBe(2);
  });

  it('asks once for a snapshot when something was missed', async () => {
    snapshot = { ...snapshot, seq: 9, services: [boardService({ state: 'degraded' })] };
    live.to('board:all').emit('delta', delta({ from: 7, seq: 8 }));
    live.to('board:all').emit('delta', delta({ from: 8, seq: 9 }));
    await waitFor(() => expect(stateOf('payroll')).toBe('degraded'));
    expect(resyncs).toBe(1);
  });

  it('asks for a snapshot when pulses name a change that no delta brought', async () => {
    snapshot = { ...snapshot, seq: 4, services: [boardService({ state: 'unknown' })] };
    pulse(4);
    pulse(4);
    await waitFor(() => expect(stateOf('payroll')).toBe('unknown'));
    expect(resyncs).toBe(1);
  });

  it('notices that the server runs another version', async () => {
    pulse(1);
    pulse(1);
    await waitFor(() => expect(store.heardAt).not.toBeNull());
    expect(store.isOutdated).toBe(false);
    pulse(1, '1.1.0');
    await waitFor(() => expect(store.isOutdated).toBe(true));
  });

  it('takes a message that it cannot read for one of another version, and keeps the board', async () => {
    live.to('board:all').emit('delta', { from: 1, seq: 2, changed: [{ key: 'payroll' }] } as never);
    await waitFor(() => expect(store.isOutdated).toBe(true));
    expect(stateOf('payroll')).toBe('up');
  });

  it('follows one service while somebody looks at it, also after the connection broke', async () => {
    const seen: number[] = [];
    const stop = store.follow('payroll', ({ seq }) => seen.push(seq));
    const say = (seq: number) =>
      live
        .to('service:payroll')
        .emit('service-delta', { key: 'payroll', changed: true, seq, asOf: snapshot.asOf, service: null });
    const members = async () => (await live.in('service:payroll').fetchSockets()).length;
    await vi.waitFor(async () => expect(await members()).toBe(1));
    say(5);
    await waitFor(() => expect(seen).toEqual([5]));
    const before = [...live.sockets.keys()];
    live.sockets.forEach((socket) => socket.conn.close());
    const isBack = async () => (await members()) === 1 && !live.sockets.has(before[0]!);
    await vi.waitFor(async () => expect(await isBack()).toBe(true), { timeout: 5_000 });
    say(6);
    await waitFor(() => expect(seen).toEqual([5, 6]));
    stop();
  });

  it('tells of the ledger, and that it may have changed while the connection was broken', async () => {
    const told: (string | null)[] = [];
    const stop = store.followLedger((agreement) => told.push(agreement));
    live.emit('ledger-changed', 'hr-payroll');
    await waitFor(() => expect(told).toEqual(['hr-payroll']));
    live.sockets.forEach((socket) => socket.conn.close());
    await waitFor(() => expect(told).toEqual(['hr-payroll', null]));
    stop();
    await vi.waitFor(async () => expect(await live.in('board:all').fetchSockets()).toHaveLength(1), { timeout: 5_000 });
    live.emit('ledger-changed', 'hr-mail');
    // What comes after it has arrived.
    live.to('board:all').emit('delta', delta({ changed: [boardService({ state: 'down' })] }));
    await waitFor(() => expect(stateOf('payroll')).toBe('down'));
    expect(told).toHaveLength(2);
  });

  it('goes over to another board, and says why where it cannot', async () => {
    store.choose('noc');
    expect(store.board?.info.key).toBe('all');
    await waitFor(() => expect(store.board?.info.key).toBe('noc'));
    store.choose('none');
    await waitFor(() => expect(store.refusal).toBe('There is no board "none".'));
    expect(store.board).toBeNull();
    store.choose('all');
    await waitFor(() => expect(store.board?.info.key).toBe('all'));
    expect(store.refusal).toBeNull();
  });

  it('shows nothing of a board that was deleted', async () => {
    live.emit('board-gone', 'other');
    live.emit('board-gone', 'all');
    await waitFor(() => expect(store.refusal).toContain('was deleted'));
    expect(store.board).toBeNull();
  });

  it('says with which token it comes', async () => {
    store.start('kiosk_token');
    await waitFor(() =>
      expect([...live.sockets.values()].map(({ handshake }) => handshake.auth)).toEqual([{ token: 'kiosk_token' }]),
    );
  });

  it('forgets the board when it stops', () => {
    store.stop();
    expect(store.board).toBeNull();
  });
});
