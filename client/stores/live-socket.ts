import { io, type Socket } from 'socket.io-client';
import type { ClientToServerEvents, ServerToClientEvents } from '../../server/contract/live.ts';

export type LiveSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

/** A socket to the live stream of the server that served this page; reconnects by itself. */
export const openLiveSocket = (): LiveSocket =>
  io('/live', {
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    reconnectionDelay: 400,
    reconnectionDelayMax: 4_000,
    timeout: 8_000,
  });
