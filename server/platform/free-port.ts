import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the ports that systems give to outgoing connections: one of those could hold the port when its server comes
 * back, and a client that tries a closed port of its own range can even connect to itself.
 */
const range = { from: 20_000, to: 30_000 };

/** A free TCP port on 127.0.0.1: the one of last time (0 for none) if it can be had, else any that is not in `avoid`. */
export async function freePort(earlier: number, avoid: readonly number[] = []): Promise<number> {
  if (earlier > 0 && (await isFree('127.0.0.1', earlier))) return earlier;
  for (;;) {
    const port = randomInt(range.from, range.to);
    if (!avoid.includes(port) && (await isFree('127.0.0.1', port))) return port;
  }
}

/** Whether a server could listen there now. */
export const isFree = async (host: string, port: number): Promise<boolean> =>
  (await listenFailure(host, port)) === null;

/** The code of the error that a server would meet there now, such as `EADDRINUSE`; null when it could listen. */
export function listenFailure(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? 'unknown'));
    probe.listen(port, host, () => probe.close(() => resolve(null)));
  });
}
