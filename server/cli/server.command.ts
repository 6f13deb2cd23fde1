import { AccessService } from '../access/access.service.ts';
import { createServer } from '../main.ts';
import { ConfigError, type Environment } from '../platform/config.ts';
import { localUrl } from '../start/banner.ts';
import { keepHeapSmall } from './small-heap.ts';
import { tellSupervisor, untilToldToStop } from './stop-signal.ts';

/** Serves until told to stop. Under a supervisor it tells that; else it prints the link of the first sign-in. */
export async function runServer(environment: Environment): Promise<void> {
  if (!environment.DATABASE_URL) {
    throw new ConfigError('Bad configuration.\n  DATABASE_URL: missing; only "troth start" brings its own PostgreSQL');
  }
  keepHeapSmall();
  const server = await createServer(environment);
  const path = environment.TROTH_ROLES.includes('api') ? await server.app.get(AccessService).setupLink() : null;
  const setupLink = path && `${(environment.PUBLIC_URL ?? localUrl(server.url)).replace(/\/$/, '')}${path}`;
  tellSupervisor({ type: 'ready', url: server.url, setupLink });
  if (setupLink && !process.connected) console.log(`First sign-in (the link works once): ${setupLink}`);
  await untilToldToStop();
  await server.close();
}
