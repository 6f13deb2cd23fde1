import { lookup } from 'node:dns/promises';
import type { AddressGuard } from '../../probes/contract.ts';
import { createAddressGuard, parseAllowLoopback, type Endpoint } from '../../probes/support/address-guard.ts';
import { ConfigError, type Environment } from './config.ts';

type Settings = Pick<Environment, 'DATABASE_URL' | 'REDIS_URL' | 'TROTH_ALLOW_LOOPBACK'>;

const defaultPorts: Record<string, number> = {
  'postgres:': 5432,
  'postgresql:': 5432,
  'redis:': 6379,
  'rediss:': 6379,
};

/** The guard of this installation: never Troth's own database or queue, loopback as configured. @throws ConfigError */
export async function probeGuard({ DATABASE_URL, REDIS_URL, TROTH_ALLOW_LOOPBACK }: Settings): Promise<AddressGuard> {
  const own = [DATABASE_URL, REDIS_URL].filter((url) => url !== undefined);
  const refused = (await Promise.all(own.map(endpointsOf))).flat();
  try {
    return createAddressGuard({ allowLoopback: parseAllowLoopback(TROTH_ALLOW_LOOPBACK), refused });
  } catch (error) {
    throw new ConfigError(`Bad configuration.\n  ${(error as Error).message}`, { cause: error });
  }
}

/** Every address behind the host of a URL; none for a name that does not resolve, which nothing can connect to either. */
async function endpointsOf(url: string): Promise<Endpoint[]> {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const addresses = await lookup(host, { all: true }).catch(() => []);
  return addresses.map(({ address }) => ({ host: address, port: Number(port) || defaultPorts[protocol]! }));
}
