import { io, type Socket } from 'socket.io-client';
import type { ClientToServerEvents, ServerToClientEvents } from '../../server/contract/live.ts';

export type LiveSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

/** A socket to the live stream of the server that served this page, by its cookie or by a token; reconnects by itself. */
export const openLiveSocket = (token: string | null): LiveSocket =>
  io('/live', {
    auth: token === null ? {} : { token },
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    reconnectionDelay: 400,
    reconnectionDelayMax: 4_000,
    timeout: 8_000,
  });
