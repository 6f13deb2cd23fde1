import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface ReceivedRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** The body, where it is JSON. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests say what they expect of it
  json: any;
  atMs: number;
}

/** What a receiver does with a request: answers, after a while or once something has happened, or never. */
export interface Reply {
  status?: number;
  body?: string | object;
  headers?: Record<string, string>;
  afterMs?: number;
  after?: Promise<unknown>;
  hangs?: boolean;
}

export interface Receiver {
  url: string;
  received: ReceivedRequest[];
  /** What is done from now on; left out: 200 `ok`. */
  reply(reply: Reply | ((request: ReceivedRequest) => Reply)): void;
  stop(): Promise<void>;
}

/** A server on loopback that keeps what it gets and answers as it is told. */
export async function startReceiver(tls?: { cert: string; key: string }): Promise<Receiver> {
  const received: ReceivedRequest[] = [];
  let replying: Reply | ((request: ReceivedRequest) => Reply) = {};
  const server: Server = (tls ? createTlsServer.bind(null, tls) : createServer)((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = read(request, Buffer.concat(chunks).toString('utf8'));
      received.push(one);
      const {
        status = 200,
        body = 'ok',
        headers = {},
        afterMs = 0,
        after,
        hangs,
      } = typeof replying === 'function' ? replying(one) : replying;
      if (hangs) return;
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      void Promise.resolve(after).then(() => setTimeout(() => response.writeHead(status, headers).end(text), afterMs));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    reply: (reply) => void (replying = reply),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function read({ method = '', url = '', headers }: IncomingMessage, body: string): ReceivedRequest {
  const isJson = /json/.test(headers['content-type'] ?? '');
  return { method, path: url, headers, body, json: isJson && body ? JSON.parse(body) : null, atMs: Date.now() };
}
