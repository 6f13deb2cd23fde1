import { defineStore } from 'pinia';
import { shallowRef, watch } from 'vue';
import { wholeBoardKey } from '../../server/contract/boards.ts';
import {
  boardDeltaSchema,
  boardSnapshotSchema,
  type News,
  type Room,
  type ServiceDelta,
} from '../../server/contract/live.ts';
import { applyDelta, applySnapshot, type BoardState } from './board-reducer.ts';
import { useClockStore } from './clock.store.ts';
import { useKioskStore } from './kiosk.store.ts';
import {
  elapsedMs,
  type LinkSigns,
  type LinkState,
  linkState,
  type Moment,
  momentNow,
  silenceLimitMs,
} from './live-link.ts';
import { type LiveSocket, openLiveSocket } from './live-socket.ts';
import { useSessionStore } from './session.store.ts';

const refusedRetryMs = 3_000;

/** The live stream: one board as it is now, and how far it can be trusted. One socket for the whole page. */
export const useLiveStore = defineStore('live', () => {
  const clock = useClockStore();
  const session = useSessionStore();
  const kiosk = useKioskStore();
  const board = shallowRef<BoardState | null>(null);
  const link = shallowRef<LinkState>('connecting');
  /** The server's time when it last said anything. */
  const heardAt = shallowRef<string | null>(null);
  /** Why the wanted board cannot be shown; null where it can. */
  const refusal = shallowRef<string | null>(null);
  /** The server runs another version than this page came from. */
  const isOutdated = shallowRef(false);

  let socket: LiveSocket | null = null;
  let token: string | null = null;
  let wanted: string = wholeBoardKey;
  let signs: LinkSigns = { startedAt: momentNow(), heardAt: null, disconnectedAt: null };
  /** When the socket last connected, or was last broken off. */
  let turnedAt: Moment | null = null;
  let version: string | null = null;
  let isResyncing = false;
  let pulseSeq = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  const rooms = new Map<Room, Set<(delta: ServiceDelta) => void>>();
  const newsListeners = new Set<(news: News | null) => void>();
  const ledgerListeners = new Set<(agreement: string | null) => void>();
  /** What was told while there was no link is not told again. */
  let mayHaveMissed = false;

  function heard(serverTime: string): void {
    signs = { ...signs, heardAt: momentNow(), disconnectedAt: null };
    heardAt.value = serverTime;
    clock.learn(serverTime);
    look();
  }

  /** Judges the link; one that is silent although it seems to stand is broken off, so that it is made anew. */
  function look(): void {
    if (!socket) return;
    const now = momentNow();
    link.value = linkState(signs, now);
    if (!socket.connected || link.value !== 'cut' || !turnedAt || elapsedMs(turnedAt, now) < silenceLimitMs) return;
    turnedAt = now;
    socket.io.engine.close();
  }

  function resync(): void {
    if (isResyncing) return;
    isResyncing = true;
    socket?.emit('resync');
  }

  function onSnapshot(message: unknown): void {
    const parsed = boardSnapshotSchema.safeParse(message);
    isResyncing = false;
    if (!parsed.success) isOutdated.value = true;
    else {
      board.value = applySnapshot(parsed.data);
      heard(parsed.data.asOf);
    }
  }

  function onDelta(message: unknown): void {
    const parsed = boardDeltaSchema.safeParse(message);
    if (!parsed.success) isOutdated.value = true;
    if (!parsed.success || !board.value) return;
    const { state, gap } = applyDelta(board.value, parsed.data);
    board.value = state;
    heard(parsed.data.asOf);
    if (gap) resync();
  }

  /** A number that an earlier pulse already named and the board has not reached was missed. */
  function onPulse({ at, seq, version: served }: { at: string; seq: number; version: string }): void {
    version ??= served;
    if (served !== version) isOutdated.value = true;
    heard(at);
    if (board.value && board.value.seq < pulseSeq) resync();
    pulseSeq = seq;
  }

  function onConnect(): void {
    turnedAt = momentNow();
    signs = { ...signs, disconnectedAt: null };
    isResyncing = false;
    joinBoard();
    for (const room of rooms.keys()) join(room);
    if (mayHaveMissed) onLedgerChanged(null);
    if (mayHaveMissed) onNews(null);
    mayHaveMissed = true;
  }

  function onLedgerChanged(agreement: string | null): void {
    for (const listener of ledgerListeners) listener(agreement);
  }

  function onNews(news: News | null): void {
    for (const listener of newsListeners) listener(news);
  }

  function onBroken(): void {
    signs = { ...signs, disconnectedAt: signs.disconnectedAt ?? momentNow() };
    look();
    if (socket && !socket.active) void askWhy();
  }

  /** The server refused or ended the socket: either the sign-in is over, or it will have us again. */
  async function askWhy(): Promise<void> {
    clearTimeout(retry);
    const isOver = token === null ? await session.load().then(() => session.state === 'out') : await kiosk.isOver();
    if (!isOver) retry = setTimeout(() => socket?.connect(), refusedRetryMs);
  }

  function join(room: Room): void {
    socket?.emit('join', room, (refusal) => {
      if (refusal !== null) rooms.delete(room);
    });
  }

  /** The board that is wanted is the only one that is joined; the one before stays in sight until it is there. */
  function joinBoard(): void {
    const key = wanted;
    socket?.emit('join', `board:${key}`, (reason) => {
      if (key !== wanted) return;
      refusal.value = reason;
      if (reason !== null) board.value = null;
    });
  }

  /** Goes over to another board. */
  function choose(key: string): void {
    if (key === wanted) return;
    wanted = key;
    refusal.value = null;
    if (socket?.connected) joinBoard();
  }

  function onBoardGone(key: string): void {
    if (key !== wanted) return;
    refusal.value = `The board "${key}" was deleted.`;
    board.value = null;
  }

  /** Opens the socket, by the session of this browser or by a token. */
  function start(withToken: string | null = null): void {
    if (socket && token === withToken) return;
    if (socket) stop();
    token = withToken;
    signs = { startedAt: momentNow(), heardAt: null, disconnectedAt: null };
    link.value = 'connecting';
    socket = openLiveSocket(token);
    socket.on('connect', onConnect);
    socket.on('disconnect', onBroken);
    socket.on('connect_error', onBroken);
    socket.on('snapshot', onSnapshot);
    socket.on('delta', onDelta);
    socket.on('pulse', onPulse);
    socket.on('service-delta', (delta) => {
      for (const listener of rooms.get(`service:${delta.key}`) ?? []) listener(delta);
    });
    socket.on('ledger-changed', onLedgerChanged);
    socket.on('news', onNews);
    socket.on('board-gone', onBoardGone);
    socket.on('signed-out', () => (token === null ? session.end() : kiosk.end()));
  }

  function stop(): void {
    clearTimeout(retry);
    socket?.removeAllListeners();
    socket?.disconnect();
    socket = null;
    rooms.clear();
    board.value = null;
    refusal.value = null;
    heardAt.value = null;
    version = null;
    isOutdated.value = false;
    pulseSeq = 0;
    mayHaveMissed = false;
  }

  /** Calls back whenever something about a service changed. @returns stops it */
  function follow(key: string, listener: (delta: ServiceDelta) => void): () => void {
    const room: Room = `service:${key}`;
    const listeners = rooms.get(room) ?? new Set();
    rooms.set(room, listeners.add(listener));
    if (listeners.size === 1 && socket?.connected) join(room);
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0 || !rooms.delete(room)) return;
      socket?.emit('leave', room);
    };
  }

  /** Calls back whenever what follows from an agreement became another; with null where it may be any. @returns stops it */
  function followLedger(listener: (agreement: string | null) => void): () => void {
    ledgerListeners.add(listener);
    return () => void ledgerListeners.delete(listener);
  }

  /** Calls back whenever a metric, an import or an agreement became another; with null where anything may be. @returns stops it */
  function followNews(listener: (news: News | null) => void): () => void {
    newsListeners.add(listener);
    return () => void newsListeners.delete(listener);
  }

  watch(() => clock.nowMs, look);
  watch(link, (state) => clock.hold(state === 'cut' ? heardAt.value : null));

  return {
    board,
    link,
    refusal,
    heardAt,
    isOutdated,
    start,
    stop,
    choose,
    follow,
    followLedger,
    followNews,
  };
});
