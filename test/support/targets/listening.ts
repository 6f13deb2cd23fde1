import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A target that listens on a free port of loopback. */
export interface Target {
  port: number;
  /** Connections that are open now. */
  openSockets(): number;
  /** Connections that were ever made. */
  connections(): number;
  close(): Promise<void>;
}

/** Makes a server of net, tls, http, https or http2 listen, and lets go of its connections when it is closed. */
export async function listening(server: Server, host = '127.0.0.1', port = 0): Promise<Target> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    openSockets: () => sockets.size,
    connections: () => connections,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
