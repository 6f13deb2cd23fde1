import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

/** What a server does before TLS begins: says something, or waits until it has heard this very text. */
export type Prelude = readonly ({ say: string | Buffer } | { hear: string | Buffer })[];

export interface TlsTarget {
  port: number;
  /** What clients sent where the prelude waited for something else. */
  misheard: string[];
  stop(): Promise<void>;
}

export interface TlsTargetOptions extends TlsOptions {
  prelude?: Prelude;
  /** The OCSP response to staple. */
  ocsp?: Buffer;
  /** What is said as soon as TLS has begun. */
  greeting?: string;
  /** The answer to what comes over TLS. */
  answer?: (text: string) => string;
}

/** A server on 127.0.0.1 that speaks TLS, after a prelude in clear text where there is one. */
export async function startTlsTarget({
  prelude = [],
  ocsp,
  greeting,
  answer,
  ...tls
}: TlsTargetOptions): Promise<TlsTarget> {
  const misheard: string[] = [];
  const connections = new Set<Socket>();
  const secure = createTlsServer(tls, (socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => answer && socket.write(answer(chunk.toString())));
    if (greeting) socket.write(greeting);
  });
  secure.on('tlsClientError', (_error, socket) => socket.destroy());
  if (ocsp) secure.on('OCSPRequest', (_certificate, _issuer, done) => done(null, ocsp));
  const server = createServer((socket) => {
    connections.add(socket);
    socket.on('error', () => socket.destroy());
    void perform(socket, prelude).then((unexpected) => {
      if (unexpected === null) return secure.emit('connection', socket);
      misheard.push(unexpected);
      return socket.destroy();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    misheard,
    stop: async () => {
      for (const socket of connections) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Null when the client kept to the prelude, else what it sent. */
async function perform(socket: Socket, prelude: Prelude): Promise<string | null> {
  for (const step of prelude) {
    if ('say' in step) {
      socket.write(step.say);
      continue;
    }
    const expected = Buffer.from(step.hear);
    let heard = Buffer.alloc(0);
    while (heard.length < expected.length)
      heard = Buffer.concat([heard, ...((await once(socket, 'data')) as Buffer[])]);
    if (!heard.equals(expected)) return heard.toString('latin1');
  }
  return null;
}
