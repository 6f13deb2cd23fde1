import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import type { Socket } from 'node:net';
import { ProbeFailure } from '../contract.ts';
import { probeFailure } from '../support/reason.ts';
import { BodyCollector, type ChooseBody, type HttpAnswer } from './http-answer.ts';
import type { HttpRequest } from './http-request.ts';

const longestHeaders = 65_536;

/** Sends a request over HTTP/1.1 on a fresh connection, reads the answer and closes it. Throws a ProbeFailure. */
export function exchangeHttp1(socket: Socket, request: HttpRequest, choose: ChooseBody): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const options: RequestOptions = {
      method: request.method,
      path: request.path,
      headers: request.flatHeaders,
      createConnection: () => socket,
      setHost: false,
      maxHeaderSize: longestHeaders,
    };
    const sent = httpRequest(options);
    sent.on('error', (error) => reject(http1Failure(error, 'before an answer came')));
    sent.once('response', (response) => {
      const firstByteMs = performance.now() - begun;
      readBody(response, choose).then(
        (body) => resolve(answerOf(response, firstByteMs, body)),
        (error: unknown) => reject(http1Failure(error, 'within the answer')),
      );
    });
    sent.end(request.body ?? undefined);
  });
}

interface Read {
  collector: BodyCollector;
  transferMs: number;
}

function readBody(response: IncomingMessage, choose: ChooseBody): Promise<Read> {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const header = headerOf(response);
    const wish = choose(response.statusCode!, header);
    const collector = new BodyCollector(wish, wish === 'content' ? header('content-encoding') : undefined);
    const finish = () => {
      response.socket.destroy();
      resolve({ collector, transferMs: performance.now() - begun });
    };
    response.on('error', reject);
    if (wish === 'none') return finish();
    response.on('data', (chunk: Buffer) => {
      if (!collector.add(chunk)) finish();
    });
    // Before Node's own listener, which would first shut the connection down and then close it.
    response.prependOnceListener('end', finish);
  });
}

/** Node makes an object of the headers when first asked for one: most runs never ask. */
const headerOf =
  (response: IncomingMessage): HttpAnswer['header'] =>
  (name) => {
    const value = response.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  };

const answerOf = (response: IncomingMessage, firstByteMs: number, { collector, transferMs }: Read): HttpAnswer => ({
  status: response.statusCode!,
  statusLine: `${response.statusCode} ${response.statusMessage}`.trim(),
  httpVersion: response.httpVersion,
  header: headerOf(response),
  body: collector.body,
  bytes: collector.bytes,
  isCut: collector.isCut,
  firstByteMs,
  transferMs,
});

/** Node calls an early end ECONNRESET too; only a real reset has the system call that met it. */
function http1Failure(error: unknown, when: string): ProbeFailure {
  const { code, syscall, message } = error as NodeJS.ErrnoException & { reason?: string };
  if (code === 'ECONNRESET' && syscall === undefined) return new ProbeFailure('connection-closed', `closed ${when}`);
  if (code?.startsWith('HPE_'))
    return new ProbeFailure('protocol-error', message.replace(/^Parse Error: /, 'not HTTP: '));
  return probeFailure(error);
}
