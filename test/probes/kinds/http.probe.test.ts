import type { IncomingMessage, ServerResponse } from 'node:http';
import { deflateRawSync, deflateSync, brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runHttp } from '../../support/http-runs.ts';
import { cleartextHttp2Target, httpTarget, type WebTarget } from '../../support/targets/http-target.ts';

interface Seen {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage['headers'];
  rawHeaders: string[];
  body: string;
}

const page = 'Please sign in';
const pages: Record<string, (response: ServerResponse) => void> = {
  '/': (response) => response.end(page),
  '/missing': (response) => response.writeHead(404, 'Gone Fishing').end('no such page'),
  '/empty': (response) => response.writeHead(204).end(),
  '/headers': (response) => response.setHeader('X-Build', '12.3').setHeader('Set-Cookie', ['a=1', 'b=2']).end(page),
  '/json': (response) => response.end(JSON.stringify({ state: 'ok', queue: 7 })),
  '/latin1': (response) =>
    response.setHeader('content-type', 'text/html; charset=ISO-8859-1').end(Buffer.from('Grüße', 'latin1')),
  '/gzip': (response) => response.setHeader('content-encoding', 'gzip').end(gzipSync(page)),
  '/br': (response) => response.setHeader('content-encoding', 'br').end(brotliCompressSync(page)),
  '/deflate': (response) => response.setHeader('content-encoding', 'deflate').end(deflateSync(page)),
  '/raw-deflate': (response) => response.setHeader('content-encoding', 'deflate').end(deflateRawSync(page)),
  '/twice': (response) => response.setHeader('content-encoding', 'gzip, br').end(brotliCompressSync(gzipSync(page))),
  '/broken-gzip': (response) => response.setHeader('content-encoding', 'gzip').end(gzipSync(page).subarray(0, 15)),
  '/zstd': (response) => response.setHeader('content-encoding', 'zstd').end(page),
};

const seen: Seen[] = [];
let target: WebTarget;
const answer = (request: IncomingMessage, response: ServerResponse) => {
  const { method, url, headers, rawHeaders } = request;
  let body = '';
  request.setEncoding('utf8').on('data', (text: string) => (body += text));
  request.on('end', () => {
    seen.push({ method, url, headers, rawHeaders, body });
    (pages[url!] ?? pages['/']!)(response);
  });
};
beforeAll(async () => {
  target = await httpTarget(answer);
});
afterAll(() => target.close());

const run = (config: Record<string, unknown> = {}, path = '/') => {
  seen.length = 0;
  return runHttp({ url: `${target.url}${path}`, ...config });
};

describe('a plain fetch', () => {
  it('is up with its phases timed and its facts noted', async () => {
    const outcome = await run();
    expect(outcome).toMatchObject({
      verdict: 'up',
      reason: 'ok',
      facts: { statusCode: 200, httpVersion: '1.1', bytes: page.length, address: '127.0.0.1', redirects: 0 },
    });
    expect(Object.keys(outcome.timings!)).toEqual(['connect', 'firstByte', 'transfer']);
    const phasesMs = Object.values(outcome.timings!).reduce((sum, ms) => sum + ms, 0);
    expect(phasesMs).toBeGreaterThan(0);
    expect(outcome.latencyMs).toBeGreaterThanOrEqual(phasesMs * 0.99);
  });

  it('times the look-up of a name', async () => {
    const { verdict, timings } = await runHttp({ url: `http://localhost:${target.port}/` });
    expect(verdict).toBe('up');
    expect(timings!.dns).toBeGreaterThan(0);
  });

  it('asks for the whole URL and says who asks, once for each header', async () => {
    await run({}, '/a%20b?c=d&e=%C3%BC#part');
    const { host, connection, accept } = seen[0]!.headers;
    expect(seen).toMatchObject([{ method: 'GET', url: '/a%20b?c=d&e=%C3%BC', body: '' }]);
    expect({ host, connection, accept }).toEqual({
      host: `127.0.0.1:${target.port}`,
      connection: 'close',
      accept: '*/*',
    });
    expect(seen[0]!.headers).toMatchObject({ 'user-agent': 'Troth', 'accept-encoding': 'gzip, deflate, br' });
    const names = seen[0]!.rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
  });

  it('opens a connection for each run and leaves none open', async () => {
    const before = target.connections();
    await run();
    await run();
    expect(target.connections() - before).toBe(2);
    await expect.poll(() => target.openSockets()).toBe(0);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('sends a body with %s', async (method) => {
    expect((await run({ method, body: '{"größe": 5}' })).verdict).toBe('up');
    expect(seen[0]).toMatchObject({ method, body: '{"größe": 5}' });
    expect(seen[0]!.headers).toMatchObject({ 'content-type': 'application/json', 'content-length': '14' });
  });

  it('says that a POST without a body has none', async () => {
    await run({ method: 'POST' });
    expect(seen[0]!.headers['content-length']).toBe('0');
    expect(seen[0]!.headers).not.toHaveProperty('transfer-encoding');
  });

  it.each([
    ['HEAD', '/', 200],
    ['OPTIONS', '/', 200],
    ['GET', '/empty', 204],
  ])('takes the answer to %s %s, which may have no body', async (method, path, statusCode) => {
    expect(await run({ method }, path)).toMatchObject({ verdict: 'up', facts: { statusCode } });
  });

  it('sends headers, secret ones and credentials, replacing its own', async () => {
    await run({
      headers: { 'User-Agent': 'mine', Host: 'virtual.test' },
      secretHeaders: { 'X-Key': 'k' },
      bearer: 't.o-k',
    });
    expect(seen[0]!.headers).toMatchObject({
      'user-agent': 'mine',
      host: 'virtual.test',
      'x-key': 'k',
      authorization: 'Bearer t.o-k',
    });
    await run({ basic: { username: 'jürgen', password: 'ge:heim' } });
    const [scheme, encoded = ''] = seen[0]!.headers.authorization!.split(' ');
    expect([scheme, Buffer.from(encoded, 'base64').toString()]).toEqual(['Basic', 'jürgen:ge:heim']);
  });

  it('speaks HTTP/2 without TLS when told to, and not to a server that does not', async () => {
    const http2 = await cleartextHttp2Target(answer);
    const told = { httpVersion: '2', method: 'POST', body: 'hello' };
    const outcome = await runHttp({
      ...told,
      url: `${http2.url}/json`,
      expect: { json: [{ path: '$.queue', value: 7 }] },
    });
    expect(outcome).toMatchObject({ verdict: 'up', facts: { httpVersion: '2', statusCode: 200, bytes: 24 } });
    expect(seen.at(-1)).toMatchObject({ method: 'POST', url: '/json', body: 'hello' });
    await http2.close();
    expect(await run(told)).toMatchObject({ verdict: 'down', reason: 'protocol-error' });
  });
});

describe('what is expected of the answer', () => {
  it.each([
    ['/', undefined, 'ok'],
    ['/missing', undefined, 'status-unexpected'],
    ['/missing', ['404'], 'ok'],
    ['/missing', [404], 'ok'],
    ['/missing', ['4xx'], 'ok'],
    ['/missing', ['4XX'], 'ok'],
    ['/missing', ['200-299', '400-404'], 'ok'],
    ['/missing', ['405-499', '2xx', 403], 'status-unexpected'],
  ])('of %s: status %j gives %s', async (path, status, reason) => {
    expect((await run({ expect: { status } }, path)).reason).toBe(reason);
  });

  it('says which status was expected and which came, with the time it took', async () => {
    const outcome = await run({}, '/missing');
    expect(outcome).toMatchObject({
      verdict: 'down',
      detail: 'expected 2xx, got 404 Gone Fishing',
      facts: { statusCode: 404 },
    });
    expect(outcome.latencyMs).toBeGreaterThan(0);
  });

  it.each([
    [{ 'X-Build': { equals: '12.3' } }, 'ok', undefined],
    [{ 'x-build': { matches: '^12\\.' } }, 'ok', undefined],
    [{ 'set-cookie': { contains: 'b=2' } }, 'ok', undefined],
    [{ 'x-debug': { notContains: 'on' } }, 'ok', undefined],
    [{ connection: { equals: 'close' } }, 'ok', undefined],
    [{ 'X-Build': { equals: '12' } }, 'header-unexpected', 'expected X-Build "12", got "12.3"'],
    [{ 'x-build': { contains: '13' } }, 'header-unexpected', 'x-build: expected "13", got "12.3"'],
    [{ 'x-none': { contains: '1' } }, 'header-unexpected', 'no header x-none'],
    [{ 'x-none': {} }, 'header-unexpected', 'no header x-none'],
  ])('headers %j: %s', async (headers, reason, detail) => {
    const outcome = await run({ expect: { headers } }, '/headers');
    expect([outcome.reason, outcome.detail]).toEqual([reason, detail]);
  });

  it.each(['/', '/gzip', '/br', '/deflate', '/raw-deflate', '/twice'])('the text of %s, decoded', async (path) => {
    expect((await run({ expect: { body: { contains: 'sign in', matches: 'in$' } } }, path)).reason).toBe('ok');
    const outcome = await run({ expect: { body: { contains: 'Welcome' } } }, path);
    expect(outcome).toMatchObject({
      verdict: 'down',
      reason: 'body-unexpected',
      detail: `expected "Welcome", got "${page}"`,
    });
  });

  it('text in the charset that the server names', async () => {
    expect((await run({ expect: { body: { contains: 'Grüße' } } }, '/latin1')).reason).toBe('ok');
  });

  it.each(['/broken-gzip', '/zstd'])(
    'says that %s cannot be decoded where its text is needed, and only there',
    async (path) => {
      expect((await run({ expect: { body: { contains: 'sign in' } } }, path)).reason).toBe('body-undecodable');
      expect((await run({}, path)).reason).toBe('ok');
    },
  );

  it.each([
    ['/json', { path: '$.queue', op: 'lessThan', value: 10 }, 'ok', undefined],
    ['/json', { path: '$.state', value: 'bad' }, 'json-unexpected', 'expected $.state = "bad", got "ok"'],
    ['/', { path: '$.state', value: 'ok' }, 'json-unexpected', `expected JSON, got "${page}"`],
  ])('JSON of %s: %j', async (path, expectation, reason, detail) => {
    const outcome = await run({ expect: { json: [expectation] } }, path);
    expect([outcome.reason, outcome.detail]).toEqual([reason, detail]);
  });

  it('the time until the end', async () => {
    pages['/slow'] = (response) => setTimeout(() => response.end(page), 30);
    expect((await run({ expect: { latencyMs: 2000 } }, '/slow')).reason).toBe('ok');
    const outcome = await run({ expect: { latencyMs: 5 } }, '/slow');
    expect(outcome).toMatchObject({ verdict: 'down', reason: 'too-slow' });
    expect(outcome.detail).toMatch(/^expected at most 5 ms, took \d+ ms$/);
  });
});
