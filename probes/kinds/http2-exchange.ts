import { connect, type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import { ProbeFailure } from '../contract.ts';
import { probeFailure } from '../support/reason.ts';
import { BodyCollector, type ChooseBody, type HttpAnswer } from './http-answer.ts';
import type { HttpRequest } from './http-request.ts';

/** Sends a request over HTTP/2 on a fresh connection, reads the answer and closes it. Throws a ProbeFailure. */
export async function exchangeHttp2(socket: Socket, request: HttpRequest, choose: ChooseBody): Promise<HttpAnswer> {
  const begun = performance.now();
  const session = connect(request.url.origin, { createConnection: () => socket, settings: { enablePush: false } });
  try {
    return await answerTo(session, request, choose, begun);
  } finally {
    session.destroy();
    socket.destroy();
  }
}

function answerTo(
  session: ClientHttp2Session,
  request: HttpRequest,
  choose: ChooseBody,
  begun: number,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => reject(probeFailure(error));
    session.on('error', fail);
    const { host, ...headers } = request.headers;
    const stream = session.request(
      {
        ...headers,
        ':method': request.method,
        ':scheme': request.isTls ? 'https' : 'http',
        ':authority': host!,
        ':path': request.path,
      },
      { endStream: request.body === null },
    );
    stream.on('error', fail);
    stream.once('close', () => fail(new ProbeFailure('connection-closed', 'closed before the answer was complete')));
    stream.once('response', (headers) => {
      const firstByteMs = performance.now() - begun;
      readBody(stream, headers, choose, (read) => resolve({ ...read, firstByteMs }));
    });
    if (request.body !== null) stream.end(request.body);
  });
}

function readBody(
  stream: ClientHttp2Stream,
  headers: IncomingHttpHeaders,
  choose: ChooseBody,
  done: (answer: Omit<HttpAnswer, 'firstByteMs'>) => void,
): void {
  const begun = performance.now();
  const status = Number(headers[':status']);
  const header = (name: string) => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  };
  const wish = choose(status, header);
  const collector = new BodyCollector(wish, header('content-encoding'));
  const finish = () => {
    const { body, bytes, isCut } = collector;
    const transferMs = performance.now() - begun;
    done({ status, statusLine: String(status), httpVersion: '2', header, body, bytes, isCut, transferMs });
  };
  if (wish === 'none') return finish();
  stream.on('data', (chunk: Buffer) => {
    if (!collector.add(chunk)) finish();
  });
  stream.once('end', finish);
}
