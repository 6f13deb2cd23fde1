import type { Server } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { ConfigError, type Environment } from './config.ts';

const drainLimitMs = 10_000;
const idleSweepMs = 50;

const reasons: Record<string, (environment: Environment) => string> = {
  EADDRINUSE: ({ HOST, PORT }) => `PORT: ${PORT} is taken on ${HOST}; stop what uses it, or choose another`,
  EACCES: ({ PORT }) => `PORT: ${PORT} may not be used by this account; choose one above 1023`,
  EADDRNOTAVAIL: ({ HOST }) => `HOST: ${HOST} is not an address of this machine`,
  ENOTFOUND: ({ HOST }) => `HOST: ${HOST} is not an address of this machine`,
  EAI_AGAIN: ({ HOST }) => `HOST: ${HOST} is not an address of this machine`,
};

/** Listens on HOST and PORT. @throws ConfigError when that cannot be */
export async function listen(app: INestApplication, environment: Environment): Promise<void> {
  try {
    await app.listen(environment.PORT, environment.HOST);
  } catch (error) {
    throw cannotListen(environment, (error as NodeJS.ErrnoException).code) ?? error;
  }
}

/** What the code of a failed `listen` says of HOST and PORT; null when it is none of their fault. */
export function cannotListen(environment: Environment, code: string | undefined): ConfigError | null {
  const reason = reasons[code ?? ''];
  return reason ? new ConfigError(`Bad configuration.\n  ${reason(environment)}`) : null;
}

/** Lets requests that have begun end, for ten seconds at most, then ends everything. */
export async function stopServing(app: INestApplication): Promise<void> {
  const server = app.getHttpServer() as Server;
  const cut = setTimeout(() => server.closeAllConnections(), drainLimitMs);
  // A connection that was busy when closing began would be kept alive for the client's next request.
  const sweep = setInterval(() => server.closeIdleConnections(), idleSweepMs);
  try {
    await app.close();
  } finally {
    clearTimeout(cut);
    clearInterval(sweep);
  }
}
