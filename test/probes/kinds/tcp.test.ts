import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ProbeFailure } from '../../../probes/contract.ts';
import { unescaped } from '../../../probes/kinds/tcp-conversation.ts';
import { tcpProbe } from '../../../probes/kinds/tcp.probe.ts';
import { runProbe } from '../../../probes/run-probe.ts';
import { makeCertificate, type Identity } from '../../support/targets/certificates.ts';
import { startTlsTarget, type TlsTarget } from '../../support/tls-target.ts';

const open = { check: () => {} };
const run = (input: object, timeoutMs = 2_000, guard: { check(): void } = open) =>
  runProbe(tcpProbe, tcpProbe.config.parse({ host: '127.0.0.1', ...input }), { timeoutMs, guard });

let server: Server | undefined;
const sockets = new Set<Socket>();
const heard: string[] = [];
/** A server that greets, then answers what it hears. */
const serve = async (greeting: string | null, answer?: (text: string, socket: Socket) => string | null) => {
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      heard.push(chunk.toString('latin1'));
      const reply = answer?.(chunk.toString(), socket);
      if (reply) socket.write(reply);
    });
    if (greeting) socket.write(greeting);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};
const stop = async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  heard.length = 0;
  if (!server?.listening) return;
  server.close();
  await once(server, 'close');
};
afterEach(stop);

describe('a connection', () => {
  it('is up as soon as it stands', async () => {
    const port = await serve(null);
    const outcome = await run({ port });
    expect(outcome).toEqual({
      verdict: 'up',
      reason: 'ok',
      latencyMs: expect.any(Number),
      timings: { connect: expect.any(Number) },
      facts: { address: '127.0.0.1' },
    });
    expect(outcome.latencyMs).toBeGreaterThanOrEqual(outcome.timings!.connect!);
    expect(outcome.latencyMs).toBeLessThan(500);
  });

  it('is closed again', async () => {
    const port = await serve(null);
    await run({ port });
    await expect.poll(() => [...sockets].map((socket) => socket.readableEnded || socket.destroyed)).toEqual([true]);
  });

  it('is down when nothing listens', async () => {
    const port = await serve(null);
    await stop();
    expect(await run({ port })).toMatchObject({ verdict: 'down', reason: 'connection-refused', latencyMs: null });
  });

  it('is not made where the guard refuses', async () => {
    const port = await serve(null);
    const guard = {
      check: () => {
        throw new ProbeFailure('address-refused', 'not here');
      },
    };
    expect(await run({ port }, 500, guard)).toMatchObject({ verdict: 'unknown', reason: 'address-refused' });
    expect(sockets.size).toBe(0);
  });
});

describe('a conversation', () => {
  const redis = (text: string) =>
    text === 'AUTH pass\r\n' ? '+OK\r\n' : text === 'PING\r\n' ? '+PONG\r\n' : '-ERR\r\n';

  it('sends and expects in turn', async () => {
    const port = await serve(null, redis);
    const outcome = await run({
      port,
      conversation: [
        { sendSecret: 'AUTH pass\\r\\n' },
        { expect: { contains: '+OK\\r\\n' } },
        { send: 'PING\r\n' },
        { expect: { matches: '^\\+PONG' } },
      ],
    });
    expect(outcome).toMatchObject({ verdict: 'up', timings: { transfer: expect.any(Number) } });
    expect(outcome.latencyMs).toBeGreaterThan(outcome.timings!.transfer!);
    expect(heard).toEqual(['AUTH pass\r\n', 'PING\r\n']);
  });

  it('takes what comes before the first text, in pieces', async () => {
    const port = await serve('220-first\r\n');
    server!.on('connection', (socket) => setImmediate(() => socket.write('220 ready\r\n')));
    const outcome = await run({ port, conversation: [{ expect: { contains: '220-first', matches: '(?m)^220 ' } }] });
    expect(outcome.verdict).toBe('up');
  });

  it('counts an answer from the last text that was sent', async () => {
    const port = await serve('+PONG\r\n', () => '-ERR\r\n');
    const steps = [{ expect: { contains: '+PONG' } }, { send: 'x' }, { expect: { contains: '+PONG' } }];
    expect(await run({ port, conversation: steps }, 300)).toMatchObject({
      verdict: 'down',
      reason: 'answer-unexpected',
      detail: 'expected "+PONG", got "-ERR"',
    });
  });

  it('says what came instead, before the timeout and when the server hangs up', async () => {
    const conversation = [{ expect: { contains: '220 ' } }];
    const busy = await serve('421 busy\r\n');
    expect(await run({ port: busy, conversation }, 300)).toMatchObject({
      verdict: 'down',
      reason: 'answer-unexpected',
      detail: 'expected "220 ", got "421 busy"',
    });
    await stop();
    const port = await serve('421 bye\r\n');
    server!.on('connection', (socket) => socket.end());
    expect(await run({ port, conversation })).toMatchObject({
      reason: 'answer-unexpected',
      detail: 'expected "220 ", got "421 bye"; then the server closed the connection',
    });
  });

  it('tells silence from a closed connection', async () => {
    const conversation = [{ expect: { contains: '220 ' } }];
    expect(await run({ port: await serve(null), conversation }, 200)).toMatchObject({
      verdict: 'down',
      reason: 'timeout',
    });
    await stop();
    const port = await serve(null);
    server!.on('connection', (socket) => socket.end());
    expect(await run({ port, conversation })).toMatchObject({ verdict: 'down', reason: 'connection-closed' });
  });

  it('reads no more than it may', async () => {
    const port = await serve('x'.repeat(5_000));
    expect(await run({ port, maxBytes: 1_000, conversation: [{ expect: { contains: 'y' } }] })).toMatchObject({
      verdict: 'down',
      reason: 'answer-unexpected',
      detail: 'more than 1000 bytes came without what is expected',
    });
  });

  it('never shows what is secret', async () => {
    const port = await serve(null, () => '-ERR\r\n');
    const outcome = await run(
      { port, conversation: [{ sendSecret: 'hunter2' }, { expect: { contains: '+OK' } }] },
      1_000,
    );
    expect(outcome.reason).toBe('answer-unexpected');
    expect(JSON.stringify(outcome)).not.toContain('hunter2');
  });
});

describe('TLS from the first byte', () => {
  let identity: Identity;
  let target: TlsTarget;
  beforeAll(async () => {
    identity = await makeCertificate({ name: 'localhost', altNames: ['127.0.0.1'] });
    target = await startTlsTarget({
      cert: identity.certificate,
      key: identity.key,
      answer: (text) => text.toUpperCase(),
    });
    return () => target.stop();
  });
  const conversation = [{ send: 'hello' }, { expect: { contains: 'HELLO' } }];

  it('carries the conversation', async () => {
    const outcome = await run({ port: target.port, tls: { ca: identity.certificate }, conversation });
    expect(outcome).toMatchObject({ verdict: 'up', facts: { protocol: 'TLSv1.3', certificateDaysLeft: 30 } });
    expect(Object.keys(outcome.timings ?? {})).toEqual(['connect', 'tls', 'transfer']);
  });

  it('is down with a certificate that is not trusted, unless told to take any', async () => {
    expect(await run({ port: target.port, tls: {} })).toMatchObject({
      verdict: 'down',
      reason: 'certificate-self-signed',
    });
    expect(await run({ port: target.port, tls: { insecure: true }, conversation })).toMatchObject({ verdict: 'up' });
  });

  it('is told from a demand for a client certificate', async () => {
    const { certificate: cert, key } = identity;
    const strict = await startTlsTarget({ cert, key, requestCert: true, ca: cert });
    const outcome = await run({ port: strict.port, tls: { ca: cert }, conversation });
    await strict.stop();
    expect(outcome).toMatchObject({ verdict: 'down', reason: 'client-certificate-required' });
  });
});

describe('a config', () => {
  it.each([
    { host: 'a' },
    { host: 'a', port: 0 },
    { host: 'a', port: 65_536 },
    { host: 'a b', port: 1 },
    { host: 'a', port: 1, conversation: [{}] },
    { host: 'a', port: 1, conversation: [{ send: 'a', expect: { contains: 'b' } }] },
    { host: 'a', port: 1, conversation: [{ expect: {} }] },
    { host: 'a', port: 1, conversation: [{ expect: { matches: '(' } }] },
    { host: 'a', port: 1, tls: { certificate: 'x' } },
    { host: 'a', port: 1, tls: { startTls: 'xmpp' } },
  ])('is refused: %j', (input) => expect(tcpProbe.config.safeParse(input).success).toBe(false));

  it.each([
    ['db.internal:5432', 'db.internal:5432'],
    ['[::1]:25', '[::1]:25'],
  ])('is read from the target %s', (target, text) => {
    expect(tcpProbe.describe(tcpProbe.config.parse(tcpProbe.fromTarget(target)))).toBe(text);
  });

  it('needs a port', () => expect(tcpProbe.config.safeParse(tcpProbe.fromTarget('db.internal')).success).toBe(false));
});

describe('escapes', () => {
  it.each([
    ['a\\r\\n', 'a\r\n'],
    ['\\t\\0\\x41\\x7f', '\t\0A\x7f'],
    ['\\\\r', '\\r'],
    ['C:\\dir', 'C:\\dir'],
    ['\r\n', '\r\n'],
  ])('of %j give %j', (source, text) => expect(unescaped(source).toString()).toBe(text));

  it('can give any byte', () => expect(unescaped('é\\xff')).toEqual(Buffer.from([0xc3, 0xa9, 0xff])));
});
