import { io, type Socket } from 'socket.io-client';
import type {
  BoardDelta,
  BoardSnapshot,
  ClientToServerEvents,
  Room,
  ServerToClientEvents,
} from '../../server/contract/live.ts';
import type { TestServer } from './server.ts';

export type LiveClient = Socket<ServerToClientEvents, ClientToServerEvents>;

/** A socket to the live stream of a test server, and what it has heard so far. */
export interface LiveLink {
  socket: LiveClient;
  snapshots: BoardSnapshot[];
  deltas: BoardDelta[];
  /** Joins a room; the refusal, or null. */
  join(room: string): Promise<string | null>;
}

/** Opens a socket that stays closed once it is. @throws Error with the server's refusal */
export async function openLive(
  server: TestServer,
  headers: Record<string, string> = { authorization: `Bearer ${server.adminToken}` },
  namespace = '/live',
  auth: Record<string, string> = {},
): Promise<LiveLink> {
  const socket: LiveClient = io(`${server.url}${namespace}`, {
    extraHeaders: headers,
    auth,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
  });
  const link: LiveLink = {
    socket,
    snapshots: [],
    deltas: [],
    join: (room) => new Promise((resolve) => socket.emit('join', room as Room, resolve)),
  };
  socket.on('snapshot', (snapshot) => link.snapshots.push(snapshot));
  socket.on('delta', (delta) => link.deltas.push(delta));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return link;
}
