import type { Http2ServerResponse } from 'node:http2';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createAddressGuard } from '../../../probes/support/address-guard.ts';
import { runHttp } from '../../support/http-runs.ts';
import { cleartextHttp2Target, httpTarget } from '../../support/targets/http-target.ts';
import type { Target } from '../../support/targets/listening.ts';
import {
  closedPort,
  closingTarget,
  drippingTarget,
  hangingTarget,
  resettingTarget,
  sayingTarget,
  silentPort,
  tcpTarget,
} from '../../support/targets/tcp-target.ts';

const targets: Pick<Target, 'close'>[] = [];
afterEach(async () => {
  await Promise.all(targets.splice(0).map((target) => target.close()));
});
async function open<Opened extends Pick<Target, 'close'>>(target: Promise<Opened>): Promise<Opened> {
  targets.push(await target);
  return target;
}
const at = ({ port }: { port: number }, path = '/') => `http://127.0.0.1:${port}${path}`;

describe('a target that cannot be reached', () => {
  it.each([
    ['refuses', async () => at({ port: await closedPort() }), 'down', 'connection-refused'],
    ['has no address', async () => 'http://something.invalid/', 'down', 'name-not-found'],
    ['is the metadata service', async () => 'http://169.254.169.254/latest/', 'unknown', 'address-refused'],
    ['is link-local', async () => 'http://[fe80::1]/', 'unknown', 'address-refused'],
  ])('because it %s', async (_, url, verdict, reason) => {
    expect(await runHttp({ url: await url() })).toMatchObject({ verdict, reason, latencyMs: null });
  });

  it.each([
    '127.0.0.1',
    '[::ffff:127.0.0.1]',
    '[::1]',
    'localhost',
    '2130706433',
    '0x7f.1',
    '127.1',
    '[::ffff:7f00:1]',
  ])('because http://%s is loopback, which is not allowed', async (host) => {
    const target = await open(hangingTarget());
    const guard = createAddressGuard({ allowLoopback: false });
    const outcome = await runHttp({ url: `http://${host}:${target.port}/` }, { guard, timeoutMs: 1000 });
    expect(outcome).toMatchObject({ verdict: 'unknown', reason: 'address-refused', latencyMs: null });
    expect(target.connections()).toBe(0);
  });

  it('because it has no address of the wanted family', async () => {
    const { port } = await open(hangingTarget());
    expect((await runHttp({ url: `http://127.0.0.1:${port}/`, family: 6 })).reason).toBe('config-invalid');
  });
});

describe('an answer that breaks off or breaks the protocol', () => {
  const cut = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this';
  it.each([
    ['closes without an answer', closingTarget, 'connection-closed', 'closed before an answer came'],
    ['resets without an answer', resettingTarget, 'connection-reset', 'read ECONNRESET'],
    ['closes within the body', () => sayingTarget(cut), 'connection-closed', 'closed within the answer'],
    ['closes within the headers', () => sayingTarget('HTTP/1.1 200 OK\r\nServer:'), 'connection-closed', ''],
    [
      'ends a chunked body early',
      () => sayingTarget('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel'),
      'connection-closed',
      '',
    ],
    ['is no web server', () => sayingTarget('SSH-2.0-OpenSSH_9.6\r\n'), 'protocol-error', 'not HTTP: Expected HTTP/'],
    ['sends a bad header', () => sayingTarget('HTTP/1.1 200 OK\r\nBad Header\r\n\r\n'), 'protocol-error', 'not HTTP: '],
    [
      'has two lengths',
      () => sayingTarget('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'),
      'protocol-error',
      '',
    ],
    [
      'sends headers without end',
      () => sayingTarget(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`),
      'protocol-error',
      '',
    ],
  ])('because the server %s', async (_, start, reason, detail) => {
    const outcome = await runHttp({ url: at(await open(start())) });
    expect(outcome).toMatchObject({ verdict: 'down', reason, latencyMs: null });
    expect(outcome.detail).toContain(detail);
  });

  it('resets within the body', async () => {
    const target = await open(
      tcpTarget((socket) =>
        socket.once('data', () => socket.write(cut, () => setTimeout(() => socket.resetAndDestroy(), 20))),
      ),
    );
    expect(await runHttp({ url: at(target) })).toMatchObject({
      reason: 'connection-reset',
      facts: { statusCode: 200 },
    });
  });

  it('and one that ends where the connection does is whole', async () => {
    const target = await open(sayingTarget('HTTP/1.0 200 OK\r\n\r\nold but fine'));
    const outcome = await runHttp({ url: at(target), expect: { body: { contains: 'fine' } } });
    expect(outcome).toMatchObject({ verdict: 'up', facts: { httpVersion: '1.0', bytes: 12 } });
  });

  it('and one that comes while the request is still being sent is whole', async () => {
    const target = await open(
      tcpTarget((socket) => {
        socket.pause();
        socket.end('HTTP/1.1 413 Too Large\r\nConnection: close\r\n\r\nno');
      }),
    );
    const large = { url: at(target), method: 'POST', body: 'x'.repeat(1_000_000), expect: { status: [413] } } as const;
    expect(await runHttp(large, { timeoutMs: 2_000 })).toMatchObject({ verdict: 'up', facts: { bytes: 2 } });
  });

  it('over HTTP/2', async () => {
    const resetting = await open(
      cleartextHttp2Target((_, response) => (response as unknown as Http2ServerResponse).stream.close(2)),
    );
    expect(await runHttp({ url: resetting.url, httpVersion: '2' })).toMatchObject({
      verdict: 'down',
      reason: 'protocol-error',
    });
    const closing = await open(closingTarget());
    expect((await runHttp({ url: at(closing), httpVersion: '2' })).reason).toBe('connection-closed');
  });
});

describe('a target that takes too long', () => {
  const beginning = 'HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n';
  const timeoutMs = 60;
  // A busy machine may be late once.
  const timed = { retry: 2 };
  it.each([
    ['does not accept', silentPort, '1.1', /^no connection to 127\.0\.0\.1:\d+ within 60 ms$/],
    ['never answers', hangingTarget, '1.1', /^no answer within 60 ms$/],
    ['drips its headers', () => drippingTarget('HTTP/1.1 200 OK\r\nX-Drip: '), '1.1', /^no answer within 60 ms$/],
    [
      'drips its body',
      () => drippingTarget(beginning),
      '1.1',
      /^status 200 came, but not all of the answer within 60 ms$/,
    ],
    ['never answers HTTP/2', hangingTarget, '2', /^no answer within 60 ms$/],
  ])('because it %s is down when its time is over, and let go of', timed, async (_, start, httpVersion, detail) => {
    const target: Pick<Target, 'port' | 'close'> & Partial<Target> = await open(start());
    const begun = performance.now();
    const outcome = await runHttp({ url: at(target), httpVersion }, { timeoutMs });
    const tookMs = performance.now() - begun;
    expect(outcome).toMatchObject({ verdict: 'down', reason: 'timeout', latencyMs: null });
    expect(outcome.detail).toMatch(detail);
    expect(tookMs).toBeGreaterThanOrEqual(timeoutMs - 1);
    expect(tookMs).toBeLessThan(timeoutMs + 100);
    await expect.poll(() => target.openSockets?.() ?? 0).toBe(0);
  });

  it('says how far it came', async () => {
    const target = await open(drippingTarget(beginning));
    const outcome = await runHttp({ url: at(target) }, { timeoutMs: 60 });
    expect(outcome.facts).toMatchObject({ statusCode: 200, address: '127.0.0.1' });
    expect(outcome.timings).toHaveProperty('connect');
  });

  it('is let go of when the agent stops', async () => {
    const target = await open(hangingTarget());
    const stop = new AbortController();
    const running = runHttp({ url: at(target) }, { stop: stop.signal });
    await expect.poll(() => target.openSockets()).toBe(1);
    stop.abort();
    expect(await running).toMatchObject({ verdict: 'unknown', reason: 'agent-stopped' });
    await expect.poll(() => target.openSockets()).toBe(0);
  });
});

describe('a body without end', () => {
  const megabyte = Buffer.alloc(1_048_576, 'x');
  const endless = (sent: { bytes: number }, start: typeof httpTarget) =>
    start((_, response) => {
      response.writeHead(200);
      const more = () => {
        while (sent.bytes < 1024 * megabyte.length && !response.destroyed) {
          sent.bytes += megabyte.length;
          if (!response.write(megabyte)) return;
        }
        response.end();
      };
      response.on('drain', more);
      response.on('error', () => undefined);
      more();
    });
  const needsText = { expect: { body: { contains: 'never there' } } };

  it.each([
    ['is cut off and judged by its status', httpTarget, {}, 'up', 'ok'],
    ['is too large where its text is needed', httpTarget, needsText, 'down', 'body-too-large'],
    ['is cut off over HTTP/2 as well', cleartextHttp2Target, { httpVersion: '2' }, 'up', 'ok'],
  ])('%s: of 1 GiB little is read and nothing kept', async (_, start, config, verdict, reason) => {
    const sent = { bytes: 0 };
    const target = await open(endless(sent, start));
    const before = process.memoryUsage().arrayBuffers;
    const outcome = await runHttp({ url: target.url, ...config });
    expect(outcome).toMatchObject({ verdict, reason, facts: { statusCode: 200 } });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * megabyte.length);
    expect(outcome.facts!['bytes'] ?? 0).toBeLessThan(2 * megabyte.length);
    await expect.poll(() => target.openSockets()).toBe(0);
    expect(sent.bytes).toBeLessThan(64 * megabyte.length);
  });

  it('hides in little gzip, and is not unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(256 * megabyte.length), { level: 9 });
    expect(bomb.length).toBeLessThan(megabyte.length);
    const target = await open(httpTarget((_, response) => response.setHeader('content-encoding', 'gzip').end(bomb)));
    const before = process.memoryUsage().rss;
    expect((await runHttp({ url: target.url, ...needsText })).reason).toBe('body-too-large');
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * megabyte.length);
  });

  it('begins beyond 1 MiB exactly', async () => {
    const body = Buffer.alloc(1_048_575, 'x').toString();
    for (const [text, reason] of [
      [`${body}y`, 'ok'],
      [`${body}yz`, 'body-too-large'],
    ] as const) {
      for (const encoded of [false, true]) {
        const target = await open(
          httpTarget((_, response) => {
            if (encoded) response.setHeader('content-encoding', 'gzip').end(gzipSync(text));
            else response.end(text);
          }),
        );
        expect((await runHttp({ url: target.url, expect: { body: { contains: 'xy' } } })).reason).toBe(reason);
      }
    }
  });
});
