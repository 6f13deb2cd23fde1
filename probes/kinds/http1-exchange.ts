import type { Socket } from 'node:net';
import { probeFailure } from '../support/reason.ts';
import { BodyCollector, type ChooseBody, type HttpAnswer } from './http-answer.ts';
import type { HttpRequest } from './http-request.ts';
import { Http1Reader, type Http1Head } from './http1-reader.ts';

/**
 * Sends a request over HTTP/1.1 on a fresh connection, reads the answer and closes it. Throws a ProbeFailure. Written on the
 * socket itself: the client of Node takes half as much processor time again for each exchange, and tells the first byte
 * only once it has understood it.
 */
export function exchangeHttp1(socket: Socket, request: HttpRequest, choose: ChooseBody): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    let head: Http1Head;
    let collector: BodyCollector;
    let arrivedMs = 0;
    let firstByteMs = 0;
    const fail = (error: unknown) => {
      socket.destroy();
      reject(probeFailure(error));
    };
    const reader = new Http1Reader(request.method === 'HEAD', {
      onHead(read) {
        head = read;
        firstByteMs = arrivedMs - begun;
        const wish = choose(head.status, head.header);
        collector = new BodyCollector(wish, wish === 'content' ? head.header('content-encoding') : undefined);
        return wish !== 'none';
      },
      onBody: (chunk) => collector.add(chunk),
      onEnd() {
        socket.destroy();
        const { status, statusLine, httpVersion, header } = head;
        const { body, bytes, isCut } = collector;
        const transferMs = performance.now() - begun - firstByteMs;
        resolve({ status, statusLine, httpVersion, header, body, bytes, isCut, firstByteMs, transferMs });
      },
    });
    const attempt = (step: () => void) => {
      try {
        step();
      } catch (error) {
        fail(error);
      }
    };
    socket.on('error', fail);
    socket.on('data', (data: Buffer) => {
      if (!reader.hasHead) arrivedMs = performance.now();
      attempt(() => reader.push(data));
    });
    // The other side may end while it still has not read all of the request; one that is torn down never says that it ends.
    socket.once('end', () => attempt(() => reader.close()));
    socket.once('close', () => attempt(() => reader.close()));
    if (socket.destroyed) attempt(() => reader.close());
    else write(socket, request);
  });
}

function write(socket: Socket, { method, path, flatHeaders, body }: HttpRequest): void {
  let head = `${method} ${path} HTTP/1.1\r\n`;
  for (let index = 0; index < flatHeaders.length; index += 2)
    head += `${flatHeaders[index]}: ${flatHeaders[index + 1]}\r\n`;
  head += 'connection: close\r\n\r\n';
  if (body === null) socket.write(head, 'latin1');
  else socket.write(Buffer.concat([Buffer.from(head, 'latin1'), body]));
}
