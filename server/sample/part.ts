import { once } from 'node:events';
import type { Server, Socket } from 'node:net';

export const sampleHost = '127.0.0.1';
/** The name that the sample's certificate and its DNS zone are for. */
export const sampleName = 'sample.troth.test';

/** A piece of the sample target that can be switched off and on again. */
export interface Part {
  start(): Promise<void>;
  /** Cuts every connection, so that whoever looks sees it gone at once. */
  stop(): Promise<void>;
}

/** A part that listens on a TCP port. */
export function listeningPart(makeServer: () => Server, port: number): Part {
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  return {
    async start() {
      server = makeServer().on('connection', (socket) => {
        sockets.add(socket);
        socket.on('error', () => socket.destroy());
        socket.once('close', () => sockets.delete(socket));
      });
      server.listen(port, sampleHost);
      await once(server, 'listening');
    },
    async stop() {
      const closed = once(server!, 'close');
      server!.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
