import { Inject, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { WebSocketGateway, WebSocketServer, type OnGatewayConnection, type OnGatewayInit } from '@nestjs/websockets';
import type { Namespace, Socket } from 'socket.io';
import { SessionsService } from '../access/sessions.service.ts';
import { roomSchema, type BoardDelta, type ClientToServerEvents, type ServerToClientEvents } from '../contract/live.ts';
import { LOGGER, type Logger } from '../platform/logger.ts';
import { BoardProjection } from './board-projection.service.ts';

/** Who is at the other end. */
interface SocketData {
  principalId: string;
}
type NoEvents = Record<never, never>;
type LiveNamespace = Namespace<ClientToServerEvents, ServerToClientEvents, NoEvents, SocketData>;
type LiveSocket = Socket<ClientToServerEvents, ServerToClientEvents, NoEvents, SocketData>;

const pulseEveryMs = 5_000;
/** An open socket is use of its session; a wall display makes no requests that would be. */
const useEveryMs = 300_000;
const mostRooms = 50;
/** Whoever has not signed in by then is cut. */
const handshakeLimitMs = 10_000;

/** The live stream: whoever may read the board joins rooms; a sign-in that ends takes its sockets with it. */
@WebSocketGateway({
  namespace: '/live',
  transports: ['websocket', 'polling'],
  serveClient: false,
  maxHttpBufferSize: 10_000,
  connectTimeout: handshakeLimitMs,
})
export class LiveGateway
  implements OnGatewayInit, OnGatewayConnection, OnApplicationBootstrap, BeforeApplicationShutdown
{
  @WebSocketServer() readonly namespace!: LiveNamespace;
  #timer: NodeJS.Timeout | undefined;
  #useTimer: NodeJS.Timeout | undefined;

  constructor(
    readonly sessions: SessionsService,
    readonly board: BoardProjection,
    @Inject(LOGGER) readonly log: Logger,
  ) {}

  afterInit(namespace: LiveNamespace): void {
    // The namespace `/` cannot be removed, and would let everyone in.
    namespace.server.use((_socket, next) => next(new Error('nothing-here')));
    namespace.use((socket, next) => {
      this.sessions.authenticateSocket(socket.handshake.headers).then(
        (principal) => {
          if (!principal?.permissions.has('board:read')) return next(new Error('sign-in-required'));
          socket.data.principalId = principal.id;
          void socket.join(`principal:${principal.id}`);
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
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.board.load();
    this.#timer = setInterval(() => {
      this.namespace.emit('pulse', { at: new Date().toISOString(), seq: this.board.seq, version: serverVersion });
      this.board.refreshLocations().catch((err: unknown) => this.log.debug({ err }, 'locations could not be read'));
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
    socket.on('leave', (room) => void (roomSchema.safeParse(room).success && socket.leave(room)));
    socket.on('resync', () => socket.rooms.has('board') && socket.emit('snapshot', this.board.snapshot()));
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
    if (socket.rooms.size > mostRooms) return 'Too many rooms.';
    await socket.join(room.data);
    if (room.data === 'board') socket.emit('snapshot', this.board.snapshot());
    return null;
  }

  #tell(delta: BoardDelta): void {
    this.namespace.to('board').emit('delta', delta);
    const { seq, asOf } = delta;
    const keys = [...delta.changed.map(({ key }) => key), ...delta.touched.map(([key]) => key), ...delta.removed];
    for (const key of keys) {
      const room = `service:${key}`;
      if (!this.namespace.adapter.rooms.has(room)) continue;
      this.namespace.to(room).emit('service-delta', { key, seq, asOf, service: this.board.service(key) });
    }
  }
}

/** Another version after a reconnect tells the page that it is outdated. */
const serverVersion = process.env['npm_package_version'] ?? '0.1.0';

/** Whoever is at the other end may have sent anything in the place of a callback. */
function answer(reply: unknown, refusal: string | null): void {
  if (typeof reply === 'function') reply(refusal);
}
