import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';
import { ProbeFailure, type AddressGuard } from '../contract.ts';

export interface Endpoint {
  /** An IP address, or `localhost`. */
  host: string;
  port: number;
}

/** True, false, or the loopback endpoints that may be probed: `8080`, `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`. */
export type LoopbackAllowance = boolean | readonly string[];

export interface AddressGuardOptions {
  allowLoopback: LoopbackAllowance;
  /** Troth's own database and queue, their names resolved. */
  refused?: readonly Endpoint[];
}

export interface RenewableGuard extends AddressGuard {
  /** From now on these are Troth's own endpoints, and the former ones no longer. Throws as `createAddressGuard`. */
  refuse(own: readonly Endpoint[]): void;
}

interface Known {
  kind: 'forbidden' | 'loopback' | 'plain';
  /** The address without zone, and the IPv4 addresses wrapped in it. */
  spellings: readonly string[];
}

/** Metadata services outside the link-local ranges: of AWS, GCP and Scaleway; of Azure, Alibaba and Oracle. */
const metadataAddresses = new Set(
  ['fd00:ec2::254', 'fd20:ce::254', 'fd00:42::42', '168.63.129.16', '100.100.100.200', '192.0.0.192'].map((address) =>
    ipaddr.parse(address).toNormalizedString(),
  ),
);
const forbiddenRanges = new Set(['unspecified', 'broadcast', 'multicast', 'linkLocal']);

/**
 * The guard that every connection of a probe passes. Refuses metadata, link-local, multicast and unspecified addresses
 * and Troth's own endpoints always, loopback unless allowed, in whatever form of IPv6 an IPv4 address is wrapped.
 * Throws an Error when an option is not as described.
 */
export function createAddressGuard({ allowLoopback, refused = [] }: AddressGuardOptions): RenewableGuard {
  const allowed = typeof allowLoopback === 'boolean' ? allowLoopback : allowLoopback.map(parseLoopbackEndpoint);
  let own = ownAddresses(refused);
  const mayLoop = (spellings: readonly string[], port: number) =>
    typeof allowed === 'boolean' ? allowed : allowed.some((one) => loopbackMatches(one, spellings, port));
  return {
    check(address, port) {
      const { kind, spellings } = knownOf(address);
      if (kind === 'forbidden')
        throw refusal(address, port, 'metadata, link-local and multicast addresses are never probed');
      if (
        own.size > 0 &&
        (spellings.some((one) => own.has(`${one} ${port}`)) || (kind === 'loopback' && own.has(`loopback ${port}`)))
      ) {
        throw refusal(address, port, "this is Troth's own database or queue");
      }
      if (kind === 'loopback' && !mayLoop(spellings, port)) {
        throw refusal(address, port, 'loopback is not allowed here (TROTH_ALLOW_LOOPBACK)');
      }
    },
    refuse: (endpoints) => void (own = ownAddresses(endpoints)),
  };
}

/**
 * Parses `TROTH_ALLOW_LOOPBACK`: `true`, `false`, or a comma list of ports and `host:port` pairs on loopback.
 * Throws an Error that names the bad entry and what is allowed.
 */
export function parseAllowLoopback(text: string): LoopbackAllowance {
  const value = text.trim().toLowerCase();
  if (value === 'true') return true;
  if (value === 'false' || value === '') return false;
  const entries = value.split(',').map((entry) => entry.trim());
  entries.forEach(parseLoopbackEndpoint);
  return entries;
}

/** `10.0.0.1:80`, `[fd00::1]:80`. */
export const endpointText = (host: string, port: number): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

const refusal = (address: string, port: number, why: string) =>
  new ProbeFailure('address-refused', `${port > 0 ? endpointText(address, port) : address} is refused: ${why}`);

/** What listens at one address of this machine often listens at all of them: there every address leads to it. */
function ownAddresses(endpoints: readonly Endpoint[]): ReadonlySet<string> {
  const machine = new Set(
    Object.values(networkInterfaces()).flatMap((list) => (list ?? []).flatMap(({ address }) => spellingsOf(address))),
  );
  const isHere = (host: string) =>
    isLoopbackHost(host) || spellingsOf(host).some((one) => machine.has(one) || unspecified.has(one));
  return new Set(
    endpoints.flatMap(({ host, port }) => {
      if (host !== 'localhost' && isIP(host) === 0) throw new Error(`"${host}" is not an IP address`);
      const addresses = isHere(host) ? ['loopback', ...machine] : spellingsOf(host);
      return addresses.map((address) => `${address} ${port}`);
    }),
  );
}

/** Connecting to these leads to this machine. */
const unspecified = new Set(['0.0.0.0', '0:0:0:0:0:0:0:0']);

const spellingsOf = (address: string): readonly string[] => knownOf(address).spellings;

/** Host null means any loopback address. */
interface LoopbackEndpoint {
  host: string | null;
  port: number;
}

function parseLoopbackEndpoint(entry: string): LoopbackEndpoint {
  const [, bracketed, plain, digits] = /^(?:(?:\[([^\]]+)\]|([^:[\]]+)):)?(\d{1,5})$/.exec(entry) ?? [];
  const host = bracketed ?? plain ?? null;
  const port = Number(digits);
  if (!(port >= 1 && port <= 65_535) || (host !== null && !isLoopbackHost(host))) {
    throw new Error(
      `TROTH_ALLOW_LOOPBACK: "${entry}" is neither a port (8080) nor a loopback address with a port (127.0.0.1:8080, ` +
        '[::1]:8080, localhost:8080); allowed are true, false, or a comma list of these',
    );
  }
  return { host: host === null || host === 'localhost' ? null : knownOf(host).spellings[0]!, port };
}

/** Port 0 stands for a protocol without ports, such as ICMP. */
const loopbackMatches = (allowed: LoopbackEndpoint, spellings: readonly string[], port: number): boolean =>
  (port === 0 || allowed.port === port) && (allowed.host === null || spellings.includes(allowed.host));

const isLoopbackHost = (host: string): boolean => host === 'localhost' || knownOf(host).kind === 'loopback';

const rememberedAddresses = 10_000;
const remembered = new Map<string, Known>();

function knownOf(address: string): Known {
  let known = remembered.get(address);
  if (known === undefined) {
    if (remembered.size >= rememberedAddresses) remembered.clear();
    remembered.set(address, (known = classify(address)));
  }
  return known;
}

/** What is not an IP address in its usual form is forbidden: some programs read `127.1` or `0x7f.1` as loopback. */
function classify(address: string): Known {
  if (isIP(address) === 0) return { kind: 'forbidden', spellings: [] };
  const outer = ipaddr.parse(address.split('%')[0]!);
  const all = outer instanceof ipaddr.IPv6 ? [outer, ...embeddedIPv4(outer)] : [outer];
  const spellings = all.map((one) => one.toNormalizedString());
  const isForbidden =
    all.some((one) => forbiddenRanges.has(one.range())) || spellings.some((one) => metadataAddresses.has(one));
  if (isForbidden) return { kind: 'forbidden', spellings };
  return { kind: all.some((one) => one.range() === 'loopback') ? 'loopback' : 'plain', spellings };
}

/** The IPv4 addresses that an IPv6 address may be translated or tunnelled to. */
function embeddedIPv4(address: ipaddr.IPv6): ipaddr.IPv4[] {
  const bytes = address.toByteArray();
  const at = (...indexes: number[]) => new ipaddr.IPv4(indexes.map((index) => bytes[index]!));
  const last = at(12, 13, 14, 15);
  switch (address.range()) {
    case 'ipv4Mapped':
    case 'rfc6145':
      return [last];
    case 'rfc6052':
      if (bytes[5] !== 1) return [last];
      // 64:ff9b:1::/48 is for local use: the length of its prefix is not known, so all places of RFC 6052 count.
      return [last, at(6, 7, 9, 10), at(7, 9, 10, 11), at(9, 10, 11, 12)].filter((one) => one.octets[0] !== 0);
    case '6to4':
      return [at(2, 3, 4, 5)];
    case 'teredo':
      return [at(4, 5, 6, 7), new ipaddr.IPv4(bytes.slice(12).map((byte) => byte ^ 0xff))];
    default:
      return isIPv4Compatible(bytes) ? [last] : [];
  }
}

/** `::a.b.c.d`, long deprecated; `::` and `::1` are addresses of their own. */
const isIPv4Compatible = (bytes: number[]): boolean =>
  bytes.slice(0, 12).every((byte) => byte === 0) && bytes.slice(12, 15).some((byte) => byte !== 0);
