import { Inject, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { WebSocketGateway, WebSocketServer, type OnGatewayConnection, type OnGatewayInit } from '@nestjs/websockets';
import type { IncomingHttpHeaders } from 'node:http';
import type { Namespace, Socket } from 'socket.io';
import { SessionsService } from '../access/sessions.service.ts';
import { wholeBoardKey, type Board } from '../contract/boards.ts';
import { roomSchema, type BoardDelta, type ClientToServerEvents, type ServerToClientEvents } from '../contract/live.ts';
import { LOGGER, type Logger } from '../platform/logger.ts';
import { BoardProjection } from './board-projection.service.ts';
import { BoardViews } from './board-views.service.ts';
import { DataNews } from './data-news.service.ts';
import { LedgerNews } from './ledger-news.service.ts';

/** Who is at the other end. */
interface SocketData {
  principalId: string;
  /** The only board that a display may watch; undefined for those who may read everything. */
  only: string | undefined;
  /** The board that is watched. */
  watched: string | null;
}
type NoEvents = Record<never, never>;
type LiveNamespace = Namespace<ClientToServerEvents, ServerToClientEvents, NoEvents, SocketData>;
type LiveSocket = Socket<ClientToServerEvents, ServerToClientEvents, NoEvents, SocketData>;

const pulseEveryMs = 5_000;
/** An open socket is use of its session; a wall display makes no requests that would be. */
const useEveryMs = 300_000;
/** That one socket may ask for. */
const mostRooms = 50;
/** Everybody but displays. */
const peopleRoom = 'people';
/** Whoever has not signed in by then is cut. */
const handshakeLimitMs = 10_000;
/** Snapshots are packed, a tenth is left of them; deltas are not, since each display would cost the work again. */
const packFromBytes = 65_536;

/** The live stream: whoever may read the board joins rooms; a sign-in that ends takes its sockets with it. */
@WebSocketGateway({
  namespace: '/live',
  transports: ['websocket', 'polling'],
  serveClient: false,
  maxHttpBufferSize: 10_000,
  connectTimeout: handshakeLimitMs,
  perMessageDeflate: { threshold: packFromBytes, serverNoContextTakeover: true, clientNoContextTakeover: true },
})
export class LiveGateway
  implements OnGatewayInit, OnGatewayConnection, OnApplicationBootstrap, BeforeApplicationShutdown
{
  @WebSocketServer() readonly namespace!: LiveNamespace;
  #timer: NodeJS.Timeout | undefined;
  #useTimer: NodeJS.Timeout | undefined;
  /** Another version after a reconnect tells the page that it is outdated. */
  readonly version = process.env['npm_package_version'] ?? '0.1.0';

  constructor(
    readonly sessions: SessionsService,
    readonly board: BoardProjection,
    readonly views: BoardViews,
    readonly ledger: LedgerNews,
    readonly news: DataNews,
    @Inject(LOGGER) readonly log: Logger,
  ) {}

  afterInit(namespace: LiveNamespace): void {
    // The namespace `/` cannot be removed, and would let everyone in.
    namespace.server.use((_socket, next) => next(new Error('nothing-here')));
    namespace.use((socket, next) => {
      this.sessions.authenticateSocket(headersOf(socket)).then(
        (principal) => {
          const mayRead = principal?.board !== undefined || principal?.permissions.has('board:read');
          if (!principal || !mayRead) return next(new Error('sign-in-required'));
          Object.assign(socket.data, { principalId: principal.id, only: principal.board, watched: null });
          void socket.join(`principal:${principal.id}`);
          if (principal.board === undefined) void socket.join(peopleRoom);
          next();
        },
        (err: unknown) => {
          this.log.warn({ err }, 'a socket could not be signed in');
          next(new Error('unavailable'));
        },
      );
    });
    this.sessions.onEnded((principalId) => {
      namespace.to(`principal:${principalId}`).emit('signed-out');
      namespace.in(`principal:${principalId}`).disconnectSockets(true);
    });
    this.board.onDelta((delta) => this.#tell(delta));
    this.views.onChanged((key, board) => this.#tellBoard(key, board));
    this.news.onNews((news) => namespace.to(peopleRoom).emit('news', news));
    this.ledger.onChanged((agreement) => namespace.to(peopleRoom).emit('ledger-changed', agreement));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.board.load();
    await this.views.load();
    this.ledger.listen();
    this.news.listen();
    this.#timer = setInterval(() => {
      this.namespace.emit('pulse', { at: new Date().toISOString(), seq: this.board.seq, version: this.version });
      const failed = (err: unknown) => this.log.debug({ err }, 'the board could not be refreshed');
      this.board.refreshLocations().catch(failed);
      this.board.refreshFigures().catch(failed);
    }, pulseEveryMs);
    this.#useTimer = setInterval(() => {
      this.keepSessions().catch((err: unknown) => this.log.warn({ err }, 'the use of sessions could not be written'));
    }, useEveryMs);
  }

  /** Keeps the sessions of all open sockets of this server from ending for want of use. */
  async keepSessions(): Promise<void> {
    await this.sessions.keepInUse([...this.namespace.sockets.values()].map(({ data }) => data.principalId));
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.#timer);
    clearInterval(this.#useTimer);
    this.board.stop();
    this.namespace.disconnectSockets(true);
  }

  /** Events are bound by hand: they are typed by the contract, and Nest does not acknowledge with null. */
  handleConnection(socket: LiveSocket): void {
    void this.#confirm(socket);
    // A connection that has left the namespace is nobody's.
    socket.on('disconnect', () => socket.conn.close());
    socket.on('join', (room, reply) => void this.#join(socket, room).then((refusal) => answer(reply, refusal)));
    socket.on('leave', (room) => this.#leave(socket, room));
    socket.on('resync', () => {
      const board = socket.data.watched === null ? undefined : this.views.board(socket.data.watched);
      if (board) socket.emit('snapshot', this.views.snapshotOf(board));
    });
  }

  /** A sign-in that ended during the handshake was told before the socket could be found: only now it can. */
  async #confirm(socket: LiveSocket): Promise<void> {
    try {
      await this.sessions.lookAgain([socket.data.principalId]);
    } catch (err) {
      this.log.warn({ err }, 'the sign-in of a socket could not be confirmed');
      socket.disconnect(true);
    }
  }

  async #join(socket: LiveSocket, wanted: unknown): Promise<string | null> {
    const room = roomSchema.safeParse(wanted);
    if (!room.success) return 'There is no such room.';
    const boardKey = boardOf(room.data);
    const { only, watched } = socket.data;
    if (only !== undefined && boardKey !== only) return 'This kiosk link opens one board alone.';
    const isSwitch = boardKey !== null && watched !== null;
    if (!isSwitch && askedRooms(socket) >= mostRooms) return 'Too many rooms.';
    if (boardKey !== null) return this.#watch(socket, boardKey);
    await socket.join(room.data);
    return null;
  }

  /** One board after the other: what comes after its snapshot is of no other board. */
  async #watch(socket: LiveSocket, key: string): Promise<string | null> {
    const board = this.views.board(key);
    if (!board) return `There is no board "${key}".`;
    const { watched } = socket.data;
    socket.data.watched = key;
    if (watched !== null && watched !== key) void socket.leave(`board:${watched}`);
    // Nothing is told between the two: what a delta may leave out follows from the snapshot.
    const joined = socket.join(`board:${key}`);
    const snapshot = this.views.begin(board);
    await joined;
    if (socket.data.watched === key) socket.emit('snapshot', snapshot);
    return null;
  }

  #leave(socket: LiveSocket, unwanted: unknown): void {
    const room = roomSchema.safeParse(unwanted);
    if (!room.success) return;
    const boardKey = boardOf(room.data);
    if (boardKey !== null && socket.data.watched === boardKey) socket.data.watched = null;
    void socket.leave(boardKey === null ? room.data : `board:${boardKey}`);
  }

  /** A board that changed is shown anew; of one that is gone nothing stays. */
  #tellBoard(key: string, board: Board | null): void {
    const room = this.namespace.in(`board:${key}`);
    if (board) return void (this.#isWatched(key) && room.emit('snapshot', this.views.snapshotOf(board)));
    room.emit('board-gone', key);
    room.socketsLeave(`board:${key}`);
  }

  #isWatched(key: string): boolean {
    return this.namespace.adapter.rooms.has(`board:${key}`);
  }

  /** One message for all that watch the same board. */
  #tell(delta: BoardDelta): void {
    for (const board of this.views.all()) {
      const room = `board:${board.key}`;
      if (this.#isWatched(board.key)) this.namespace.to(room).emit('delta', this.views.deltaOf(board, delta));
      else this.views.end(board.key);
    }
    const { seq, asOf } = delta;
    const tell = (key: string, changed: boolean): void => {
      const room = `service:${key}`;
      if (!this.namespace.adapter.rooms.has(room)) return;
      this.namespace.to(room).emit('service-delta', { key, changed, seq, asOf, service: this.board.service(key) });
    };
    for (const { key } of delta.changed) tell(key, true);
    for (const key of delta.removed) tell(key, true);
    for (const [key] of delta.touched) tell(key, false);
  }
}

/** The key of the board that a room is of; null for other rooms. */
function boardOf(room: string): string | null {
  if (room === 'board') return wholeBoardKey;
  return room.startsWith('board:') ? room.slice('board:'.length) : null;
}

/** A browser cannot add a bearer token to a socket as a header: it comes in the handshake itself. */
function headersOf({ handshake: { headers, auth } }: LiveSocket): IncomingHttpHeaders {
  const { token } = auth as { token?: unknown };
  return typeof token === 'string' ? { ...headers, authorization: `Bearer ${token}` } : headers;
}

/** Whoever is at the other end may have sent anything in the place of a callback. */
function answer(reply: unknown, refusal: string | null): void {
  if (typeof reply === 'function') reply(refusal);
}

/** Those that it did not ask for are of its connection, its sign-in and its kind. */
const askedRooms = ({ rooms }: LiveSocket): number =>
  [...rooms].filter((room) => roomSchema.safeParse(room).success).length;
