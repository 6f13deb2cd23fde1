/** A server as a process of its own: configured by the environment, tells its address by IPC. */
import { readEnvironment } from '../../server/platform/config.ts';
import { createServer } from '../../server/main.ts';

const { url, close } = await createServer(readEnvironment());
process.send?.({ url });
process.on('SIGTERM', () => void close().then(() => process.exit(0)));
process.on('disconnect', () => process.exit(1));
