/** A parent that a test can kill: starts an embedded PostgreSQL on the folder given, prints its URL and waits. */
import { startEmbeddedPostgres } from '../../server/platform/embedded-postgres.ts';
import { createLogger } from '../../server/platform/logger.ts';

const postgres = await startEmbeddedPostgres({ dataFolder: process.argv[2]!, log: createLogger('silent', 'test') });
process.once('SIGTERM', () => void postgres.stop().then(() => process.exit(0)));
process.stdin.resume();
console.log(JSON.stringify({ url: postgres.url, pid: postgres.pid }));
