import { createServer, get, type IncomingMessage } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProbeFailure } from '../../../probes/contract.ts';
import { Http1Reader, type Http1Head } from '../../../probes/kinds/http1-reader.ts';

interface Read {
  head: Http1Head | null;
  body: string;
  ended: boolean;
}

/** Reads pieces as they would arrive; `closes` when the other side then closes. */
function read(pieces: readonly string[], { isHead = false, closes = true, wants = true } = {}): Read {
  const found: Read = { head: null, body: '', ended: false };
  const reader = new Http1Reader(isHead, {
    onHead(head) {
      found.head = head;
      return wants;
    },
    onBody(chunk) {
      found.body += chunk.toString('latin1');
      return true;
    },
    onEnd: () => (found.ended = true),
  });
  for (const piece of pieces) reader.push(Buffer.from(piece, 'latin1'));
  if (closes) reader.close();
  return found;
}
const one = (text: string) => read([text]);
const failureOf = (text: string): ProbeFailure => {
  try {
    read([text]);
  } catch (error) {
    if (error instanceof ProbeFailure) return error;
  }
  throw new Error('it was taken for HTTP');
};
/** Cuts a text at places. */
const cut = (text: string, places: readonly number[]): string[] => {
  const sorted = [0, ...places.map((place) => place % (text.length + 1)).toSorted((a, b) => a - b), text.length];
  return sorted.slice(1).map((end, index) => text.slice(sorted[index], end));
};

describe('an answer', () => {
  it('ends where its length says, before the connection does', () => {
    const text = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX-One: a\r\nx-one:\tb \r\n\r\nfine, and what is none of it';
    const { head, body, ended } = read([text], { closes: false });
    expect([head!.status, head!.statusLine, head!.httpVersion]).toEqual([200, '200 OK', '1.1']);
    expect([head!.header('content-length'), head!.header('x-one'), head!.header('x-two')]).toEqual([
      '4',
      'a, b',
      undefined,
    ]);
    expect([body, ended]).toEqual(['fine', true]);
  });

  it.each([
    ['chunks', 'Transfer-Encoding: gzip, chunked\r\n\r\n3\r\nfin\r\n1;why="not"\r\ne\r\n0\r\nX-Sum: 1\r\n\r\n', 'fine'],
    [
      'chunks whose sizes are padded',
      'Transfer-Encoding: chunked\r\n\r\n0000000000000004\r\nfine\r\n000\r\n\r\n',
      'fine',
    ],
    ['no chunk at all', 'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n', ''],
    ['the end of the connection', '\r\nfine', 'fine'],
    ['an encoding that is not in chunks', 'Transfer-Encoding: gzip\r\n\r\nfine', 'fine'],
    ['a length told twice alike', 'Content-Length: 4\r\nContent-Length: 4\r\n\r\nfine', 'fine'],
    ['lines without carriage returns', 'Content-Length: 4\n\nfine', 'fine'],
    ['a header over two lines', 'X-Long: a\r\n  b\r\nContent-Length: 4\r\n\r\nfine', 'fine'],
    ['a length of nothing', 'Content-Length: 0\r\n\r\n', ''],
  ])('is read to its end by %s', (_, text, body) => {
    expect(one(`HTTP/1.1 200 OK\r\n${text}`)).toMatchObject({ body, ended: true });
  });

  it.each([
    ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n', true],
    ['204', 'HTTP/1.1 204 No Content\r\n\r\n', false],
    ['304', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 400\r\n\r\n', false],
    ['101', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n', false],
  ])('to %s has no body', (_, text, isHead) => {
    expect(read([text], { isHead, closes: false })).toMatchObject({ body: '', ended: true });
  });

  it('comes after those that are not final', () => {
    const text =
      'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200\r\nContent-Length: 1\r\n\r\nx';
    const { head, body } = one(text);
    expect([head!.statusLine, head!.header('link'), body]).toEqual(['200', undefined, 'x']);
  });

  it('is left where its body is not wanted', () => {
    const text = 'HTTP/1.1 302 Found\r\nLocation: /a\r\nLocation: /b\r\nContent-Length: 9\r\n\r\n';
    const { head, ended } = read([text], { closes: false, wants: false });
    expect([head!.header('location'), ended]).toEqual(['/a', true]);
  });
});

describe('what is not HTTP', () => {
  const ok = 'HTTP/1.1 200 OK\r\n';
  it.each([
    ['SSH-2.0', 'Expected HTTP/'],
    ['HTTP/2.0 200 OK\r\n\r\n', '"HTTP/2.0 200 OK" is not a status line'],
    ['HTTP/1.1 2000 OK\r\n\r\n', 'is not a status line'],
    ['HTTP/1.1 200 O\0K\r\n\r\n', 'is not a status line'],
    [`${ok}Bad Header: x\r\n\r\n`, '"Bad Header: x" is not a header'],
    [`${ok} folded: x\r\n\r\n`, 'is not a header'],
    [`${ok}No-Colon\r\n\r\n`, '"No-Colon" is not a header'],
    [`${ok}X: a\0b\r\n\r\n`, 'Invalid character in a header'],
    [`${ok}X: a\rb\r\n\r\n`, 'Invalid character in a header'],
    [`${ok}Content-Length: -1\r\n\r\n`, '"-1" is not a Content-Length'],
    [`${ok}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`, '"1, 2" is not a Content-Length'],
    [`${ok}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`, 'Both Transfer-Encoding and Content-Length'],
    [`${ok}Transfer-Encoding: chunked\r\n\r\nno size\r\n`, '"no size" is not the size of a chunk'],
    [`${ok}Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n`, 'A chunk is longer than its size'],
    [`${ok}Transfer-Encoding: chunked\r\n\r\n1;${'x'.repeat(5_000)}\r\n`, 'Line too long'],
    [
      `${ok}Transfer-Encoding: chunked\r\n\r\n0\r\n${`X: ${'x'.repeat(4_000)}\r\n`.repeat(20)}\r\n`,
      'Trailers of more than',
    ],
    [`${ok}X: ${'x'.repeat(70_000)}\r\n\r\n`, 'Headers of more than 65536 bytes'],
    [`${ok}X: ${'x'.repeat(70_000)}`, 'Headers of more than 65536 bytes'],
  ])('%j is refused', (text, message) => {
    const failure = failureOf(text);
    expect(failure.reason).toBe('protocol-error');
    expect(failure.message).toContain(`not HTTP: `);
    expect(failure.message).toContain(message);
  });

  it.each([
    ['', 'closed before an answer came'],
    [`${ok}X: 1`, 'closed before an answer came'],
    [`${ok}Content-Length: 4\r\n\r\nfin`, 'closed within the answer'],
    [`${ok}Transfer-Encoding: chunked\r\n\r\n4\r\nfine\r\n`, 'closed within the answer'],
  ])('%j is cut off', (text, message) => {
    expect(failureOf(text)).toMatchObject({ reason: 'connection-closed', message });
  });
});

describe('in whatever pieces an answer comes', () => {
  const answers = [
    'HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX: a\r\n\r\nfine',
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nfin\r\n1\r\ne\r\n0\r\nX: 1\r\n\r\n',
    'HTTP/1.0 404 Not Found\n\nfine',
  ];
  it('they make the same answer', () => {
    fc.assert(
      fc.property(fc.constantFrom(...answers), fc.array(fc.nat(), { maxLength: 30 }), (text, places) => {
        const { head, body, ended } = read(cut(text, places));
        const whole = one(text);
        expect([head!.statusLine, head!.header('x'), body, ended]).toEqual([
          whole.head!.statusLine,
          whole.head!.header('x'),
          'fine',
          true,
        ]);
      }),
    );
  });
});

describe('beside the client of Node', () => {
  let text = '';
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(Buffer.from(text, 'latin1')));
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  const port = () => (server.address() as AddressInfo).port;

  const nodeReads = async () => {
    const response = await new Promise<IncomingMessage>((resolve, reject) =>
      get({ port: port(), host: '127.0.0.1', agent: false }, resolve).on('error', reject),
    );
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const { statusCode, headers } = response;
    return [statusCode, headers['x-it'], Buffer.concat(chunks).toString('latin1')];
  };
  const weRead = () =>
    new Promise((resolve, reject) => {
      let body = '';
      let head: Http1Head;
      const reader = new Http1Reader(false, {
        onHead: (read) => !!(head = read),
        onBody: (chunk) => !!(body += chunk.toString('latin1')),
        onEnd: () => resolve([head.status, head.header('x-it'), body]),
      });
      const attempt = (step: () => void) => {
        try {
          step();
        } catch (error) {
          reject(error as Error);
        }
      };
      const socket = connect(port(), '127.0.0.1', () =>
        socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'),
      );
      socket.on('error', reject).on('data', (data) => attempt(() => reader.push(data)));
      socket.on('close', () => attempt(() => reader.close()));
    });

  const latin1 = (least: number, most: number, maxLength: number) =>
    fc.uint8Array({ min: least, max: most, maxLength }).map((bytes) => Buffer.from(bytes).toString('latin1'));
  const token = latin1(0x21, 0x7e, 20);
  const body = latin1(0, 255, 60);
  it('answers mean the same', async () => {
    const status = fc.constantFrom(200, 201, 301, 404, 503);
    const framing = fc.constantFrom('length', 'chunks', 'close');
    await fc.assert(
      fc.asyncProperty(
        status,
        token,
        body,
        framing,
        fc.integer({ min: 1, max: 9 }),
        async (code, value, content, how, size) => {
          const pieces = content.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
          const framed = {
            length: `Content-Length: ${content.length}\r\n\r\n${content}`,
            chunks: `Transfer-Encoding: chunked\r\n\r\n${pieces.map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`).join('')}0\r\n\r\n`,
            close: `\r\n${content}`,
          }[how];
          text = `HTTP/1.1 ${code} Fine\r\nX-It: ${value}\r\n${framed}`;
          expect(await weRead()).toEqual(await nodeReads());
        },
      ),
      { numRuns: 60 },
    );
  });

  it('a server of Node is understood', async () => {
    const node = createServer((_, response) => {
      response.setHeader('x-it', ['a', 'b']);
      response.write('fi');
      response.end('ne');
    });
    await new Promise<void>((resolve) => node.listen(0, '127.0.0.1', resolve));
    const socket = connect((node.address() as AddressInfo).port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    const pieces: string[] = [];
    for await (const piece of socket) pieces.push((piece as Buffer).toString('latin1'));
    await new Promise((resolve) => node.close(resolve));
    const { head, body: read_ } = read(pieces);
    expect([head!.header('x-it'), read_]).toEqual(['a, b', 'fine']);
  });
});
