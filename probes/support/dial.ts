import { lookup, promises as dnsPromises, type LookupAddress } from 'node:dns';
import { isIP, Socket } from 'node:net';
import { ProbeFailure, type RunContext } from '../contract.ts';
import { endpointText } from './address-guard.ts';
import { probeFailure } from './reason.ts';

export type Family = 'any' | 4 | 6;

export interface DialTarget {
  /** A name or an IP address, without brackets. */
  host: string;
  port: number;
  family?: Family;
  context: RunContext;
}

export interface Dialled {
  /** Connected. It is destroyed when the run's signal aborts, and never throws for want of an `error` listener. */
  socket: Socket;
  /** The address that was checked and is connected to. */
  address: string;
  /** Milliseconds; `dns` is left out for an IP address. */
  timings: { dns?: number; connect: number };
}

/** How long one address has to itself before the next is tried beside it (RFC 8305). */
const nextAddressAfterMs = 250;

/**
 * Opens a TCP connection to the first address of the host that the guard allows and that answers.
 * Throws a ProbeFailure.
 */
export async function dial({ host, port, family = 'any', context }: DialTarget): Promise<Dialled> {
  const begun = performance.now();
  const addresses = await resolveHost(host, family, context);
  const resolved = performance.now();
  const { socket, address } = await connectFirst(addresses, port, context);
  const connect = performance.now() - resolved;
  const timings = isIP(host) ? { connect } : { dns: resolved - begun, connect };
  return { socket, address, timings };
}

/**
 * All addresses of a host, in the order in which the system prefers them; an IP address is its own. The guard has not
 * seen them yet. Throws a ProbeFailure: a resolver that does not answer is our fault, a name that does not exist is not.
 */
export async function resolveHost(host: string, family: Family, context: RunContext): Promise<string[]> {
  const literal = isIP(host);
  if (literal !== 0) {
    if (family === 'any' || family === literal) return [host];
    throw new ProbeFailure('config-invalid', `${host} is not an IPv${family} address`);
  }
  const found = await new Promise<LookupAddress[]>((resolve, reject) => {
    const giveUp = () =>
      reject(
        new ProbeFailure('resolver-unavailable', `the resolver said nothing about ${host} in ${context.timeoutMs} ms`),
      );
    if (context.signal.aborted) return giveUp();
    context.signal.addEventListener('abort', giveUp, { once: true });
    lookup(host, { all: true, family: family === 'any' ? 0 : family }, (error, addresses) => {
      context.signal.removeEventListener('abort', giveUp);
      if (error) reject(error);
      else resolve(addresses);
    });
  }).catch((error: unknown) => rethrowLookupError(error, host, family, context));
  return [...new Set(found.map((one) => one.address))];
}

async function rethrowLookupError(error: unknown, host: string, family: Family, context: RunContext): Promise<never> {
  if (error instanceof ProbeFailure) throw error;
  const code = (error as NodeJS.ErrnoException).code;
  const kind = family === 'any' ? 'address' : `IPv${family} address`;
  if (code === 'ENOTFOUND') throw new ProbeFailure('name-not-found', `${host} has no ${kind}`);
  if (code !== 'EAI_AGAIN') throw probeFailure(error, `resolving ${host}: `);
  const answer = await resolverAnswer(host, context);
  if (answer === null) throw new ProbeFailure('resolver-unavailable', `the resolver does not answer about ${host}`);
  throw new ProbeFailure('name-failed', `the resolver answers ${answer} for ${host}`);
}

const answeredCodes = new Set(['ESERVFAIL', 'EREFUSED', 'EFORMERR', 'ENOTIMP', 'EBADRESP']);

/** The system reports a failed name and a dead resolver alike: asking once more tells whether anyone answers. */
async function resolverAnswer(host: string, { signal }: RunContext): Promise<string | null> {
  const resolver = new dnsPromises.Resolver({ timeout: 1000, tries: 1 });
  const cancel = () => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  const code = await resolver.resolve4(host).then(
    () => null,
    (error: NodeJS.ErrnoException) => error.code ?? null,
  );
  signal.removeEventListener('abort', cancel);
  return code !== null && answeredCodes.has(code) ? code.slice(1) : null;
}

/** The addresses that the guard lets pass, in their order. Throws the first refusal where it lets none pass. */
export function allowedOf(addresses: readonly string[], port: number, { guard }: RunContext): string[] {
  let refusal: unknown;
  const allowed = addresses.filter((address) => {
    try {
      guard.check(address, port);
      return true;
    } catch (error) {
      refusal ??= error;
      return false;
    }
  });
  if (allowed.length === 0) throw refusal;
  return allowed;
}

interface Attempt {
  socket: Socket;
  address: string;
  /** Rejects with a ProbeFailure. */
  connected: Promise<void>;
}

function connectTo(address: string, port: number, { signal, timeoutMs }: RunContext): Attempt {
  const socket = new Socket();
  const connected = new Promise<void>((resolve, reject) => {
    const cutOff = () => {
      if (socket.destroyed) return;
      const missing = socket.connecting ? `no connection to ${endpointText(address, port)}` : 'no answer';
      socket.destroy(new ProbeFailure('timeout', `${missing} within ${timeoutMs} ms`));
    };
    // Stays for the life of the socket: the abort may destroy it when its user no longer listens.
    socket.on('error', (error) => reject(probeFailure(error)));
    socket.once('connect', () => {
      if (!isSelfConnected(socket, address, port)) return resolve();
      socket.destroy();
      reject(new ProbeFailure('connection-refused', `nothing listens at ${endpointText(address, port)}`));
    });
    socket.connect({ host: address, port });
    if (signal.aborted) cutOff();
    else signal.addEventListener('abort', cutOff, { once: true });
  });
  return { socket, address, connected };
}

const lowestEphemeralPort = 32_768;
/** On this machine a closed ephemeral port can be given to the very socket that dials it. */
const isSelfConnected = (socket: Socket, address: string, port: number): boolean =>
  port >= lowestEphemeralPort && socket.localPort === port && socket.localAddress === address;

/**
 * Opens a TCP connection to the first of the addresses that the guard allows and that connects: each is tried when those
 * before have failed or taken long. Throws a ProbeFailure.
 */
export async function connectFirst(
  resolved: readonly string[],
  port: number,
  context: RunContext,
): Promise<Pick<Dialled, 'socket' | 'address'>> {
  const addresses = allowedOf(resolved, port, context);
  const attempts: Attempt[] = [];
  let winner: Attempt | undefined;
  try {
    while (winner === undefined) {
      const attempt = connectTo(addresses[attempts.length]!, port, context);
      attempts.push(attempt);
      const isLast = attempts.length === addresses.length;
      if (isLast && attempts.length === 1) await attempt.connected.then(() => (winner = attempt));
      else winner = await firstOf(attempts, isLast ? null : nextAddressAfterMs, context);
    }
    return winner;
  } finally {
    for (const attempt of attempts) if (attempt !== winner) attempt.socket.destroy();
  }
}

/** The first of the attempts to connect; undefined when it is time for a further one. Throws when none can follow. */
async function firstOf(
  attempts: Attempt[],
  waitMs: number | null,
  { signal }: RunContext,
): Promise<Attempt | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const first = Promise.any(attempts.map((attempt) => attempt.connected.then(() => attempt)));
  const timeUp = new Promise<undefined>((resolve) => {
    if (waitMs !== null) timer = setTimeout(() => resolve(undefined), waitMs);
  });
  try {
    return await Promise.race([first, timeUp]);
  } catch (error) {
    if (waitMs === null || signal.aborted) throw summary((error as AggregateError).errors);
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/** The first address speaks for all: it is the one that the system prefers. */
function summary(failures: ProbeFailure[]): ProbeFailure {
  return new ProbeFailure(failures[0]!.reason, failures.map((one) => one.message).join('; '));
}
