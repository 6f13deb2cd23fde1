import { createServer } from 'node:tls';
import { listeningPart, type Part } from './part.ts';

/** Greets over TLS with a certificate of the sample's own authority. */
export const tlsPart = (port: number, identity: { cert: string; key: string }): Part =>
  listeningPart(
    () =>
      createServer(identity, (socket) => {
        socket.on('error', () => socket.destroy());
        socket.end('the sample target of Troth\r\n');
      }),
    port,
  );
