import { Queues } from '../../probes/queues.ts';
import { ConfigError, type Environment } from '../platform/config.ts';
import { Database } from '../platform/database.ts';
import { createLogger } from '../platform/logger.ts';
import { schema } from '../schema.ts';

/** Brings the tables of Troth and of its queues up to date. @throws ConfigError */
export async function migrate(environment: Environment): Promise<void> {
  const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, LOG_LEVEL } = environment;
  if (!databaseUrl) throw new ConfigError('Bad configuration.\n  DATABASE_URL: missing');
  const log = createLogger(LOG_LEVEL, 'migrate');
  const database = new Database(environment, schema, log);
  const queues = new Queues({ databaseUrl, redisUrl }, (err) => log.warn({ err }, 'the queue had an error'));
  try {
    await database.open();
    await queues.migrate();
  } finally {
    await queues.close();
    await database.close();
  }
  console.log('The database is up to date.');
}
