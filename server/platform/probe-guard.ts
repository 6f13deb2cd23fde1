import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { OnModuleDestroy } from '@nestjs/common';
import type { AddressGuard } from '../../probes/contract.ts';
import { createAddressGuard, parseAllowLoopback, type Endpoint } from '../../probes/support/address-guard.ts';
import { ConfigError, type Environment } from './config.ts';

type Settings = Pick<Environment, 'DATABASE_URL' | 'REDIS_URL' | 'TROTH_ALLOW_LOOPBACK'>;
/** The addresses of a name; throws or gives none where it does not resolve. */
type Resolve = (host: string) => Promise<readonly string[]>;

export interface ProbeGuardOptions {
  resolve?: Resolve;
  /** How often the names are resolved again, since they may move. */
  renewEveryMs?: number;
}

const defaultPorts: Record<string, number> = {
  'postgres:': 5432,
  'postgresql:': 5432,
  'redis:': 6379,
  'rediss:': 6379,
};
const resolveByMachine: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);

/**
 * The guard of this installation: never Troth's own database or queue, loopback as configured. Their names are resolved
 * again every half minute, for as long as the process or module lives. @throws ConfigError
 */
export async function probeGuard(
  { DATABASE_URL, REDIS_URL, TROTH_ALLOW_LOOPBACK }: Settings,
  { resolve = resolveByMachine, renewEveryMs = 30_000 }: ProbeGuardOptions = {},
): Promise<AddressGuard & OnModuleDestroy> {
  const allowLoopback = allowanceOf(TROTH_ALLOW_LOOPBACK);
  const named = [DATABASE_URL, REDIS_URL].flatMap((url) => (url === undefined ? [] : endpointsOf(url)));
  const known = new Map<string, readonly string[]>();
  const guard = createAddressGuard({ allowLoopback, refused: await resolveAll(named, known, resolve) });
  const renew = async () => guard.refuse(await resolveAll(named, known, resolve));
  // Every failure to resolve leaves what was known, so that there is nothing to report here.
  const timer = named.length > 0 ? setInterval(() => void renew(), renewEveryMs).unref() : undefined;
  return { check: guard.check, onModuleDestroy: () => clearInterval(timer) };
}

function allowanceOf(text: string) {
  try {
    return parseAllowLoopback(text);
  } catch (error) {
    throw new ConfigError(`Bad configuration.\n  ${(error as Error).message}`, { cause: error });
  }
}

/** Resolves the hosts, and keeps in `known` what they last resolved to: for a name that does not resolve now. */
async function resolveAll(
  named: readonly Endpoint[],
  known: Map<string, readonly string[]>,
  resolve: Resolve,
): Promise<Endpoint[]> {
  const hosts = [...new Set(named.map(({ host }) => host))];
  await Promise.all(
    hosts.map(async (host) => {
      const addresses = isIP(host) > 0 ? [host] : await resolve(host).catch(() => []);
      if (addresses.length > 0) known.set(host, addresses);
    }),
  );
  return named.flatMap(({ host, port }) => (known.get(host) ?? []).map((address) => ({ host: address, port })));
}

/**
 * Every host and port that a URL can mean: of its authority, and of the parameters `host`, `hostaddr` and `port`, which
 * may be lists. The folder of a Unix socket means this machine, and so does no host at all.
 */
function endpointsOf(url: string): Endpoint[] {
  const { hostname, port, protocol, searchParams } = new URL(url);
  const parameter = (name: string) => searchParams.getAll(name).flatMap((value) => value.split(','));
  const given = [decodeURIComponent(hostname), ...parameter('host'), ...parameter('hostaddr')];
  const hosts = given.flatMap((value) => value.split(',')).filter((host) => host !== '');
  const ports = [port, ...parameter('port')].map(Number).filter((one) => one > 0);
  return (hosts.length > 0 ? hosts : ['localhost']).flatMap((host) =>
    (ports.length > 0 ? ports : [defaultPorts[protocol]!]).map((one) => ({ host: hostOf(host), port: one })),
  );
}

const hostOf = (host: string): string => (host.startsWith('/') ? 'localhost' : host.replace(/^\[|\]$/g, ''));
