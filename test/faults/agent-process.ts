/** An agent as a process of its own: configured by the environment. */
import { Agent } from '../../probes/agent.ts';
import { createAddressGuard } from '../../probes/support/address-guard.ts';
import { readEnvironment } from '../../server/platform/config.ts';
import { createLogger } from '../../server/platform/logger.ts';
import { Keyring } from '../../server/platform/secrets.ts';

const environment = readEnvironment();
const location = environment.TROTH_LOCATION!;
const agent = new Agent({
  location,
  locationKey: new Keyring(environment.TROTH_SECRET_KEY!).location(location),
  store: { redisUrl: environment.REDIS_URL, databaseUrl: environment.DATABASE_URL },
  spoolFolder: `${environment.TROTH_DATA}/spool`,
  guard: createAddressGuard({ allowLoopback: true }),
  log: createLogger(environment.LOG_LEVEL, 'agent'),
  version: 'test',
});
await agent.start();
process.send?.({ started: agent.id });
process.on('SIGTERM', () => void agent.stop().then(() => process.exit(0)));
process.on('disconnect', () => process.exit(1));
