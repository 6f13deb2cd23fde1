import { randomInt } from 'node:crypto';
import dns from 'node:dns';
import { RECURSION_DESIRED } from 'dns-packet';
import { isOwnFault, ProbeFailure, type RunContext } from '../contract.ts';
import { endpointText } from '../support/address-guard.ts';
import { withDeadline } from '../support/deadline.ts';
import { allowedOf, resolveHost } from '../support/dial.ts';
import { parseHostAndPort } from '../support/endpoint.ts';
import { probeFailure } from '../support/reason.ts';
import { askOverTcp, askOverUdp, type DnsAnswer } from './dns-exchange.ts';
import type { RecordType } from './dns-records.ts';

export interface Lookup {
  /** The name as it goes into the question. */
  name: string;
  type: RecordType;
  /** `10.0.0.53:5353`; left out, the resolvers of the system are asked. */
  server?: string | undefined;
  transport: 'udp' | 'tcp';
  recursion: boolean;
}

export interface Found {
  answer: DnsAnswer;
  /** The address and port that answered. */
  server: string;
  /** The transport of the answer: `tcp` also where UDP cut it short. */
  transport: 'udp' | 'tcp';
  /** Milliseconds from the first packet to the server that answered. */
  latencyMs: number;
}

const dnsPort = 53;

/** Asks one question. Throws a ProbeFailure: the system's own resolvers not answering is our fault, a named server's is not. */
export const look = (lookup: Lookup, context: RunContext): Promise<Found> =>
  lookup.server === undefined ? askSystem(lookup, context) : askServer(lookup, lookup.server, context);

async function askServer(lookup: Lookup, server: string, context: RunContext): Promise<Found> {
  const { host, port = dnsPort } = parseHostAndPort(server)!;
  const [address] = allowedOf(await resolveHost(host, 'any', context), port, context);
  return ask(lookup, address!, port, context);
}

/** Of the time a run has, what the resolvers of the system share, so that their silence can still be told. */
const shareForSystem = 0.9;

async function askSystem(lookup: Lookup, context: RunContext): Promise<Found> {
  const servers = dns.getServers();
  const endsAt = performance.now() + context.timeoutMs * shareForSystem;
  // The guard is for what users name; the system's resolvers are the operator's choice, and often on loopback.
  const unguarded = { ...context, guard: { check: () => {} } };
  const obstacles: string[] = [];
  for (const [index, server] of servers.entries()) {
    const { host, port = dnsPort } = parseHostAndPort(server) ?? { host: server };
    const shareMs = (endsAt - performance.now()) / (servers.length - index);
    try {
      return await withDeadline(unguarded, shareMs, (limited) => ask(lookup, host, port, limited));
    } catch (error) {
      const failure = probeFailure(error);
      if (isOwnFault(failure.reason)) throw failure;
      obstacles.push(failure.message);
    }
  }
  throw new ProbeFailure('resolver-unavailable', obstacles.join('; ') || 'the system has no resolver');
}

async function ask(
  { name, type, transport, recursion }: Lookup,
  address: string,
  port: number,
  context: RunContext,
): Promise<Found> {
  const query = {
    type: 'query' as const,
    id: randomInt(0x1_00_00),
    flags: recursion ? RECURSION_DESIRED : 0,
    questions: [{ name, type }] as [{ name: string; type: RecordType }],
  };
  const exchange = { query, address, port, context };
  const begun = performance.now();
  const overUdp = transport === 'udp' ? await askOverUdp(exchange) : null;
  const answer = overUdp ?? (await askOverTcp(exchange));
  const latencyMs = performance.now() - begun;
  return { answer, server: endpointText(address, port), transport: overUdp ? 'udp' : 'tcp', latencyMs };
}
