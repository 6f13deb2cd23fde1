import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ProbeFailure, type RunContext } from '../../../probes/contract.ts';
import { createAddressGuard } from '../../../probes/support/address-guard.ts';
import { connectFirst, dial, resolveHost } from '../../../probes/support/dial.ts';
import { listening, type Target } from '../../support/targets/listening.ts';
import { closedPort, hangingTarget, silentPort, tcpTarget } from '../../support/targets/tcp-target.ts';

const targets: Pick<Target, 'close'>[] = [];
const open = async <Opened extends Pick<Target, 'close'>>(target: Promise<Opened>): Promise<Opened> => {
  targets.push(await target);
  return target;
};
afterEach(async () => {
  await Promise.all(targets.splice(0).map((target) => target.close()));
});

const contextOf = (changes: Partial<RunContext> = {}): RunContext => ({
  signal: new AbortController().signal,
  timeoutMs: 5000,
  guard: createAddressGuard({ allowLoopback: true }),
  ...changes,
});
const failureOf = (work: Promise<unknown>): Promise<ProbeFailure> =>
  work.then(
    () => Promise.reject(new Error('expected a failure')),
    (error: unknown) => {
      expect(error).toBeInstanceOf(ProbeFailure);
      return error as ProbeFailure;
    },
  );

describe('dialling', () => {
  it('connects to an IP address without a look-up', async () => {
    const { port } = await open(hangingTarget());
    const { socket, address, timings } = await dial({ host: '127.0.0.1', port, context: contextOf() });
    expect(address).toBe('127.0.0.1');
    expect(socket.remotePort).toBe(port);
    expect(timings.connect).toBeGreaterThan(0);
    expect(timings).not.toHaveProperty('dns');
    socket.destroy();
  });

  it('resolves a name and says which address it took, and how long each phase took', async () => {
    const { port } = await open(hangingTarget());
    const { socket, address, timings } = await dial({ host: 'localhost', port, context: contextOf() });
    expect(address).toBe('127.0.0.1');
    expect(timings.dns).toBeGreaterThan(0);
    expect(timings.connect).toBeGreaterThan(0);
    socket.destroy();
  });

  it('checks an IP address and every address of a name, and opens nothing where one is refused', async () => {
    const target = await open(hangingTarget());
    const context = contextOf({ guard: createAddressGuard({ allowLoopback: false }) });
    for (const host of ['127.0.0.1', 'localhost', '::ffff:127.0.0.1']) {
      const failure = await failureOf(dial({ host, port: target.port, context }));
      expect(failure.reason).toBe('address-refused');
    }
    const metadata = await failureOf(dial({ host: '169.254.169.254', port: 80, context: contextOf() }));
    expect(metadata.reason).toBe('address-refused');
    expect(target.connections()).toBe(0);
  });

  it.each([
    ['a port at which nothing listens', '127.0.0.1', 'connection-refused'],
    ['a name that does not exist', 'something.invalid', 'name-not-found'],
  ])('tells of %s', async (_, host, reason) => {
    const failure = await failureOf(dial({ host, port: await closedPort(), context: contextOf() }));
    expect(failure.reason).toBe(reason);
    expect(failure.message).toContain(host);
  });

  it('looks for addresses of the wanted family alone', async () => {
    expect(await resolveHost('localhost', 4, contextOf())).toEqual(['127.0.0.1']);
    expect((await failureOf(resolveHost('127.0.0.1', 6, contextOf()))).reason).toBe('config-invalid');
    expect(await resolveHost('::1', 6, contextOf())).toEqual(['::1']);
    const { port } = await open(tcpTarget((socket) => socket.end(), '::1'));
    const { socket, address } = await dial({ host: '::1', port, family: 6, context: contextOf() });
    expect(address).toBe('::1');
    socket.destroy();
  });

  it('calls a resolver that stays silent our own fault', async () => {
    const failure = await failureOf(resolveHost('localhost', 'any', contextOf({ signal: AbortSignal.abort() })));
    expect(failure.reason).toBe('resolver-unavailable');
  });

  it('lets go of its socket at once when the run is aborted', async () => {
    const target = await open(hangingTarget());
    const controller = new AbortController();
    const context = contextOf({ signal: controller.signal });
    const { socket } = await dial({ host: '127.0.0.1', port: target.port, context });
    await expect.poll(() => target.openSockets()).toBe(1);
    controller.abort();
    expect(socket.destroyed).toBe(true);
    await expect.poll(() => target.openSockets()).toBe(0);
    const failure = await failureOf(dial({ host: '127.0.0.1', port: target.port, context }));
    expect(failure.reason).toBe('timeout');
  });

  it('says that a connection did not come about in time', async () => {
    const { port } = await open(silentPort());
    const context = contextOf({ signal: AbortSignal.timeout(40), timeoutMs: 40 });
    const failure = await failureOf(dial({ host: '127.0.0.1', port, context }));
    expect(failure.reason).toBe('timeout');
    expect(failure.message).toBe(`no connection to 127.0.0.1:${port} within 40 ms`);
  });
});

describe('of several addresses', () => {
  it('the next is tried at once when one refuses', { retry: 2 }, async () => {
    const { port } = await open(hangingTarget());
    const begun = performance.now();
    const { socket, address } = await connectFirst(['127.0.0.2', '127.0.0.3', '127.0.0.1'], port, contextOf());
    expect(address).toBe('127.0.0.1');
    expect(performance.now() - begun).toBeLessThan(200);
    socket.destroy();
  });

  it('the next is tried beside one that stays silent', async () => {
    const silent = await open(silentPort());
    const server = createServer((socket) => socket.end());
    await open(listening(server, '127.0.0.2', silent.port));
    const begun = performance.now();
    const { socket, address } = await connectFirst(['127.0.0.1', '127.0.0.2'], silent.port, contextOf());
    expect(address).toBe('127.0.0.2');
    expect(performance.now() - begun).toBeGreaterThan(240);
    socket.destroy();
  });

  it('those that are refused are passed over', async () => {
    const { port } = await open(hangingTarget());
    const context = contextOf({ guard: createAddressGuard({ allowLoopback: [`127.0.0.1:${port}`] }) });
    const { socket, address } = await connectFirst(['169.254.169.254', '127.0.0.2', '127.0.0.1'], port, context);
    expect(address).toBe('127.0.0.1');
    socket.destroy();
  });

  it('the preferred one speaks for all that fail', async () => {
    const port = await closedPort();
    const failure = await failureOf(connectFirst(['127.0.0.2', '127.0.0.1'], port, contextOf()));
    expect(failure.reason).toBe('connection-refused');
    expect(failure.message).toBe(`connect ECONNREFUSED 127.0.0.2:${port}; connect ECONNREFUSED 127.0.0.1:${port}`);
  });

  it('all are let go of when the run is aborted', async () => {
    const { port } = await open(silentPort());
    const context = contextOf({ signal: AbortSignal.timeout(300), timeoutMs: 300 });
    const failure = await failureOf(connectFirst(['127.0.0.1', '127.0.0.1'], port, context));
    expect(failure.reason).toBe('timeout');
  });
});
